"""Whether readers learn what they should not: the truth is permuted, and they learn again.

Permuted over everything, nothing is left to learn: an area away from one half would be a fault of
the cross-validation. Permuted within bins or within kinds, all that is left is how often the AI is
right in each: an area above one half says that what is shown gives the bin or the kind away.
"""

import math

import numpy as np
from scipy import stats

from stimuli.ceiling.areas import LEVEL, area
from stimuli.ceiling.readers import MEAN, cross_validated


def permuted_areas(
    numbers: np.ndarray,
    right: np.ndarray,
    within: np.ndarray,
    permutations: int,
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    """The area of the mean reader over permuted truths.

    Folds have their part of the groups and of nothing else: with their part of what the truth was
    not permuted within, they would all share what chance made of it, and readers would learn that.

    Args:
        numbers: (n, features).
        right: (n,) whether the AI is right.
        within: (n,) numbers of the groups within which the truth is permuted.

    Returns:
        The mean over permutations, and its 95 % interval by Student's t; NaN for one permutation.
    """
    truths = np.stack([permuted(right, within, rng) for _ in range(permutations)])
    guesses, folds = cross_validated(numbers, truths, np.ones(len(right)), within, rng)
    areas = [
        area(guess[None], fold[None], truth, np.ones(len(right))).value
        for guess, fold, truth in zip(guesses[MEAN], folds, truths, strict=True)
    ]
    if permutations < 2:
        return areas[0], math.nan, math.nan
    half = stats.t.ppf(0.5 + LEVEL / 2, permutations - 1) * stats.sem(areas)
    mean = float(np.mean(areas))
    return mean, float(mean - half), float(mean + half)


def permuted(right: np.ndarray, within: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Truths exchanged at random, each within its group."""
    mixed = right.copy()
    for group in np.unique(within):
        members = within == group
        mixed[members] = rng.permutation(right[members])
    return mixed
