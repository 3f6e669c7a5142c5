import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.intervals import newcombe, t_interval, wilson


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


participants = st.integers(1, 40)
effects = st.tuples(participants, participants).flatmap(
    lambda n: st.tuples(st.integers(0, 2 * n[0] * n[1]), st.just(n[0]), st.just(n[1])).map(
        lambda drawn: (drawn[0] / (2 * drawn[1] * drawn[2]), drawn[1], drawn[2])
    )
)


def test_newcombes_interval_of_a_published_example():
    # README of the R package SingleCaseES, NAP of these series: 0.9166667, 0.5973406 to
    # 0.9860176, whose root finder stops at 1e-4.
    first, second = [20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29]
    cles = sum((y > x) + 0.5 * (x == y) for x in first for y in second) / 42
    assert cles == pytest.approx(0.9166667, abs=1e-7)
    assert newcombe(cles, 7, 6) == pytest.approx((0.5973406, 0.9860176), abs=5e-5)


@given(effects)
def test_newcombes_ends_are_roots_of_the_quartic(effect):
    # Second implementation: the equation times (2 - θ)(1 + θ) is a polynomial.
    cles, n_a, n_b = effect
    theta = np.polynomial.Polynomial([0, 1])
    both = (2 - theta) * (1 + theta)
    more = (n_a + n_b) / 2 - 1
    spread = both + more * ((1 - theta) * (1 + theta) + theta * (2 - theta))
    squared_z = stats.norm.ppf(0.975) ** 2
    quartic = (theta - cles) ** 2 * both - squared_z / (n_a * n_b) * theta * (1 - theta) * spread
    roots = quartic.roots()
    real = roots[(abs(roots.imag) < 1e-6) & (roots.real > -1e-6) & (roots.real < 1 + 1e-6)].real
    assert newcombe(*effect) == pytest.approx((real.min(), real.max()), abs=1e-6)


@given(effects)
def test_newcombes_interval_holds_the_effect_and_mirrors_with_it(effect):
    cles, n_a, n_b = effect
    low, high = newcombe(*effect)
    assert 0 <= low <= cles <= high <= 1
    assert low < high
    assert newcombe(1 - cles, n_b, n_a) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_complete_separation_has_an_interval():
    # One against one it is Wilson's of one success in one trial: 1 / (1 + z²) to 1.
    assert newcombe(1, 1, 1) == pytest.approx(wilson(1, 1))
    low, high = newcombe(1, 20, 20)
    assert (low, high) == (pytest.approx(0.898668, abs=1e-6), 1)
    assert newcombe(0, 20, 20) == pytest.approx((0, 1 - low))
