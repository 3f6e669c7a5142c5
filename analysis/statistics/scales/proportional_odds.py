"""Do conditions differ in an ordinal answer? The proportional odds model (McCullagh 1980).

One number compares two conditions: the odds of an answer above any given option with a, over those
with b, taken to be the same for every option. With two options it is logistic regression. The
score of a scale is ordinal too: its steps are the sums that somebody has (Liu et al. 2017).
"""

import math
import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.statistics.comparisons import holm
from analysis.statistics.differences import welch
from analysis.statistics.estimate import Estimate
from analysis.statistics.scales.coded_answers import Scale, scale_scores
from analysis.statistics.shares import MIN_PEOPLE

Scores = NDArray[np.float64]


COLUMNS = (
    *("scale", "condition_a", "condition_b", "n_a", "n_b"),
    *("difference", "difference_low", "difference_high"),
    *("odds_ratio", "odds_low", "odds_high", "p", "p_holm", "reason"),
)


class Logistic:
    """What `OrderedModel` asks of a distribution; `stats.logistic` takes nine times as long."""

    name = "logistic"
    cdf = staticmethod(special.expit)
    ppf = staticmethod(special.logit)


def per_pair(
    answers: Mapping[Scale, pd.DataFrame], pairs: Sequence[tuple[str, str]]
) -> pd.DataFrame:
    """Compare conditions by each scale that was asked after the trials.

    Args:
        answers: `coded_answers.item_scores` of each scale.
        pairs: a and b. All pairs of all scales are the family of Holm's adjustment.

    Returns:
        scale, condition_a, condition_b, n_a, n_b, difference (of the means, a - b, in options),
        difference_low, difference_high (`differences.welch`), odds_ratio (above 1: higher answers
        with a), odds_low, odds_high, p (two-sided, of the odds ratio), p_holm and reason (why the
        last five are missing, or empty).
    """
    rows = []
    for scale, items in answers.items():
        scores = scale_scores(items)
        for a, b in pairs if scale.is_outcome else ():
            first, second = (scores.loc[scores["condition"] == name, "score"] for name in (a, b))
            rows.append((scale.name, a, b, *compared(first, second)))
    table = pd.DataFrame(rows, columns=[c for c in COLUMNS if c != "p_holm"])
    table["p_holm"] = holm(table["p"])
    return table[list(COLUMNS)]


def compared(first: pd.Series, second: pd.Series) -> tuple[object, ...]:
    """n_a to p, and reason, of `per_pair` for the scores of two conditions."""
    difference = welch(first, second)
    known = (len(first), len(second), difference.value, *difference.interval())
    scores = first.to_numpy(), second.to_numpy()
    reason = why_missing(*scores)
    estimate = None if reason else log_odds_ratio(*scores)
    if estimate is None:
        return (*known, *[math.nan] * 4, reason or "the model does not converge")
    ratios = [math.exp(log) for log in (estimate.value, *estimate.interval())]
    return (*known, *ratios, estimate.p(), "")


def log_odds_ratio(first: Scores, second: Scores) -> Estimate | None:
    """The log odds ratio of higher scores in the first group, by maximum likelihood.

    Args:
        first: of shape (people,), numbers of which the order alone counts.
        second: likewise; neither group's scores are all at or beyond those of the other.

    Returns:
        None where the fit does not converge.
    """
    from statsmodels.miscmodels.ordinal_model import OrderedModel  # slow to import, seldom needed

    steps = np.unique(np.r_[first, second], return_inverse=True)[1]
    is_first = np.repeat([1.0, 0.0], [len(first), len(second)])
    with warnings.catch_warnings(action="ignore"):  # what it warns of is looked at below
        fit = OrderedModel(steps, is_first[:, None], distr=Logistic()).fit(
            method="lbfgs", disp=False
        )
        error = float(fit.bse[0])
    if not (fit.mle_retvals["converged"] and math.isfinite(error)):
        return None
    return Estimate(value=float(fit.params[0]), error=error, df=len(steps) - 2)


def why_missing(first: Scores, second: Scores) -> str:
    """Why the model cannot compare two groups; empty where it can."""
    if min(len(first), len(second)) < MIN_PEOPLE:
        return f"fewer than {MIN_PEOPLE} people in a condition"
    if first.min() >= second.max() or second.min() >= first.max():
        return "the answers of the two do not overlap"
    return ""
