"""Pearson's r with a 95 % interval."""

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


def varies(values: Values) -> bool:
    """Whether values differ by more than rounding; where they do not, nothing correlates."""
    return bool(np.ptp(values) > FLAT * np.abs(values).max()) if values.size else False
