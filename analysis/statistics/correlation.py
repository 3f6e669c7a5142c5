"""Correlations with 95 % intervals: Pearson's r and Spearman's rho."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.statistics.estimate import LEVEL

Values = NDArray[np.float64]

MIN_PAIRS = 4  # with three, the standard error on the z scale divides by n - 3 = 0
FLAT = 1e-9  # spread below this share of the largest value is rounding, not variation


def pearson(x: Values, y: Values) -> tuple[float, float, float]:
    """Pearson's r with the interval on Fisher's z scale, standard error 1 / √(n - 3) (Fisher 1921).

    Args:
        x: at least `MIN_PAIRS` values that vary, of shape (n,).
        y: likewise.

    Returns:
        r, low and high, from -1 to 1.
    """
    result = stats.pearsonr(x, y)
    interval = result.confidence_interval(LEVEL)
    return float(result.statistic), float(interval.low), float(interval.high)


def spearman(x: Values, y: Values) -> tuple[float, float, float]:
    """Spearman's rho, ties at their mean rank, with the interval of Bonett and Wright.

    On Fisher's z scale with standard error √((1 + rho² / 2) / (n - 3)) (Bonett and Wright 2000);
    scipy has no interval for it.

    Args:
        x: at least `MIN_PAIRS` values that vary, of shape (n,).
        y: likewise.

    Returns:
        rho, low and high, from -1 to 1.
    """
    rho = float(np.clip(stats.spearmanr(x, y).statistic, -1, 1))
    if abs(rho) == 1:
        return rho, rho, rho  # as scipy has it for r: the z scale is infinite there
    half = float(stats.norm.ppf(0.5 + LEVEL / 2)) * math.sqrt((1 + rho**2 / 2) / (len(x) - 3))
    z = math.atanh(rho)
    return rho, math.tanh(z - half), math.tanh(z + half)


def varies(values: Values) -> bool:
    """Whether values differ by more than rounding; where they do not, nothing correlates."""
    return bool(np.ptp(values) > FLAT * np.abs(values).max()) if values.size else False
