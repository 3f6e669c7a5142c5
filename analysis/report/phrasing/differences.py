"""What pairs of conditions differ in, in words, in the style of the APA."""

import math

import pandas as pd

from analysis.export.facts import Analysis, Measure
from analysis.report.listing import signed
from analysis.report.phrasing.words import SIGNIFICANT, p_in_words, unbroken
from analysis.statistics.differences import PEOPLE
from analysis.statistics.measures.compared import MEASURES

TAILS = {
    "two-sided": "two-sided",
    "greater": "one-sided, a above b",
    "less": "one-sided, a below b",
}
LOOKS = ("looks_low", "looks_high")
LEVEL_WITH = 0.05  # a distance that would read 0.0


def difference_in_words(row: pd.Series, measure: Measure, settings: Analysis) -> str:
    """One row of `compared.primary` or `compared.secondary` as a sentence.

    Args:
        row: of a pair.
        measure: that is compared.
        settings: `[analysis]`, for the margin.
    """
    a, b = (f"“{row[name]}”" for name in ("condition_a", "condition_b"))
    if math.isnan(row["difference"]):
        return f"{a} and {b} cannot be compared: one of them has nobody to analyse."
    compared = MEASURES[measure]
    points = row["difference"]
    far = "level with" if abs(points) < LEVEL_WITH else _amount(points, measure)
    means = [
        " ".join(filter(None, [f"M = {signed(row[name], 1)}", compared.unit]))
        for name in ("mean_a", "mean_b")
    ]
    text = (
        f"{compared.title} with {a} ({means[0]}, n = {row['n_a']}) was {far} that with {b} "
        f"({means[1]}, n = {row['n_b']})"
    )
    if math.isnan(row["t"]):
        return unbroken(f"{text}; no error can be given for so few people.")
    return unbroken(f"{text}, {_tested(row)}: {_claim(row, settings)}.")


def comparison_in_words(settings: Analysis, n_pairs: int) -> str:
    """How the primary measure is, or was, compared; it follows on such a word."""
    return (
        "compared between conditions by linear regression of every answer, each person with the "
        "same weight, with errors clustered by participant and by stimulus (Cameron, Gelbach and "
        f"Miller 2011; {TAILS[settings.alternative]}; p adjusted by Holm’s method over {n_pairs} "
        f"{'pair' if n_pairs == 1 else 'pairs'})"
    )


def pairs_in_words(table: pd.DataFrame, measure: Measure, settings: Analysis) -> str:
    """All pairs of `compared.primary` in a sentence: how many differ, and which the most."""
    title, verdicts = MEASURES[measure].title.lower(), table["verdict"]
    found = table[verdicts.isin(["different", "both"])]
    whom = _for_whom(table["holds_for"].iloc[0])
    if found.empty:
        text = f"None of the {len(table)} pairs of conditions is shown to differ in {title} {whom}"
    else:
        row = found.iloc[int(found["difference"].abs().to_numpy().argmax())]
        far = _amount(row["difference"], measure)
        text = (
            f"{len(found)} of {len(table)} pairs of conditions differ in {title} {whom}, most of "
            f"all “{row['condition_a']}”, {far} “{row['condition_b']}” ({_widest(row)}, "
            f"{p_in_words('Holm-adjusted p', row['p_holm'])})"
        )
    if settings.equivalence_points is not None:
        n = int(verdicts.isin(["equivalent", "both"]).sum())
        text += f"; {_are(n)} equivalent within ± {settings.equivalence_points:g} points"
    n = int((verdicts == "inconclusive").sum())
    left = f"; {_are(n)} not conclusive" if n else ""
    return unbroken(f"{text}{left}.")


def scope_in_words(row: pd.Series) -> str:
    """Where a pair differs on these stimuli and may not on others; empty where that is not so."""
    found_here = row["people_p"] < SIGNIFICANT
    found_elsewhere = row["p"] < SIGNIFICANT
    if math.isnan(row["p"]) or not found_here or found_elsewhere:
        return ""
    return unbroken(
        f"Between “{row['condition_a']}” and “{row['condition_b']}” there is a difference on these "
        f"stimuli ({_interval(row, 'people_low', 'people_high')}, "
        f"{p_in_words('Welch’s p', row['people_p'])}), but it may not hold for others "
        f"({_interval(row, 'low', 'high')}, {p_in_words('p', row['p'])})."
    )


