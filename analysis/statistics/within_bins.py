"""Correlations within bins: of what is left of two sides when the mean of each bin is taken out.

What drives both sides from bin to bin, such as how hard a stimulus is, is then no correlation.
Chances come from permutations within bins, which need no shape of either side.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.statistics.correlation import FLAT
from analysis.statistics.estimate import LEVEL

Values = NDArray[np.float64]
Codes = NDArray[np.int64]

N_PERMUTATIONS = 4_999  # with the order as it is, p is a multiple of 1 in 5,000
ROUNDING = 1e-9  # of a standardised sum, below which two permutations are the same


def deviations(values: Values, bins: Codes) -> Values:
    """Values less the mean of their bin; 0 where they differ from it by rounding alone.

    Args:
        values: NaN where there is none, of shape (stimuli, columns).
        bins: numbered from 0, of shape (stimuli,).

    Returns:
        Of the shape of values, NaN where they are.
    """
    known = np.isfinite(values)
    filled = np.where(known, values, 0)
    counts = sums_by_bin(known.astype("float64"), bins)
    means = sums_by_bin(filled, bins) / np.maximum(counts, 1)
    left = values - means[bins]
    largest = np.abs(filled).max(axis=0, initial=0)
    return np.where(np.abs(left) <= FLAT * largest, 0, left)


def sums_by_bin(values: Values, bins: Codes) -> Values:
    """The sum of each bin, of shape (bins, columns)."""
    members = np.arange(bins.max(initial=-1) + 1)[:, None] == bins
    return np.asarray(members.astype("float64") @ values)


def column_correlations(x: Values, y: Values, bins: Codes) -> Values:
    """Pearson's r within bins of each column of x with the same column of y.

    Args:
        x: of shape (stimuli, columns), nothing missing.
        y: likewise.
        bins: numbered from 0, of shape (stimuli,); with one bin r is over all stimuli.

    Returns:
        Of shape (columns,); NaN where a side does not vary within bins.
    """
    x, y = deviations(x, bins), deviations(y, bins)
    both = (x**2).sum(axis=0) * (y**2).sum(axis=0)
    return divided((x * y).sum(axis=0), np.sqrt(both))


def divided(numbers: Values, by: Values) -> Values:
    """A ratio each, missing (NaN) where the lower number is 0."""
    return np.asarray(numbers / np.where(by > 0, by, np.nan))


def partial_correlations(scores: Values, shares: Values, bins: Codes) -> tuple[Values, ...]:
    """Each score's correlation with the shares within bins, its degrees of freedom and interval.

    r is the partial correlation given the bins (the correlation of the residuals of both sides on
    an indicator of each bin). If people ignore the score, its variance over permutations within
    bins is V = Σ Sxx Syy / (n - 1) / (Σ Sxx · Σ Syy), with the n stimuli and the sums of squares of
    each bin (Mantel 1963, whose χ² is r² / V). 1 / V are the degrees of freedom: n less the number
    of bins where all bins spread alike, and fewer where the same bins spread more on both sides.
    The interval is Fisher's z with standard error 1 / √(1 / V - 2), which without bins is his
    1 / √(n - 3), and with bins that spread alike that of a partial correlation (Fisher 1924).

    Args:
        scores: NaN where a stimulus has none, of shape (stimuli, scores).
        shares: of shape (stimuli,).
        bins: numbered from 0, of shape (stimuli,).

    Returns:
        r, degrees of freedom, low and high, each of shape (scores,). All are missing (NaN) where a
        side does not vary within bins, the interval also for 2 degrees of freedom or fewer.
    """
    known = np.isfinite(scores)
    x = np.nan_to_num(deviations(scores, bins))
    y = np.nan_to_num(deviations(np.where(known, shares[:, None], np.nan), bins))
    xx, yy = sums_by_bin(x**2, bins), sums_by_bin(y**2, bins)
    both = xx.sum(axis=0) * yy.sum(axis=0)
    freedom = np.maximum(sums_by_bin(known.astype("float64"), bins) - 1, 1)
    variance = (xx * yy / freedom).sum(axis=0)
    r = divided((x * y).sum(axis=0), np.sqrt(both))
    df = divided(both, variance)
    half = float(stats.norm.ppf(0.5 + LEVEL / 2)) / np.sqrt(np.where(df > 2, df - 2, np.nan))
    with np.errstate(divide="ignore"):
        z = np.arctanh(np.clip(r, -1, 1))
    return r, df, np.tanh(z - half), np.tanh(z + half)


def permuted_sums(
    scores: Values,
    shares: Values,
    bins: Codes,
    *,
    rng: np.random.Generator,
    n_permutations: int = N_PERMUTATIONS,
) -> Values:
    """Each score's standardised sum of products with the shares, as it is and permuted.

    Shares are permuted among the stimuli of a bin, in one order for all scores, so that what the
    scores have in common stays. The sum is the numerator of `partial_correlations`, over its
    standard deviation over permutations: with no score missing it is r / √V.

    Args:
        scores: that vary within bins, of shape (stimuli, scores); NaN where a stimulus has none.
        shares: that vary within the bins in which scores do, of shape (stimuli,).
        bins: numbered from 0, of shape (stimuli,).
        rng: permutes the stimuli.
        n_permutations: how often.

    Returns:
        Of shape (1 + n_permutations, scores); the first row is the order as it is.
    """
    x = np.nan_to_num(deviations(scores, bins))
    y = deviations(shares[:, None], bins)
    counts = np.bincount(bins)
    spread = sums_by_bin(y**2, bins)[:, 0] / np.maximum(counts - 1, 1)
    orders = np.tile(y[:, 0], (1 + n_permutations, 1))
    for code in range(len(counts)):
        members = np.flatnonzero(bins == code)
        orders[1:, members] = rng.permuted(orders[1:, members], axis=1)
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
