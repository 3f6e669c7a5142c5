import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.statistics.within_bins.correlations import (
    column_correlations,
    deviations,
    partial_correlations,
)

TWO_BINS = np.array([0, 0, 0, 1, 1, 1])
NONE = np.nan


def columns(*values):
    return np.array(values, dtype="float64").T


def made_up(seed, n=40, n_scores=3, missing=0.2):
    """Scores, of which some are missing, and shares, all of them driven by bins."""
    draw = np.random.default_rng(seed)
    bins = draw.integers(0, 4, n)
    scores = bins[:, None] + draw.normal(size=(n, n_scores))
    scores[draw.random(scores.shape) < missing] = NONE
    return scores, 50 + 10 * bins + draw.normal(0, 10, n), bins


def test_a_partial_correlation_by_hand():
    # Less the means of bins: x = -1 0 1, -2 0 2 and y = -5 5 0, 0 -10 10, so that
    # Σxx = 2 + 8, Σyy = 50 + 200, Σxy = 5 + 20: r = 25 / √(10 · 250) = .5.
    # V = (2 · 50 / 2 + 8 · 200 / 2) / (10 · 250) = .34.
    x, y = columns([1, 2, 3, 10, 12, 14]), np.array([50.0, 60, 55, 80, 70, 90])
    r, df = (float(v[0]) for v in partial_correlations(x, y, TWO_BINS))
    assert (r, df) == pytest.approx((0.5, 1 / 0.34))


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_correlation_of_what_a_regression_on_bins_leaves(seed):
    scores, shares, bins = made_up(seed)
    r = partial_correlations(scores, shares, bins)[0]
    for own, x in zip(r, scores.T, strict=True):
        known = np.isfinite(x)
        indicators = (bins[known, None] == np.arange(4)).astype("float64")
        residuals = [
            side - indicators @ np.linalg.lstsq(indicators, side, rcond=None)[0]
            for side in (x[known], shares[known])
        ]
        assert own == pytest.approx(np.corrcoef(*residuals)[0, 1])
        # And by t of the score in statsmodels' regression of shares on both: r = t / √(t² + df).
        fitted = sm.OLS(shares[known], np.column_stack([x[known], indicators])).fit()
        t = fitted.tvalues[0]
        assert own == pytest.approx(t / math.sqrt(t**2 + fitted.df_resid))


def test_bins_that_spread_alike_cost_a_degree_of_freedom_each():
    x = columns([0, 1, 2, 5, 6, 7])
    shares = np.array([10.0, 30, 20, 70, 60, 80])
    assert partial_correlations(x, shares, TWO_BINS)[1] == pytest.approx([6 - 2])
    assert partial_correlations(x, shares, np.zeros(6, dtype="int64"))[1] == pytest.approx([6 - 1])


SIDES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-9, 9), st.integers(0, 12)), min_size=8, max_size=24
)


@given(SIDES, st.lists(st.integers(-50, 50), min_size=3, max_size=3), st.integers(1, 5))
def test_what_bins_add_to_either_side_and_the_unit_of_a_score_change_nothing(rows, shift, unit):
    bins, x, y = (np.array(side) for side in zip(*rows, strict=True))
    scores, shares = x[:, None].astype("float64"), y.astype("float64")
    added = np.array(shift, dtype="float64")[bins]
    before = partial_correlations(scores, shares, bins)
    assume(before[1][0] > 2.5)
    after = partial_correlations(unit * scores + added[:, None], shares - added, bins)
    assert np.array(after) == pytest.approx(np.array(before), abs=1e-9)
    assert partial_correlations(-scores, shares, bins)[0] == pytest.approx(-before[0], abs=1e-9)


def test_a_side_that_rounding_alone_varies_within_bins_has_no_correlation():
    x = columns([0.3, 0.1 + 0.2, 0.3, 0.7, 0.7, 0.7], [1, 2, 3, 1, 2, 4])
    r, df = partial_correlations(x, np.array([1.0, 2, 3, 1, 5, 3]), TWO_BINS)
    assert np.isnan([r[0], df[0]]).all()
    assert np.isfinite(r[1])
    assert deviations(x, TWO_BINS)[:, 0].tolist() == [0] * 6
    assert np.isnan(column_correlations(x, x[:, ::-1], TWO_BINS)).all()
