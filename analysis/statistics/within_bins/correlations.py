"""Correlations of what is left of two sides when the mean of each bin is taken out."""

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.correlation import FLAT

Values = NDArray[np.float64]
Codes = NDArray[np.int64]


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


def partial_correlations(scores: Values, shares: Values, bins: Codes) -> tuple[Values, Values]:
    """Each score's correlation with the shares within bins, and its degrees of freedom.

    r is the partial correlation given the bins (the correlation of the residuals of both sides on
    an indicator of each bin). If people ignore the score, its variance over permutations within
    bins is V = Σ Sxx Syy / (n - 1) / (Σ Sxx · Σ Syy), with the n stimuli and the sums of squares of
    each bin (Mantel 1963, whose χ² is r² / V). 1 / V are the degrees of freedom: n less the number
    of bins where all bins spread alike, and fewer where the same bins spread more on both sides.

    Args:
        scores: NaN where a stimulus has none, of shape (stimuli, scores).
        shares: of shape (stimuli,).
        bins: numbered from 0, of shape (stimuli,).

    Returns:
        Each of shape (scores,), missing (NaN) where a side does not vary within bins.
    """
    known = np.isfinite(scores)
    x = np.nan_to_num(deviations(scores, bins))
    y = np.nan_to_num(deviations(np.where(known, shares[:, None], np.nan), bins))
    xx, yy = sums_by_bin(x**2, bins), sums_by_bin(y**2, bins)
    both = xx.sum(axis=0) * yy.sum(axis=0)
    freedom = np.maximum(sums_by_bin(known.astype("float64"), bins) - 1, 1)
    variance = (xx * yy / freedom).sum(axis=0)
    return divided((x * y).sum(axis=0), np.sqrt(both)), divided(both, variance)
