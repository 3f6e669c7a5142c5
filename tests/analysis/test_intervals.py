import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.intervals import t_interval, wilson


def test_the_t_interval_of_three_values_by_hand():
    # mean 4, s = 2, t(0.975, 2) = 4.302653: 4 -/+ 4.302653 * 2 / sqrt(3)
    low, high = t_interval(pd.Series([2.0, 4.0, 6.0]))
    assert (low, high) == pytest.approx((4 - 4.968275, 4 + 4.968275), abs=1e-5)


@pytest.mark.parametrize("values", [[], [50.0]])
def test_fewer_than_two_values_have_no_interval(values):
    assert all(math.isnan(end) for end in t_interval(pd.Series(values, dtype="float64")))


def test_the_wilson_interval_of_seven_in_ten_by_hand():
    # z = 1.959964: centre (0.7 + z²/20) / (1 + z²/10) = 0.644496,
    # half width z / (1 + z²/10) * sqrt(0.021 + z²/400) = 0.247718
    assert wilson(7, 10) == pytest.approx((0.396778, 0.892209), abs=1e-6)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy(counts):
    k, n = counts
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_stays_within_0_and_1_and_has_no_answer_without_trials():
    assert wilson(0, 5)[0] == 0
    assert wilson(5, 5)[1] == 1
    assert all(math.isnan(end) for end in wilson(0, 0))
