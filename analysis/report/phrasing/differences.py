"""What pairs of conditions differ in, in words."""

import math

import pandas as pd

from analysis.report.phrasing.words import SIGNIFICANT, p_in_words, unbroken


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
        f"(U = {comparison['u']:g}, {p_in_words('p', comparison['p'])}, "
        f"{p_in_words('Holm-adjusted p', comparison['p_holm'])})."
    )
    return unbroken(text)


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
    primary, second = (p_in_words("Holm-adjusted p", row["p_holm"]) for row in (comparison, odds))
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
    return unbroken(text)
