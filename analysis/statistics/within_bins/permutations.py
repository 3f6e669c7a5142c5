"""What permutations within bins say of correlations: chances and intervals, for sides of any shape.

Where people ignore a score they are exact, whatever the number of stimuli.
"""

import numpy as np

from analysis.statistics.estimate import LEVEL
from analysis.statistics.within_bins.correlations import (
    Codes,
    Values,
    deviations,
    divided,
    sums_by_bin,
)

N_PERMUTATIONS = 4_999  # with the order as it is, p is a multiple of 1 in 5,000
AT_ONCE = 250  # orders, for the sake of memory
ROUNDING = 1e-9  # of a standardised sum, below which two permutations are the same


def permuted(
    shares: Values,
    bins: Codes,
    *,
    rng: np.random.Generator,
    n_permutations: int = N_PERMUTATIONS,
) -> Values:
    """The shares' deviations within bins, as they are and permuted among the stimuli of a bin.

    Args:
        shares: of shape (stimuli,).
        bins: numbered from 0, of shape (stimuli,).
        rng: permutes the stimuli.
        n_permutations: how often.

    Returns:
        Of shape (1 + n_permutations, stimuli); the first row is the order as it is.
    """
    orders = np.tile(deviations(shares[:, None], bins)[:, 0], (1 + n_permutations, 1))
    for code in np.unique(bins):
        members = np.flatnonzero(bins == code)
        orders[1:, members] = rng.permuted(orders[1:, members], axis=1)
    return orders


def standardised_sums(scores: Values, orders: Values, bins: Codes) -> Values:
    """Each score's sum of products with the shares, as they are and permuted.

    The shares have one order for all scores, so that what the scores have in common stays. The
    sum is the numerator of `partial_correlations`, over its standard deviation over permutations:
    with no score missing it is r / √V.

    Args:
        scores: that vary within bins, of shape (stimuli, scores); NaN where a stimulus has none.
        orders: as `permuted` returns them, of shares that vary within the bins in which scores do.
        bins: numbered from 0, of shape (stimuli,).

    Returns:
        Of shape (orders, scores).
    """
    x = np.nan_to_num(deviations(scores, bins))
    spread = sums_by_bin(orders[:1].T ** 2, bins)[:, 0] / np.maximum(np.bincount(bins) - 1, 1)
    return np.asarray(orders @ x / np.sqrt(spread[bins] @ x**2))


def p_of_permutations(sums: Values) -> tuple[Values, Values]:
    """Two-sided p of each test, and adjusted for all of them.

    p is the share of orders in which a sum is as large as it is, that as it is counted with them
    (Phipson and Smyth 2010). Adjusted, it is the share in which the largest of all sums is
    (Westfall and Young 1993, single-step maxT): how often chance gives one as large anywhere.

    Args:
        sums: as `permuted_sums` returns them; of several sets of stimuli side by side, which are
            then permuted independently. That is on the safe side where answers to the same
            stimuli go together (Royen 2014).

    Returns:
        p and adjusted p, each of shape (tests,).
    """
    sizes = np.abs(sums)
    own = sizes[0] - ROUNDING
    largest = sizes.max(axis=1, initial=0)
    return (sizes >= own).mean(axis=0), (largest[:, None] >= own).mean(axis=0)


def intervals(scores: Values, orders: Values, bins: Codes) -> tuple[Values, Values]:
    """Intervals of the correlations within bins: Fisher's z, give or take q standard errors.

    The error holds for sides of any shape, and q is what z over its error, in size, exceeds in 5 %
    of the permutations (DiCiccio and Romano 2017, whose test is that of r = 0). So where people
    ignore a score, 0 is left out in 5 % of studies at most. Deviation: q is taken for other values
    of r, too, which simulations bear out (docs/statistics.md).

    Args:
        scores: that vary within bins, of shape (stimuli, scores); NaN where a stimulus has none.
        orders: as `permuted` returns them, of shares that vary within the bins in which scores do.
        bins: numbered from 0, of shape (stimuli,).

    Returns:
        Low and high, each of shape (scores,).
    """
    ends = np.empty((2, scores.shape[1]))
    all_known = np.isfinite(scores).T
    for known in np.unique(all_known, axis=0):
        alike = (all_known == known).all(axis=1)
        x = scores[np.ix_(known, alike)]
        parts = np.array_split(orders[:, known], 1 + len(orders) // AT_ONCE)
        results = [correlations_with_errors(x, part.T, bins[known]) for part in parts]
        ends[:, alike] = studentised_ends(*map(np.concatenate, zip(*results, strict=True)))
    return ends[0], ends[1]


def correlations_with_errors(x: Values, y: Values, bins: Codes) -> tuple[Values, Values]:
    """r within bins of each column of y with each column of x, and its standard error.

    With u and v, the deviations of a stimulus over the root of their sum of squares, it moves r by
    I = u v - r (u² + v²) / 2; the error is √Σ (I - its mean in the bin)², the infinitesimal
    jackknife's (Efron 1982, chapter 6). The square is multiplied out, so that nothing is as large
    as stimuli times both columns.

    Args:
        x: of shape (stimuli, scores), nothing missing.
        y: of shape (stimuli, orders), nothing missing.
        bins: numbered from 0, of shape (stimuli,).

    Returns:
        r and error, each of shape (orders, scores); missing (NaN) where a side does not vary.
    """
    x, y = deviations(x, bins), deviations(y, bins)
    u, v = (divided(side, np.sqrt((side**2).sum(axis=0))) for side in (x, y))
    u2, v2 = u * u, v * v
    r, squares = v.T @ u, v2.T @ u2
    fourths = (v2 * v2).sum(axis=0)[:, None] + (u2 * u2).sum(axis=0)
    total = squares - r * (v.T @ (u2 * u) + (v2 * v).T @ u) + r**2 / 4 * (fourths + 2 * squares)
    for code in np.unique(bins):
        inside = bins == code
        own = v2[inside].sum(axis=0)[:, None] + u2[inside].sum(axis=0)
        total -= (v[inside].T @ u[inside] - r / 2 * own) ** 2 / inside.sum()
    return r, np.sqrt(np.maximum(total, 0))


def studentised_ends(r: Values, errors: Values) -> tuple[Values, Values]:
    """The ends that `intervals` returns.

    Args:
        r: in the order as it is and permuted, of shape (orders, scores).
        errors: of r, likewise; those of z are errors / (1 - r²).

    Returns:
        Low and high, each of shape (scores,). Both are r where it is 1 or -1 as it is; as it is
        permuted, that counts as a z that exceeds all others.
    """
    on_line = 1 - r**2 < ROUNDING
    z = np.arctanh(np.where(on_line, 0, r))
    errors = np.where(on_line, 0, errors / np.where(on_line, 1, 1 - r**2))
    sizes = np.where(errors > 0, np.abs(z) / np.where(errors > 0, errors, 1), np.inf)
    n_beyond = int((1 - LEVEL) * len(r))
    half = np.partition(sizes[1:], -n_beyond, axis=0)[-n_beyond] * errors[0]
    return tuple(np.where(on_line[0], r[0], np.tanh(z[0] + sign * half)) for sign in (-1, 1))
