"""Results in words, for the page and for the text of a paper."""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.export.facts import ExportFacts
from analysis.export.matching import MATCHED_CONFIDENCE
from analysis.report.listing import p_text, signed
from analysis.statistics.pairs import pairs_of

SIGNIFICANT = 0.05  # adjusted p below which a test is said to find a difference
ENOUGH_IN_VIEW = 95.0  # per cent of the trials, below which the page warns
UNBROKEN = "\N{NO-BREAK SPACE}"


def comparison_in_words(comparison: pd.Series) -> str:
    """One row of `comparisons.mann_whitney` as sentences."""
    a, b = (f"“{comparison[name]}”" for name in ("condition_a", "condition_b"))
    if math.isnan(comparison["u"]):
        return f"{a} and {b} cannot be compared: one of them has nobody to analyse."
    points = comparison["difference_points"]
    distance = f"{abs(points):.1f} points {'above' if points > 0 else 'below'}"
    if abs(points) < 0.05:  # would read 0.0
        distance = "level with"
    text = (
        f"Participants with {a} (n = {comparison['n_a']}) were on average {distance} those with "
        f"{b} (n = {comparison['n_b']}). Someone drawn at random from {a} is ahead of someone "
        f"drawn from {b} with a chance of {100 * comparison['cles']:.0f} % (95 % interval "
        f"{100 * comparison['cles_low']:.0f} to {100 * comparison['cles_high']:.0f} %), "
        "ties counted half "
        f"(U = {comparison['u']:g}, {_p('p', comparison['p'])}, "
        f"{_p('Holm-adjusted p', comparison['p_holm'])})."
    )
    return _unbroken(text)


def missing_odds_in_words(odds: pd.Series) -> str:
    """Why a row of `regression.odds_ratios` is not complete."""
    a, b = (f"“{odds[name]}”" for name in ("condition_a", "condition_b"))
    return f"The regression cannot test {a} against {b}: {odds['missing_because']}."


def disagreement_in_words(comparison: pd.Series, odds: pd.Series) -> str:
    """Where the primary test and the regression of a pair disagree; empty where they do not.

    Args:
        comparison: a row of `comparisons.mann_whitney`.
        odds: the row of `regression.odds_ratios` of the same pair.
    """
    if math.isnan(comparison["p_holm"]) or math.isnan(odds["p_holm"]):
        return ""
    significant = comparison["p_holm"] < SIGNIFICANT, odds["p_holm"] < SIGNIFICANT
    pair = f"“{comparison['condition_a']}” and “{comparison['condition_b']}”"
    primary, second = (_p("Holm-adjusted p", row["p_holm"]) for row in (comparison, odds))
    if significant == (True, False):
        text = (
            f"Between {pair} the primary test finds a difference ({primary}) and the regression "
            f"does not ({second}): it may not hold for other stimuli."
        )
    elif significant == (False, True):
        text = (
            f"Between {pair} the regression finds a difference ({second}) and the primary test "
            f"does not ({primary}): the primary test was fixed before data were seen, so the "
            "difference remains a conjecture."
        )
    elif (comparison["cles"] - 0.5) * math.log(odds["odds_ratio"]) < 0:
        text = (
            f"For {pair} the primary test and the regression point in opposite directions "
            f"(P(a > b) = {comparison['cles']:.2f}, odds ratio = {odds['odds_ratio']:.2f}), "
            f"{'both' if all(significant) else 'neither'} with an adjusted p below {SIGNIFICANT}."
        )
    else:
        return ""
    return _unbroken(text)


def unequal_pass_rates(test: pd.Series) -> str:
    """One row of `pass_rates.fisher` as a warning."""
    return _unbroken(
        f"“{test['condition_a']}” and “{test['condition_b']}” let different shares of people pass "
        f"the gate ({_p('Fisher’s exact p', test['p'])}). Those who are left may differ in more "
        "than the condition: read their comparison with care."
    )


def few_people(summary: pd.DataFrame, *, enough: int) -> str:
    """Rows of `accuracy.per_condition` with fewer people than is enough, as one warning."""
    names = [f"“{row['condition']}” (n = {row['n_participants']})" for _, row in summary.iterrows()]
    return _unbroken(
        f"Fewer than {enough} people are analysed with {listed(names)}. With so few, intervals "
        "are wide, and a test can miss a difference that is there."
    )


def few_viewers(viewers: pd.DataFrame) -> str:
    """Rows of `coverage.per_condition` in which pairs lack people, as one warning."""
    few = [
        f"{row['n_pairs'] - row['n_enough']:,} of {row['n_pairs']:,} with “{row['condition']}”"
        for _, row in viewers.iterrows()
    ]
    return (
        f"Some stimuli were judged by fewer than two people: {listed(few)}. A result for one of "
        "these images rests on a single person or on nobody."
    )


def unequal_mix(points: float, more: str, less: str) -> str:
    """What `stimulus_mix.largest_difference` returns, as a warning."""
    return _unbroken(
        f"Conditions did not show the same mix of stimuli: some sort makes up {points:.1f} points "
        f"more of the trials with “{more}” than of those with “{less}”. Part of a difference in "
        "per-user accuracy may be that mix; accuracy by bin, and the six bins with natural "
        "weights, compare like with like."
    )


