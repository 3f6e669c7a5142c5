import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.correlation import pearson, spearman, varies

REFERENCE = Path(__file__).parents[2] / "reference" / "scores"
EXPECTED = pd.read_csv(REFERENCE / "expected.csv").set_index("metric")
PAIRS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=4, max_size=30).filter(
    lambda pairs: all(len(set(side)) > 1 for side in zip(*pairs, strict=True))
)


def sides(pairs):
    x, y = zip(*pairs, strict=True)
    return np.array(x, dtype="float64"), np.array(y, dtype="float64")


@pytest.mark.parametrize("metric", EXPECTED.index)
def test_both_correlations_and_their_intervals_agree_with_r(metric):
    data = pd.read_csv(REFERENCE / "scores.csv")
    x, y = (data[column].to_numpy(dtype="float64") for column in (metric, "right_percent"))
    expected = EXPECTED.loc[metric]
    assert pearson(x, y) == pytest.approx(tuple(expected[["r", "r_low", "r_high"]]), abs=1e-12)
    assert spearman(x, y) == pytest.approx(tuple(expected[["rho", "rho_low", "rho_high"]]))


def test_r_and_rho_of_five_pairs_by_hand():
    # Deviations -2 -1 0 1 2 and -2 0 -1 2 1: r = rho = 8 / 10, z = atanh .8 = 1.098612.
    # Half widths 1.959964 / √2 = 1.385904 and 1.959964 · √(1.32 / 2) = 1.592282.
    x, y = sides([(1, 1), (2, 3), (3, 2), (4, 5), (5, 4)])
    r = pearson(x, y)
    assert r == pytest.approx((0.8, math.tanh(-0.287292), math.tanh(2.484516)), abs=1e-6)
    rho = spearman(x, y)
    assert rho == pytest.approx((0.8, math.tanh(-0.493670), math.tanh(2.690894)), abs=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_perfect_correlation_is_its_own_interval(sign):
    x = np.array([0.0, 1.0, 2.0, 5.0])
    assert pearson(x, sign * x) == (sign, sign, sign)
    assert spearman(x, sign * x**3) == (sign, sign, sign)


@given(PAIRS)
def test_turning_one_side_around_turns_everything_around(pairs):
    x, y = sides(pairs)
    for correlate in (pearson, spearman):
        value, low, high = correlate(x, y)
        assert correlate(-x, y) == pytest.approx((-value, -high, -low), abs=1e-9)
        assert -1 <= low <= value + 1e-9
        assert value - 1e-9 <= high <= 1


@given(PAIRS)
def test_stretching_a_score_changes_no_r_and_bending_it_no_rho(pairs):
    x, y = sides(pairs)
    assert pearson(3 * x + 7, y) == pytest.approx(pearson(x, y), abs=1e-9)
    assert spearman(np.exp(x / 4), y) == pytest.approx(spearman(x, y), abs=1e-9)


def test_only_more_than_rounding_counts_as_varying():
    assert not varies(np.array([]))
    assert not varies(np.array([0.0, 0.0]))
    assert not varies(np.array([0.3, 0.1 + 0.2]))
    assert varies(np.array([0.3, 0.3001]))
