import math

import pandas as pd
import pytest

from analysis.statistics.means import mean_over_people


def test_a_mean_over_people_has_students_interval() -> None:
    mean = mean_over_people(pd.Series([1.0, 2.0, 3.0, math.nan]))
    assert (mean.n, mean.mean, mean.std) == (3, 2, 1)
    half = 4.302653 / math.sqrt(3)  # t(.975, 2)
    assert (mean.low, mean.high) == pytest.approx((2 - half, 2 + half))


@pytest.mark.parametrize("values", [[], [2.0], [2.0, 2.0, 2.0]])
def test_people_who_are_alike_or_alone_tell_no_interval(values: list[float]) -> None:
    mean = mean_over_people(pd.Series(values, dtype="float64"))
    assert math.isnan(mean.low)
    assert math.isnan(mean.high)
    assert mean.n == len(values)
