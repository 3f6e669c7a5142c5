import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.correlation import pearson, varies

REFERENCE = Path(__file__).parents[2] / "reference" / "scores"
EXPECTED = pd.read_csv(REFERENCE / "expected.csv").set_index("metric")
PAIRS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=4, max_size=30).filter(
    lambda pairs: all(len(set(side)) > 1 for side in zip(*pairs, strict=True))
)


def sides(pairs):
    x, y = zip(*pairs, strict=True)
    return np.array(x, dtype="float64"), np.array(y, dtype="float64")


@pytest.mark.parametrize("metric", EXPECTED.index)
def test_the_correlation_and_its_interval_agree_with_r(metric):
    data = pd.read_csv(REFERENCE / "scores.csv")
    x, y = (data[column].to_numpy(dtype="float64") for column in (metric, "right_percent"))
    expected = EXPECTED.loc[metric]
    assert pearson(x, y) == pytest.approx(tuple(expected[["r", "r_low", "r_high"]]), abs=1e-12)


def test_r_of_five_pairs_by_hand():
    # Deviations -2 -1 0 1 2 and -2 0 -1 2 1: r = 8 / 10, z = atanh .8 = 1.098612, half a width
    # 1.959964 / √2 = 1.385904.
    x, y = sides([(1, 1), (2, 3), (3, 2), (4, 5), (5, 4)])
    expected = 0.8, math.tanh(-0.287292), math.tanh(2.484516)
    assert pearson(x, y) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_perfect_correlation_is_its_own_interval(sign):
    x = np.array([0.0, 1.0, 2.0, 5.0])
    assert pearson(x, sign * x) == (sign, sign, sign)


@given(PAIRS)
def test_turning_one_side_around_turns_everything_around(pairs):
    x, y = sides(pairs)
    value, low, high = pearson(x, y)
    assert pearson(-x, y) == pytest.approx((-value, -high, -low), abs=1e-9)
    assert -1 <= low <= value + 1e-9
    assert value - 1e-9 <= high <= 1


@given(PAIRS)
def test_stretching_a_side_changes_no_r(pairs):
    x, y = sides(pairs)
    assert pearson(3 * x + 7, y) == pytest.approx(pearson(x, y), abs=1e-9)


def test_only_more_than_rounding_counts_as_varying():
    assert not varies(np.array([]))
    assert not varies(np.array([0.0, 0.0]))
    assert not varies(np.array([0.3, 0.1 + 0.2]))
    assert varies(np.array([0.3, 0.3001]))
