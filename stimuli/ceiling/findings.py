"""What the ceilings say, in sentences."""

import math
from collections.abc import Iterator

import pandas as pd
from scipy import stats

from stimuli.ceiling.areas import LEVEL
from stimuli.ceiling.ceilings import AUC, DIFFERENCE, PERMUTED, Ceilings
from stimuli.ceiling.population import NATURAL, SHOWN
from stimuli.ceiling.readers import MEAN
from stimuli.ceiling.shown import ALL, CONFIDENCE, PANELS

CHANCE = 0.5
LEAK_LEVEL = 0.05  # of a condition, all ways of permuting together
HOW_FAR = {SHOWN: "as shown", NATURAL: "under natural weights"}
TINY = 1e-9
WITHIN = (
    "What is shown gives the {0} away in {{}}: so large an AUC do readers reach with the truth "
    "permuted within each {0}, from how often the AI is right there. Look at one {0} at a time"
)
LEAKED = {
    PERMUTED: "Readers learn from permuted truth, a fault of the procedure, in {}",
    "permuted_within_bins_auc": WITHIN.format("bin"),
    "permuted_within_kinds_auc": WITHIN.format("kind"),
}
VERDICTS = {
    "more": "they can",
    "less": "they can tell less",
    "same": "they tell the same",
    "open": "these stimuli do not say",
}
ADDED = {
    "more": "Readers of a condition tell more than of the same answers without its panels",
    "less": "Readers of a condition tell less than of the same answers without its panels, which "
    "hide among more numbers what those tell",
    "same": "Readers of a condition tell the same as of the same answers without its panels",
    "open": "Whether panels add anything to the same answers, these stimuli do not say",
}
WHAT = {CONFIDENCE: "the confidence alone", PANELS: "the panels alone", ALL: "all that is shown"}


def whole(found: Ceilings, measure: str, reader: str = MEAN) -> pd.DataFrame:
    """Rows of a measure and reader, all kinds and bins together."""
    rows = found.rows
    is_whole = (rows["kind"] == "all") & (rows["bin"] == "all")
    return rows[is_whole & (rows["measure"] == measure) & (rows["reader"] == reader)]


def differences(found: Ceilings, *, of_panels: bool) -> pd.DataFrame:
    """Differences of areas: of the same panels of two classifiers, or of all with and without."""
    rows = whole(found, DIFFERENCE)
    return rows[(rows["shows"] == PANELS) == of_panels]


def on_two_classifiers(found: Ceilings) -> list[str]:
    """Whether the panels of one classifier can tell more than the same panels of another."""
    sentences = []
    rows = differences(found, of_panels=True)
    for (a, b), both in rows.groupby(["condition", "less"], sort=False):
        told = [
            f"{HOW_FAR[row['population']]} {VERDICTS[verdict(row)]} (difference of AUC "
            f"{in_prose(row, '+.2f')})"
            for _, row in both.iterrows()
        ]
        sentences.append(
            f"Can the panels of {a} tell more than those of {b}? {begun('; '.join(told))}."
        )
    return sentences


def on_panels(found: Ceilings) -> list[str]:
    """Whether a condition can tell more than one with the same answers and no panels."""
    sentences = []
    rows = differences(found, of_panels=False)
    rows = rows[rows["population"] == SHOWN]
    for word, of in rows.groupby(rows.apply(verdict, axis=1), sort=False) if len(rows) else ():
        told = "; ".join(
            f"{row['condition']} against {row['less']} ({in_prose(row, '+.2f')})"
            for _, row in of.iterrows()
        )
        sentences.append(f"{ADDED[str(word)]}: {told} (differences of AUC as shown).")
    return sentences


def verdict(row: pd.Series) -> str:
    """Of a difference: "more" or "less" where its interval is on one side of 0, else "open".

    "same" where every stimulus is guessed alike, as with panels that know no classifier.
    """
    if row["low"] == row["high"]:
        return "same"
    if row["low"] > 0:
        return "more"
    return "less" if row["high"] < 0 else "open"


def in_prose(row: pd.Series, form: str = ".2f") -> str:
    """The value and its interval without brackets, which may stand around it."""
    value, low, high = (number(row[name], form) for name in ("value", "low", "high"))
    return f"{value}, {low} to {high}"


def signed(row: pd.Series) -> str:
    """A difference with its interval, for a table."""
    value, low, high = (number(row[name], "+.2f") for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def number(value: float, form: str) -> str:
    """With a minus sign that is none of rounding."""
    return format(round(value, 2) + 0.0, form).replace("-", "−")


def on_confidence(found: Ceilings) -> list[str]:
    """What the number alone gives, by each condition whose classifier has not been told of."""
    sentences = []
    areas = whole(found, AUC)
    areas = areas[areas["shows"] == CONFIDENCE].dropna(subset=["value"])
    for population, rows in areas.groupby("population", sort=False):
        conditions: dict[str, list[str]] = {}
        for _, row in rows.iterrows():
            numbers = interval(row["value"], row["low"], row["high"])
            conditions.setdefault(numbers, []).append(row["condition"])
        told = [f"{numbers} in {', '.join(names)}" for numbers, names in conditions.items()]
        sentences.append(
            f"{begun(HOW_FAR[str(population)])}, the confidence alone tells right from wrong "
            f"answers with an AUC of {'; '.join(told)}."
        )
    return sentences


def on_learning(found: Ceilings) -> list[str]:
    """From which conditions readers learnt something, and from which nothing was found."""
    areas = whole(found, AUC)
    shown = areas[areas["population"] == SHOWN]
    sentences = []
    for shows in (ALL, PANELS):
        of = shown[shown["shows"] == shows]
        what, too_few = WHAT[shows], of.loc[of["value"].isna(), "condition"]
        for begins, rows in {
            f"Readers of {what} tell right from wrong answers in": of[of["low"] > CHANCE],
            f"That anything can be learnt from {what}, these stimuli do not show in": of[
                of["low"] <= CHANCE
            ],
        }.items():
            told = [f"{row['condition']} (AUC {in_prose(row)})" for _, row in rows.iterrows()]
            sentences += [f"{begins} {'; '.join(told)}."] if told else []
        if len(too_few):
            sentences.append(
                f"There are too few stimuli to learn from {what} in {', '.join(too_few)}."
            )
    return sentences


def leaks(found: Ceilings) -> Iterator[str]:
    """A warning for each way of permuting the truth with which readers still learn something."""
    names = [n for n in found.rows["measure"].unique() if str(n).startswith("permuted")]
    rows = found.rows[found.rows["measure"].isin(names)].dropna(subset=["low"])
    df = found.permutations - 1
    errors = (rows["high"] - rows["value"]) / stats.t.ppf(0.5 + LEVEL / 2, df)
    p = stats.t.sf((rows["value"] - CHANCE) / errors.clip(lower=TINY), df)
    for measure, caught in rows[p < LEAK_LEVEL / max(len(names), 1)].groupby("measure", sort=False):
        told = "; ".join(f"{row['condition']} ({in_prose(row)})" for _, row in caught.iterrows())
        yield LEAKED[str(measure)].format(told)


def begun(sentence: str) -> str:
    """With a capital letter."""
    return sentence[:1].upper() + sentence[1:]


def interval(value: float, low: float, high: float) -> str:
    """A number between 0 and 1 with its interval, or that there are too few stimuli for one."""
    if math.isnan(value):
        return "too few"
    return f"{value:.2f}" if math.isnan(low) else f"{value:.2f} ({low:.2f} to {high:.2f})"
