"""Reliability of people's answers: how high a score could correlate with them at all.

An answer share from a few people is noisy, and noise lowers every correlation with it. How much
is read off the people themselves: two random halves of them are correlated over the stimuli.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.correlation import MIN_PAIRS, varies

Counts = NDArray[np.int64]

SEED = 2021  # fixed, so that the same export gives the same report
N_SPLITS = 200  # over 150 stimuli the mean then moves by 0.002 from one seed to another

FEW = f"fewer than {MIN_PAIRS} stimuli"
FLAT = "the answers do not vary"
APART = "halves do not agree"


def per_condition(shares: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Split-half reliability of each condition's answers, and the bound that it sets.

    Args:
        shares: as `explanation_scores.right_shares` returns them; two or more people saw each.
        conditions: in the order in which they are reported.

    Returns:
        condition, n_stimuli, mean_people (per stimulus), n_splits (those with a correlation),
        half_r (mean correlation of the halves), reliability (0 to 1), largest_r (its root: what
        a score without error could reach), reason (why the last two are missing, or empty).
    """
    rows = []
    for condition in conditions:
        group = shares[shares["condition"] == condition]
        people, right = (group[c].to_numpy(dtype="int64") for c in ("n_people", "n_right"))
        halves = split_halves(people, right, rng=np.random.default_rng(SEED))
        half_r = float(halves.mean()) if halves.size else math.nan
        reliability = spearman_brown(half_r)
        if reliability > 0:
            reason = ""
        elif len(group) < MIN_PAIRS:
            reason = FEW
        else:
            reason = FLAT if math.isnan(half_r) else APART
        mean = group["n_people"].mean() if len(group) else math.nan
        rows.append((condition, len(group), mean, halves.size, half_r, reliability, reason))
    columns = ["condition", "n_stimuli", "mean_people", "n_splits", "half_r", "reliability"]
    table = pd.DataFrame(rows, columns=[*columns, "reason"])
    table.insert(len(columns), "largest_r", attenuation_bound(table["reliability"]))
    return table


def split_halves(
    n_people: Counts, n_right: Counts, *, rng: np.random.Generator, n_splits: int = N_SPLITS
) -> NDArray[np.float64]:
    """Correlate random halves of the people over the stimuli.

    Each stimulus's people are split by themselves; of an odd number, either half has one more by
    the toss of a coin. How many of a random half are right is hypergeometric, so the counts are
    all that matters: neither the order nor the names of people and stimuli do.

    Args:
        n_people: who saw each stimulus, 2 or more, of shape (stimuli,).
        n_right: how many of them were right, likewise.
        rng: splits the people.
        n_splits: how often.

    Returns:
        Pearson's r of every split in which both halves vary; empty for fewer than `MIN_PAIRS`
        stimuli.
    """
    if len(n_people) < MIN_PAIRS:
        return np.empty(0)
    order = np.lexsort((n_right, n_people))
    people, right = n_people[order], n_right[order]
    correlations = []
    for _ in range(n_splits):
        first = people // 2 + people % 2 * rng.integers(0, 2, people.size)
        right_first = rng.hypergeometric(right, people - right, first)
        halves = right_first / first, (right - right_first) / (people - first)
        if all(map(varies, halves)):
            correlations.append(float(np.corrcoef(*halves)[0, 1]))
    return np.array(correlations)


def spearman_brown(half_r: float) -> float:
    """Reliability of all people from the correlation of halves: 2 r / (1 + r).

    (Spearman 1910, Brown 1910.) The mean over splits goes in, for corrected splits have no mean:
    one near -1 would decide it. Missing where r is not above 0: halves that do not agree
    have no reliability to speak of.
    """
    return 2 * half_r / (1 + half_r) if half_r > 0 else math.nan


def attenuation_bound(reliability: pd.Series) -> pd.Series:
    """The largest correlation with anything else: the root of the reliability.

    (Spearman 1904; Lord and Novick 1968, chapter 3.) For a score without error of its own, and
    in expectation: a correlation over few stimuli may by luck exceed it.
    """
    return reliability.astype("float64") ** 0.5
