"""95 % intervals: Student's t for the mean of people, Wilson's for a share of trials."""

import math

import pandas as pd
from scipy import stats

LEVEL = 0.95


def t_interval(values: pd.Series) -> tuple[float, float]:
    """Interval of a mean: mean ± t(0.975, n - 1) · s / √n, with s over n - 1 (Student 1908).

    Both ends are missing (NaN) for fewer than two values.
    """
    n = len(values)
    if n < 2:
        return math.nan, math.nan
    half = float(stats.t.ppf(0.5 + LEVEL / 2, n - 1)) * float(values.std(ddof=1)) / math.sqrt(n)
    return float(values.mean()) - half, float(values.mean()) + half


def wilson(n_right: int, n: int) -> tuple[float, float]:
    """Score interval of a share, from 0 to 1 (Wilson 1927, equation 6; no continuity correction).

    It takes the n trials to be independent, which trials of one person are not quite. Both ends
    are missing (NaN) where n is 0.
    """
    if n == 0:
        return math.nan, math.nan
    z = float(stats.norm.ppf(0.5 + LEVEL / 2))
    share = n_right / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # At 0 and at n the ends are 0 and 1 exactly; rounding would miss them by 1e-17.
    return (0.0 if n_right == 0 else centre - half), (1.0 if n_right == n else centre + half)
