"""Reliability of people's answers: how high a score could correlate with them at all.

An answer share from a few people is noisy, and noise lowers every correlation with it. How much
is read off the people themselves: two random halves of them are correlated over the stimuli, all
together and within bins. Halves agree on which bins are hard, so the first is the larger.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.correlation import MIN_PAIRS
from analysis.statistics.within_bins.correlations import Codes, Values, column_correlations

SEED = 2021  # fixed, so that the same export gives the same report
N_SPLITS = 200  # over 150 stimuli the mean then moves by 0.002 from one seed to another

FEW = f"fewer than {MIN_PAIRS} stimuli"
FLAT = "the answers do not vary"
APART = "halves do not agree"
APART_WITHIN = "halves do not agree within bins"


def per_condition(shares: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Split-half reliability of each condition's answers, and the bound that it sets.

    Args:
        shares: as `explanation_scores.right_shares` returns them; two or more people saw each.
        conditions: in the order in which they are reported.

    Returns:
        condition, n_stimuli, mean_people (per stimulus), then over all stimuli half_r (mean
        correlation of the halves), reliability (0 to 1), largest_r (its root: what a score without
        error could reach), the same within bins (half_r_within, reliability_within,
        largest_r_within), and reason (why something is missing, or empty).
    """
    rows = []
    for condition in conditions:
        group = shares[shares["condition"] == condition]
        people, right = (group[c].to_numpy(dtype="int64") for c in ("n_people", "n_right"))
        bins = np.unique(group["bin"].astype(str), return_inverse=True)[1]
        halves = split_halves(people, right, bins, rng=np.random.default_rng(SEED))
        over_all, within = map(mean_known, halves)
        if len(group) < MIN_PAIRS:
            reason = FEW
        elif not over_all > 0:
            reason = FLAT if math.isnan(over_all) else APART
        else:
            reason = "" if within > 0 else APART_WITHIN
        mean = group["n_people"].mean() if len(group) else math.nan
        rows.append((condition, len(group), mean, *_bound(over_all), *_bound(within), reason))
    names = ["half_r", "reliability", "largest_r"]
    columns = ["condition", "n_stimuli", "mean_people", *names, *(f"{n}_within" for n in names)]
    return pd.DataFrame(rows, columns=[*columns, "reason"])


def split_halves(
    n_people: Codes,
    n_right: Codes,
    bins: Codes,
    *,
    rng: np.random.Generator,
    n_splits: int = N_SPLITS,
) -> tuple[Values, Values]:
    """Correlate random halves of the people over the stimuli, all together and within bins.

    Each stimulus's people are split by themselves; of an odd number, either half has one more by
    the toss of a coin. How many of a random half are right is hypergeometric, so the counts are
    all that matters: neither the order nor the names of people and stimuli do.

    Args:
        n_people: who saw each stimulus, 2 or more, of shape (stimuli,).
        n_right: how many of them were right, likewise.
        bins: numbered from 0, likewise.
        rng: splits the people.
        n_splits: how often.

    Returns:
        Pearson's r of every split over all stimuli, and within bins; NaN where a half does not
        vary, empty for fewer than `MIN_PAIRS` stimuli.
    """
    if len(n_people) < MIN_PAIRS:
        return np.empty(0), np.empty(0)
    order = np.lexsort((n_right, n_people, bins))
    people, right, bins = n_people[order], n_right[order], bins[order]
    sizes = people // 2 + people % 2 * rng.integers(0, 2, (n_splits, people.size))
    right_first = rng.hypergeometric(right, people - right, sizes)
    first, second = (right_first / sizes).T, ((right - right_first) / (people - sizes)).T
    together = np.zeros_like(bins)
    return column_correlations(first, second, together), column_correlations(first, second, bins)


def mean_known(values: Values) -> float:
    """The mean of what is not missing; NaN where everything is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else math.nan


def spearman_brown(half_r: float) -> float:
    """Reliability of all people from the correlation of halves: 2 r / (1 + r).

    (Spearman 1910, Brown 1910.) The mean over splits goes in, for corrected splits have no mean:
    one near -1 would decide it. Missing where r is not above 0: halves that do not agree
    have no reliability to speak of.
    """
    return 2 * half_r / (1 + half_r) if half_r > 0 else math.nan


def _bound(half_r: float) -> tuple[float, float, float]:
    """The mean r of halves, the reliability, and the largest correlation with anything else.

    The last is the root of the reliability (Spearman 1904; Lord and Novick 1968, chapter 3): for a
    score without error of its own, and in expectation; a correlation over few stimuli may by luck
    exceed it.
    """
    reliability = spearman_brown(half_r)
    return half_r, reliability, math.sqrt(reliability)
