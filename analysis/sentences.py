"""Results in words, for the page and for the text of a paper."""

import math

import pandas as pd

from analysis.listing import p_text

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