def interaction_in_words(row: pd.Series) -> str:
    """One row of `regression.interactions` as a sentence."""
    a, b = (f"“{row[name]}”" for name in ("condition_a", "condition_b"))
    if row["missing_because"]:
        return (
            f"Whether {a} and {b} differ otherwise where the AI is right cannot be said: "
            f"{row['missing_because']}."
        )
    apart = "differs" if row["p_holm"] < SIGNIFICANT else "is not shown to differ"
    return unbroken(
        f"Between {a} and {b} the odds of a right decision are {row['ai_right_ratio']:.2f} to 1 "
        f"where the AI is right (95 % CI [{row['ai_right_low']:.2f}, {row['ai_right_high']:.2f}]) "
        f"and {row['ai_wrong_ratio']:.2f} to 1 where it is wrong (95 % CI "
        f"[{row['ai_wrong_low']:.2f}, {row['ai_wrong_high']:.2f}]): the effect {apart} between the "
        f"two (ratio of the odds ratios {row['ratio']:.2f}, 95 % CI "
        f"[{row['low']:.2f}, {row['high']:.2f}], "
        f"{p_in_words('Holm-adjusted p', row['p_holm'])})."
    )


def margin_in_words(settings: Analysis) -> str:
    """The margin of equivalence and its reason; empty where the study has none."""
    if settings.equivalence_points is None:
        return ""
    return unbroken(
        f"Differences within ± {settings.equivalence_points:g} points do not matter here: "
        f"{settings.equivalence_because.rstrip('.')}."
    )


def _tested(row: pd.Series) -> str:
    p = row["people_p"] if row["holds_for"] == PEOPLE else row["p"]
    over_looks = f"{p_in_words('p over looks', row['p_looks'])}, " if "p_looks" in row else ""
    return (
        f"{_widest(row)}, t({row['df']:.0f}) = {signed(row['t'])}, {p_in_words('p', p)}, "
        f"{over_looks}{p_in_words('Holm-adjusted p', row['p_holm'])}"
    )


def _widest(row: pd.Series) -> str:
    ends = ("people_low", "people_high") if row["holds_for"] == PEOPLE else ("low", "high")
    over_looks = f"; {_interval(row, *LOOKS)} over looks" if LOOKS[0] in row else ""
    return f"{_interval(row, *ends)}{over_looks}"


def _claim(row: pd.Series, settings: Analysis) -> str:
    whom = _for_whom(row["holds_for"])
    match row["verdict"]:
        case "different":
            return f"a difference {whom}"
        case "both":
            return f"a difference {whom}, but {_narrow(row, settings)}"
        case "equivalent":
            return f"no difference that matters {whom}: {_narrow(row, settings)}"
    return f"no difference is shown {whom}{_not_absent(row, settings)}"


def _for_whom(claim: str) -> str:
    if claim == PEOPLE:
        return "for other people who judge these stimuli"
    return "for other people and other stimuli of the sort"


def _narrow(row: pd.Series, settings: Analysis) -> str:
    return (
        f"within ± {settings.equivalence_points:g} points "
        f"({_interval(row, 'narrow_low', 'narrow_high', level=90)}, two one-sided tests, "
        f"{p_in_words('Holm-adjusted p', row['p_equivalent_holm'])})"
    )


def _not_absent(row: pd.Series, settings: Analysis) -> str:
    if settings.equivalence_points is None or math.isnan(row["p_equivalent"]):
        return ", which does not show that there is none"
    return f", nor that it is {_narrow(row, settings)}"


def _interval(row: pd.Series, low: str, high: str, *, level: int = 95) -> str:
    return f"{level} % CI [{signed(row[low], 1)}, {signed(row[high], 1)}]"


def _are(n: int) -> str:
    return f"{n or 'none'} {'are' if n > 1 else 'is'}"


def _amount(points: float, measure: Measure) -> str:
    amount = " ".join(filter(None, [f"{abs(points):.1f}", MEASURES[measure].of_difference]))
    return f"{amount} {'above' if points > 0 else 'below'}"
