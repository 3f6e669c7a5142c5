"""Results in words, for the page and for the text of a paper."""

import math

import pandas as pd

from analysis.listing import p_text, signed

UNBROKEN = "\N{NO-BREAK SPACE}"


def comparison_in_words(comparison: pd.Series) -> str:
    """One row of `comparisons.mann_whitney` as sentences."""
    a, b = (f"“{comparison[name]}”" for name in ("condition_a", "condition_b"))
    if math.isnan(comparison["u"]):
        return f"{a} and {b} cannot be compared: one of them has nobody to analyse."
    text = (
        f"Participants with {a} (n = {comparison['n_a']}) were on average "
        f"{_distance(comparison['difference_points'])} those with {b} "
        f"(n = {comparison['n_b']}). Someone drawn at random from {a} is ahead of someone drawn "
        f"from {b} with a chance of {100 * comparison['cles']:.0f} %, ties counted half "
        f"(U = {comparison['u']:g}, {_p('p', comparison['p'])}, "
        f"{_p('Holm-adjusted p', comparison['p_holm'])})."
    )
    return _unbroken(text)


def unequal_pass_rates(test: pd.Series) -> str:
    """One row of `pass_rates.fisher` as a warning."""
    return _unbroken(
        f"“{test['condition_a']}” and “{test['condition_b']}” let different shares of people pass "
        f"the gate ({_p('Fisher’s exact p', test['p'])}). Those who are left may differ in more "
        "than the condition: read their comparison with care."
    )


def scores_in_words(correlations: pd.DataFrame, bound: pd.Series) -> str:
    """What the scores of one condition have to do with its people.

    Args:
        correlations: rows of `scores.correlations`, one at least.
        bound: the condition's row of `reliability.per_condition`.
    """
    known = correlations[correlations["reason"] == ""]
    if known.empty:
        reasons = " or ".join(dict.fromkeys(correlations["reason"]))
        return f"“{bound['condition']}”: no correlation can be computed ({reasons})."
    best = known.iloc[int(known["r"].abs().argmax())]
    several = len(known) > 1
    strength = "goes most closely with what people decide" if several else "is its one score"
    own = best["explainer"] == bound["condition"]
    score = best["metric"] if own else f"{best['metric']} of {best['explainer']}"
    text = (
        f"“{bound['condition']}”: {score} {strength}, "
        f"r = {signed(best['r'])} (95 % interval {signed(best['r_low'])} to "
        f"{signed(best['r_high'])}, {best['n_stimuli']} stimuli). "
        f"{_excluding(known)} {_bound(bound)}"
    )
    return _unbroken(text)


def _excluding(known: pd.DataFrame) -> str:
    n, excluding = len(known), int(((known["r_low"] > 0) | (known["r_high"] < 0)).sum())
    if n == 1:
        return f"This interval {'excludes' if excluding else 'does not exclude'} 0."
    if not excluding:
        return f"None of the {n} intervals excludes 0."
    return f"{excluding} of the {n} intervals {'excludes' if excluding == 1 else 'exclude'} 0."


def _bound(bound: pd.Series) -> str:
    if bound["reason"]:
        return f"These answers cannot carry a correlation with any score: {bound['reason']}."
    return (
        f"The answers have a reliability of {bound['reliability']:.2f}, so that no score can be "
        f"expected to reach more than r = {bound['largest_r']:.2f}."
    )


def _distance(points: float) -> str:
    if abs(points) < 0.05:  # would read 0.0
        return "level with"
    return f"{abs(points):.1f} points {'above' if points > 0 else 'below'}"


def _p(name: str, p: float) -> str:
    text = p_text(p)
    return f"{name} {text}" if text.startswith("<") else f"{name} = {text}"


def _unbroken(text: str) -> str:
    for sign in (" = ", " < ", " %"):
        text = text.replace(sign, sign.replace(" ", UNBROKEN))
    return text
