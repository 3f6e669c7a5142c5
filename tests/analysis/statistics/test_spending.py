"""Levels of looks against published boundaries, a second implementation, and laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.spending import nominal_levels, p_over_looks, spent

sides = st.sampled_from([1, 2])
times = st.lists(st.integers(1, 19), min_size=0, max_size=3, unique=True).map(
    lambda shares: [*sorted(share / 20 for share in shares), 1.0]
)


@pytest.mark.parametrize(
    ("n_looks", "published"),
    [
        (2, [2.963, 1.969]),
        (3, [3.710, 2.511, 1.993]),
        (5, [4.877, 3.357, 2.680, 2.290, 2.031]),
    ],
)
def test_equal_looks_have_the_boundaries_that_lan_and_demets_and_their_programs_print(
    n_looks, published
):
    shares = [(k + 1) / n_looks for k in range(n_looks)]
    levels = nominal_levels(0.05, shares, sides=2)
    assert stats.norm.isf(np.array(levels) / 2) == pytest.approx(published, abs=5e-4)


def test_two_sides_of_a_half_each_are_as_one_side_of_it_where_they_do_not_meet():
    shares = [0.3, 0.7, 1.0]
    one = nominal_levels(0.025, shares, sides=1)
    assert nominal_levels(0.05, shares, sides=2) == pytest.approx([2 * x for x in one], rel=1e-4)


@settings(max_examples=8, deadline=None)
@given(shares=times, alpha=st.floats(0.001, 0.3), sides=sides)
def test_what_is_spent_is_the_chance_of_a_normal_vector_to_pass_somewhere(shares, alpha, sides):
    """scipy's integral of the multivariate normal is the second implementation."""
    levels = nominal_levels(alpha, shares, sides=sides)
    upper = stats.norm.isf(np.array(levels) / sides)
    lower = -upper if sides == 2 else np.full(len(upper), -np.inf)
    shares = np.array(shares)
    correlation = np.sqrt(np.minimum.outer(shares, shares) / np.maximum.outer(shares, shares))
    inside = stats.multivariate_normal.cdf(
        upper, cov=correlation, lower_limit=lower, abseps=1e-5, rng=np.random.default_rng(1)
    )
    assert 1 - inside == pytest.approx(alpha, abs=1e-4)


@settings(max_examples=10, deadline=None)
@given(shares=times, p=st.floats(1e-9, 0.9), sides=sides)
def test_p_over_looks_is_the_alpha_that_just_finds_it_and_never_below_p(shares, p, sides):
    over = p_over_looks(p, shares, sides=sides)
    assert over >= p * (1 - 1e-6)
    if over < 0.99:
        assert nominal_levels(over, shares, sides=sides)[-1] == pytest.approx(p, rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(shares=times, sides=sides, p=st.floats(1e-6, 0.5))
def test_at_every_look_a_smaller_p_is_smaller_over_looks(shares, sides, p):
    assert p_over_looks(p / 2, shares, sides=sides) < p_over_looks(p, shares, sides=sides)


@settings(max_examples=10, deadline=None)
@given(p=st.floats(1e-11, 0.98), sides=sides)
def test_one_look_at_the_end_changes_nothing(p, sides):
    assert p_over_looks(p, [1.0], sides=sides) == pytest.approx(p)
    assert nominal_levels(p, [1.0], sides=sides) == pytest.approx([p])


def test_by_hand_half_of_the_people_spend_a_third_of_a_per_cent():
    # 4 (1 - Φ(2.2414 / √.5)) = 4 (1 - Φ(3.1698)) = 4 · .000763
    assert spent(0.05, 0.5, sides=2) == pytest.approx(0.00305, abs=5e-6)
    assert nominal_levels(0.05, [0.5, 1], sides=2)[0] == pytest.approx(0.00305, abs=5e-6)
    assert spent(0.05, 1, sides=2) == pytest.approx(0.05)


def test_what_is_missing_stays_missing_and_nothing_is_too_small_or_too_large():
    assert math.isnan(p_over_looks(math.nan, [0.5, 1], sides=2))
    assert p_over_looks(0.0, [0.5, 1], sides=2) < 1e-11
    assert p_over_looks(1.0, [0.5, 1], sides=2) == 1
    assert nominal_levels(0.05, [0.001, 1], sides=2)[0] == 0
