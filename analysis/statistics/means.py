"""The mean of one number for each person, with its 95 % interval."""

import math
from dataclasses import dataclass

import pandas as pd

from analysis.statistics.intervals import t_interval


@dataclass(frozen=True, kw_only=True)
class Mean:
    """A mean over people.

    Attributes:
        n: people.
        mean: missing (NaN) without anybody.
        std: over n - 1; missing for fewer than two people.
        low: of Student's t interval, which holds for other people of the sort; missing for fewer
            than two people, and where all are alike: their spread is then not 0, but unknown.
        high: likewise.
    """

    n: int
    mean: float
    std: float
    low: float
    high: float


def mean_over_people(values: pd.Series) -> Mean:
    """Mean of the values that are not missing, one for each person (`intervals.t_interval`)."""
    known = values.dropna().astype("float64")
    n = len(known)
    std = float(known.std(ddof=1)) if n > 1 else math.nan
    low, high = t_interval(known) if std > 0 else (math.nan, math.nan)
    return Mean(n=n, mean=float(known.mean()) if n else math.nan, std=std, low=low, high=high)
