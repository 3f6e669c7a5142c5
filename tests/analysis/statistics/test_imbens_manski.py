import pytest
from scipy import stats

from analysis.statistics.imbens_manski import imbens_manski


def test_bounds_that_are_one_point_give_the_common_interval():
    low, high = imbens_manski(2, 2, error_low=3, error_high=3)
    assert (low, high) == pytest.approx((2 - 3 * 1.959964, 2 + 3 * 1.959964), abs=1e-5)


def test_bounds_far_apart_leave_one_tail_on_either_side():
    low, high = imbens_manski(-50, 50, error_low=1, error_high=2)
    assert (low, high) == pytest.approx((-50 - 1.644854, 50 + 2 * 1.644854), abs=1e-5)


def test_between_the_two_the_constant_solves_their_equation():
    low, high = imbens_manski(0, 1, error_low=1, error_high=0.5)
    c = -low
    assert high == pytest.approx(1 + c / 2)
    assert stats.norm.cdf(c + 1) - stats.norm.cdf(-c) == pytest.approx(0.95)
    assert 1.645 < c < 1.96


def test_students_t_takes_the_place_of_the_normal_distribution():
    assert imbens_manski(2, 2, error_low=1, error_high=1, df=10)[1] == pytest.approx(2 + 2.228139)


def test_bounds_without_an_error_are_their_own_interval():
    assert imbens_manski(1, 2, error_low=0, error_high=0) == (1, 2)
