"""What scores of explanations have to do with people, in words."""

import pandas as pd

from analysis.report.listing import signed
from analysis.report.phrasing.words import SIGNIFICANT, listed, p_in_words, unbroken
from analysis.statistics.measures.explanation_scores import LARGE, NO_BIN, UNKNOWN


def no_scores(explanations: pd.DataFrame) -> str:
    """Why nothing is set against people: no score is of what a condition shows."""
    if explanations.empty:
        return "the export has no scores of explanations"
    names = ", ".join(f"“{name}”" for name in explanations["explainer"].drop_duplicates())
    return f"there are scores of {names}, but no condition shows it to its people"


def scores_in_words(correlations: pd.DataFrame, bound: pd.Series, *, n_tests: int) -> str:
    """What the scores of one condition have to do with its people.

    Args:
        correlations: rows of `score_correlations.correlations`, one at least.
        bound: the condition's row of `reliability.per_condition`.
        n_tests: of all conditions, for which p is adjusted.
    """
    known = correlations[correlations["reason"] == ""]
    name = f"“{bound['condition']}”"
    if known.empty:
        reasons = " or ".join(dict.fromkeys(correlations["reason"]))
        return f"{name}: no correlation within bins can be computed ({reasons})."
    found = known[known["p_adjusted"] < SIGNIFICANT]
    if found.empty or bound["reason"]:
        smallest = p_in_words("adjusted p", float(known["p_adjusted"].min()))
        claim = f"no score is known to go with people (smallest {smallest}, {tests(n_tests)})."
    else:
        claim = closest_in_words(found, n_scores=len(known), n_tests=n_tests)
    return unbroken(f"{name}: {claim} {limit_in_words(bound)}")


def closest_in_words(found: pd.DataFrame, *, n_scores: int, n_tests: int) -> str:
    """Which score goes most closely with people, and whether it agrees with them.

    Args:
        found: rows of `score_correlations.correlations` of one condition whose adjusted p is small.
        n_scores: how many scores of the condition were tested.
        n_tests: of all conditions.
    """
    best = found.iloc[int(found["r_within"].abs().argmax())]
    score = score_name(best)
    if n_scores == 1:
        claim = f"its one score, {score}, goes with people"
    elif len(found) == 1:
        claim = f"of the {n_scores} scores tested {score} alone is known to go with people"
    else:
        those = f"{len(found)} of the" if len(found) < n_scores else "all"
        claim = f"{those} {n_scores} scores tested go with people, {score} most closely"
    return (
        f"{claim}: within bins r = {signed(best['r_within'])} (95 % interval "
        f"{signed(best['r_within_low'])} to {signed(best['r_within_high'])}, "
        f"{p_in_words('adjusted p', best['p_adjusted'])}, {tests(n_tests)}, "
        f"{best['n_stimuli']} stimuli). {agreement_in_words(best)}"
    )


def agreement_in_words(correlation: pd.Series) -> str:
    """Whether a score that goes with people calls good what helps them."""
    metric, good, r = (correlation[name] for name in ("metric", "good", "r_within"))
    if good == UNKNOWN:
        more = "More" if r > 0 else "Fewer"
        return (
            f"{more} of them are right where {metric} is large; which of its values are good is "
            "not known here, so neither is whether that is agreement."
        )
    agrees = (r > 0) == (good == LARGE)
    verdict, more = ("agrees with", "more") if agrees else ("contradicts", "fewer")
    return (
        f"It {verdict} people: where {metric} is {good}, which is good, {more} of them are right."
    )


def limit_in_words(bound: pd.Series) -> str:
    """How high a correlation within bins could be at all, for a row of `reliability`."""
    if bound["reason"]:
        return f"These answers cannot carry a correlation within bins: {bound['reason']}."
    return (
        f"The answers have a reliability of {bound['reliability_within']:.2f} within bins, so that "
        f"no score can be expected to reach more than r = {bound['largest_r_within']:.2f} there."
    )


def bins_in_words(shares: pd.DataFrame) -> str:
    """What is done with stimuli that have no bin; empty where all have one.

    Args:
        shares: as `explanation_scores.right_shares` returns them.
    """
    stimuli = shares.drop_duplicates("stimulus_id")
    n, outside = len(stimuli), int((stimuli["bin"] == NO_BIN).sum())
    if not outside:
        return ""
    if outside == n:
        return "The stimuli have no bins, so that nothing is taken out: both correlations are one."
    return (
        f"{outside} of the {n} stimuli {'lies' if outside == 1 else 'lie'} between the bands and "
        "have no bin; together they are taken as one more."
    )


def unknown_in_words(correlations: pd.DataFrame) -> str:
    """Of which metrics nobody said which values are good; empty where all are known."""
    unknown = correlations.loc[correlations["good"] == UNKNOWN, "metric"].drop_duplicates()
    if unknown.empty:
        return ""
    names = listed([f"“{name}”" for name in unknown])
    return f"Which values of {names} are good is not known here, so signs are left as they are."


def score_name(correlation: pd.Series) -> str:
    """A metric, with its explainer where the condition is not called like that."""
    same = correlation["explainer"] == correlation["condition"]
    metric = str(correlation["metric"])
    return metric if same else f"{metric} of {correlation['explainer']}"


def tests(n: int) -> str:
    """How many tests a p is adjusted for."""
    return f"{n} tests" if n > 1 else "one test"
