import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.trimming import always_kept, bounds, group_of

VALUES = st.lists(st.integers(0, 10), min_size=1, max_size=12)


def ends(a, n_a, b, n_b, *, monotone=True):
    groups = (group_of(np.array(v, dtype="float64"), n) for v, n in ((a, n_a), (b, n_b)))
    return tuple(map(float, bounds(*groups, monotone=monotone)))


def test_lees_bounds_by_hand_with_ties():
    # a kept 4 of 5, b 2 of 5: of a's four, two are always kept. The lowest two are 10 and one of
    # the three 20s, the highest two are 20s; b has a mean of 15.
    assert ends([10, 20, 20, 20], 5, [10, 20], 5) == (0, 5)
    assert ends([10, 20], 5, [10, 20, 20, 20], 5) == (-5, 0)


def test_of_a_person_at_the_edge_a_fraction_counts():
    # a kept all 4, b 3 of 5: 2.4 of a's four remain. Lowest: (0 + 10 + .4 · 20) / 2.4 = 7.5.
    low, high = ends([0, 10, 20, 30], 4, [10, 10, 10], 5)
    assert (low, high) == pytest.approx((7.5 - 10, (30 + 20 + 0.4 * 10) / 2.4 - 10))


def test_where_both_kept_the_same_share_the_bounds_are_the_difference():
    assert ends([1, 2, 6], 4, [0, 1, 2, 3, 4, 5], 8) == (0.5, 0.5)


def test_without_monotonicity_both_are_trimmed_in_opposite_directions():
    # Each kept 3 of 4, so half of all are kept by either: 2 of each three.
    low, high = ends([0, 1, 2], 4, [0, 1, 2], 4, monotone=False)
    assert (low, high) == (0.5 - 1.5, 1.5 - 0.5)


def test_where_nobody_need_be_always_kept_only_the_extremes_are_left():
    groups = [group_of(np.array([3.0, 5.0]), 4) for _ in range(2)]
    assert always_kept(*groups, monotone=False) == 0
    assert bounds(*groups, monotone=False) == (3 - 5, 5 - 3)


def by_leaving_people_out(a, b):
    """Lee's bounds of whole people: a kept everybody, b as many as remain of a."""
    ordered, kept = sorted(a), len(b)
    lowest, highest = ordered[:kept], ordered[len(a) - kept :]
    return np.mean(lowest) - np.mean(b), np.mean(highest) - np.mean(b)


@given(a=VALUES, data=st.data())
def test_the_bounds_are_those_of_leaving_whole_people_out(a, data):
    b = data.draw(st.lists(st.integers(0, 10), min_size=1, max_size=len(a)))
    assert ends(a, len(a), b, len(a)) == pytest.approx(by_leaving_people_out(a, b))


@given(a=VALUES, b=VALUES, lost_a=st.integers(0, 9), lost_b=st.integers(0, 9))
def test_bounds_hold_the_difference_and_widen_without_monotonicity(a, b, lost_a, lost_b):
    low, high = ends(a, len(a) + lost_a, b, len(b) + lost_b)
    assert low - 1e-6 <= np.mean(a) - np.mean(b) <= high + 1e-6
    least, most = ends(a, len(a) + lost_a, b, len(b) + lost_b, monotone=False)
    assert least <= low + 1e-6
    assert most >= high - 1e-6


def test_resampled_counts_have_the_variance_of_drawing_people_one_by_one():
    people = np.array([0, 0, 10, 20, 20, 20, 40, np.nan, np.nan, np.nan])  # three were lost
    group = group_of(people[:7], 10)
    drawn = group.resampled(20_000, np.random.default_rng(1))
    one_by_one = np.random.default_rng(2).choice(people, (20_000, 10))
    assert drawn.kept.mean() == pytest.approx(0.7, abs=0.005)
    means = drawn.mean_of_lowest(np.ones(20_000))
    assert means.std() == pytest.approx(np.nanmean(one_by_one, axis=1).std(), rel=0.03)
