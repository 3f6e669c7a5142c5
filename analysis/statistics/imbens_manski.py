"""A 95 % interval of a number that is only known to lie between two bounds."""

import math

from scipy import stats
from scipy.optimize import brentq

from analysis.statistics.estimate import LEVEL


def imbens_manski(
    low: float,
    high: float,
    *,
    error_low: float,
    error_high: float,
    df: float = math.inf,
    level: float = LEVEL,
) -> tuple[float, float]:
    """Interval that holds the number, wherever it lies, in `level` of all samples.

    From low - c · error_low to high + c · error_high, where Φ(c + (high - low) / larger error) -
    Φ(-c) = level (Imbens and Manski 2004, their interval that depends on the width): c is 1.96
    where the bounds are one point, and 1.645 where they are so wide that the number can be near one
    of them only.

    Args:
        low: the lower bound.
        high: the upper bound, not below it.
        error_low: standard error of the lower bound.
        error_high: standard error of the upper bound.
        df: of Student's t, whose distribution takes the place of the normal one.
        level: 0 to 1.
    """
    larger = max(error_low, error_high)
    if not larger > 0:
        return low, high
    gap = (high - low) / larger

    def excess(c: float) -> float:
        return float(stats.t.cdf(c + gap, df) - stats.t.cdf(-c, df)) - level

    least, most = (float(stats.t.ppf(p, df)) for p in (level, 0.5 + level / 2))
    c = float(brentq(excess, least - 0.5, most + 0.5))
    return low - c * error_low, high + c * error_high
