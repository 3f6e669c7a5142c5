"""What scores of explanations have to do with people, in words."""

import pandas as pd

from analysis.report.listing import signed
from analysis.report.phrasing.words import unbroken


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
    return unbroken(text)