def unequal_evidence(evidence: pd.DataFrame, p: float) -> str:
    """Where people did not see all the evidence, or not equally often, as a warning; else empty.

    Args:
        evidence: as `evidence_seen.per_condition` returns it.
        p: as `evidence_seen.difference` returns it.
    """
    shares = [
        f"{row['whole_percent']:.1f} % with “{row['condition']}”"
        for _, row in evidence[evidence["n_trials"] > 0].iterrows()
    ]
    if p < SIGNIFICANT:
        return _unbroken(
            "Conditions differ in what was in view: everything was in view entirely in "
            f"{listed(shares)} of the trials ({_p('Kruskal–Wallis p', p)}). Part of a difference "
            "between them may be that, and not the explanation."
        )
    if (evidence["whole_percent"] < ENOUGH_IN_VIEW).any():
        return _unbroken(
            f"Not everything was in view before each decision: entirely so in {listed(shares)} of "
            "the trials. An explanation that was not seen can help nobody; `[trial] unlock` in the "
            "study file opens the answer only when all was."
        )
    return ""


def knowledge_in_words(known: float, unknown: float) -> str:
    """Mean accuracies over conditions with a yes and with a no to “seen before?”, in per cent."""
    text = (
        f"Averaged over conditions, people were right in {known:.1f} % of the trials in which they "
        f"said yes, and in {unknown:.1f} % of those in which they said no"
    )
    points = known - unknown
    if abs(points) < 0.05:  # would read 0.0
        return _unbroken(f"{text}: no difference.")
    return _unbroken(
        f"{text}: {abs(points):.1f} points {'more' if points > 0 else 'less'} with a yes."
    )


def listed(names: Sequence[str]) -> str:
    """Names with commas, and an “and” before the last."""
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]])


def different_ais(facts: ExportFacts) -> str:
    """A warning where conditions judged several AIs that kept their own answers; else empty."""
    if len(facts.classifiers) == 1 or facts.pairing == "matched":
        return ""
    return (
        f"Conditions judged different AIs ({listed(facts.classifiers)}), whose answers to a "
        "stimulus may be right for one and wrong for the other: a difference between their people "
        "is one of AI and explanation together."
    )


def matched_ais(facts: ExportFacts) -> str:
    """That several AIs gave the same answers, as `matching` has checked; else empty."""
    if len(facts.classifiers) == 1 or facts.pairing == "system":
        return ""
    return (
        f"The AIs {listed(facts.classifiers)} gave the same answer to every picture that was "
        f"shown, in the same bin, with confidences that differ by {MATCHED_CONFIDENCE:g} at most."
    )


def refused_in_words(facts: ExportFacts) -> str:
    """Which pairs are not tested, why, and what to do; empty where all are."""
    refused = pairs_of(facts).refused
    if not refused:
        return ""
    ais = list(dict.fromkeys(facts.classifier_of[name] for pair in refused for name in pair))
    return (
        f"Not tested {'was' if len(refused) == 1 else 'were'} "
        f"{listed([f'“{a}” against “{b}”' for a, b in refused])}: their people judged different "
        f"AIs ({listed(ais)}), each with its own answers and bins, so that a difference "
        'would be one of AI and explanation together; a study with pairing = "matched" in [bins] '
        "shows only pictures of which all AIs say the same, and can test them."
    )


def no_scores(explanations: pd.DataFrame) -> str:
    """Why nothing is set against people: no score is of what a condition shows."""
    if explanations.empty:
        return "the export has no scores of explanations"
    names = ", ".join(f"“{name}”" for name in explanations["explainer"].drop_duplicates())
    return f"there are scores of {names}, but no condition shows it to its people"


def scores_in_words(correlations: pd.DataFrame, bound: pd.Series) -> str:
    """What the scores of one condition have to do with its people.

    Args:
        correlations: rows of `explanation_scores.correlations`, one at least.
        bound: the condition's row of `reliability.per_condition`.
    """
    known = correlations[correlations["reason"] == ""]
    if known.empty:
        reasons = " or ".join(dict.fromkeys(correlations["reason"]))
        return f"“{bound['condition']}”: no correlation can be computed ({reasons})."
    best = known.iloc[int(known["r"].abs().argmax())]
    n, n_excluding = len(known), int(((known["r_low"] > 0) | (known["r_high"] < 0)).sum())
    if n == 1:
        strength = "is its one score"
        zero = f"This interval {'excludes' if n_excluding else 'does not exclude'} 0."
    else:
        strength = "goes most closely with what people decide"
        verb = "exclude" if n_excluding > 1 else "excludes"
        zero = f"{n_excluding or 'None'} of the {n} intervals {verb} 0."
    if bound["reason"]:
        limit = f"These answers cannot carry a correlation with any score: {bound['reason']}."
    else:
        limit = (
            f"The answers have a reliability of {bound['reliability']:.2f}, so that no score can "
            f"be expected to reach more than r = {bound['largest_r']:.2f}."
        )
    same = best["explainer"] == bound["condition"]
    score = best["metric"] if same else f"{best['metric']} of {best['explainer']}"
    text = (
        f"“{bound['condition']}”: {score} {strength}, "
        f"r = {signed(best['r'])} (95 % interval {signed(best['r_low'])} to "
        f"{signed(best['r_high'])}, {best['n_stimuli']} stimuli). "
        f"{zero} {limit}"
    )
    return _unbroken(text)


def _p(name: str, p: float) -> str:
    text = p_text(p)
    return f"{name} {text}" if text.startswith("<") else f"{name} = {text}"


def _unbroken(text: str) -> str:
    for sign in (" = ", " < ", " %"):
        text = text.replace(sign, sign.replace(" ", UNBROKEN))
    return text
