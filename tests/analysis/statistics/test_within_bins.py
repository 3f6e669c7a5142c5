import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.statistics.within_bins import (
    column_correlations,
    deviations,
    p_of_permutations,
    partial_correlations,
    permuted_sums,
)

REFERENCE = Path(__file__).parents[2] / "reference" / "scores"
EXPECTED = pd.read_csv(REFERENCE / "expected.csv").set_index("metric")
TWO_BINS = np.array([0, 0, 0, 1, 1, 1])
NONE = np.nan


def columns(*values):
    return np.array(values, dtype="float64").T


def rng(seed=1):
    return np.random.default_rng(seed)


def made_up(seed, n=40, n_scores=3, missing=0.2):
    """Scores, of which some are missing, and shares, all of them driven by bins."""
    draw = rng(seed)
    bins = draw.integers(0, 4, n)
    scores = bins[:, None] + draw.normal(size=(n, n_scores))
    scores[draw.random(scores.shape) < missing] = NONE
    return scores, 50 + 10 * bins + draw.normal(0, 10, n), bins


def test_a_partial_correlation_and_its_interval_by_hand():
    # Less the means of bins: x = -1 0 1, -2 0 2 and y = -5 5 0, 0 -10 10, so that
    # Σxx = 2 + 8, Σyy = 50 + 200, Σxy = 5 + 20: r = 25 / √(10 · 250) = .5.
    # V = (2 · 50 / 2 + 8 · 200 / 2) / (10 · 250) = .34: z = atanh .5 ± 1.959964 / √(1 / .34 - 2).
    x, y = columns([1, 2, 3, 10, 12, 14]), np.array([50.0, 60, 55, 80, 70, 90])
    r, df, low, high = (float(v[0]) for v in partial_correlations(x, y, TWO_BINS))
    assert (r, df) == pytest.approx((0.5, 1 / 0.34))
    half = 1.959964 / math.sqrt(1 / 0.34 - 2)
    assert (low, high) == pytest.approx((math.tanh(0.549306 - half), math.tanh(0.549306 + half)))


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


@pytest.mark.parametrize("metric", EXPECTED.index)
def test_with_one_bin_it_is_rs_correlation_and_interval(metric):
    data = pd.read_csv(REFERENCE / "scores.csv")
    scores, shares = data[[metric]].to_numpy(dtype="float64"), data["right_percent"].to_numpy()
    r, df, low, high = partial_correlations(scores, shares, np.zeros(len(data), dtype="int64"))
    assert df == pytest.approx([len(data) - 1])
    expected = EXPECTED.loc[metric, ["r", "r_low", "r_high"]]
    assert np.concatenate([r, low, high]) == pytest.approx(expected.to_numpy(), abs=1e-12)


def test_bins_that_spread_alike_cost_a_degree_of_freedom_each():
    x = columns([0, 1, 2, 5, 6, 7])
    shares = np.array([10.0, 30, 20, 70, 60, 80])
    assert partial_correlations(x, shares, TWO_BINS)[1] == pytest.approx([6 - 2])


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
    assert np.array(after) == pytest.approx(np.array(before), abs=1e-9, nan_ok=True)
    turned = np.array(partial_correlations(-scores, shares, bins))
    assert turned[[0, 2, 3]] == pytest.approx(-np.array(before)[[0, 3, 2]], abs=1e-9)
    sums = [
        permuted_sums(s, t, bins, rng=rng(), n_permutations=9)
        for s, t in ((scores, shares), (scores + added[:, None], shares - added))
    ]
    assert sums[0] == pytest.approx(sums[1], abs=1e-6)


def test_a_side_that_rounding_alone_varies_within_bins_has_no_correlation():
    x = columns([0.3, 0.1 + 0.2, 0.3, 0.7, 0.7, 0.7], [1, 2, 3, 1, 2, 4])
    r, df, low, high = partial_correlations(x, np.array([1.0, 2, 3, 1, 5, 3]), TWO_BINS)
    assert np.isnan([r[0], df[0], low[0], high[0]]).all()
    assert np.isfinite(r[1])
    assert deviations(x, TWO_BINS)[:, 0].tolist() == [0] * 6
    assert np.isnan(column_correlations(x, x[:, ::-1], TWO_BINS)).all()


def every_order(scores, shares, bins):
    """Sums of every order within two bins, standardised over them, in plain Python."""
    members = [np.flatnonzero(bins == code) for code in (0, 1)]
    rows = []
    for first, second in itertools.product(*(itertools.permutations(m) for m in members)):
        row = []
        for x in scores.T:
            left = [x[i] - np.nanmean(x[m]) for m in members for i in m]
            order = [shares[i] for i in (*first, *second)]
            row.append(sum(a * b for a, b in zip(left, order, strict=True) if a == a))
        rows.append(row)
    sums = np.array(rows)
    return (sums - sums.mean(axis=0)) / sums.std(axis=0)


def test_random_orders_tend_to_what_every_order_gives():
    scores = columns([1, 4, 2, 0, 3, 5], [2, 2, 5, 9, 1, NONE], [0, 1, 1, 1, 0, 0])
    shares = np.array([20.0, 90, 60, 40, 50, 80])
    expected = every_order(scores, shares, TWO_BINS)
    sums = permuted_sums(scores, shares, TWO_BINS, rng=rng(), n_permutations=20_000)
    assert sums[0] == pytest.approx(expected[0])  # the first of all orders is that as it is
    exact = p_of_permutations(expected)
    assert len(set(exact[1].round(6))) > 1
    for random, own in zip(p_of_permutations(sums), exact, strict=True):
        assert random == pytest.approx(own, abs=0.012)


def test_scores_are_permuted_together_and_within_their_bin_only():
    # Two scores that are one another's opposite, and one that varies in the second bin alone.
    scores = columns([1, 2, 4, 0, 3, 5], [-1, -2, -4, 0, -3, -5], [7, 7, 7, 1, 2, 9])
    shares = np.array([20.0, 90, 60, 40, 50, 80])
    sums = permuted_sums(scores, shares, TWO_BINS, rng=rng(), n_permutations=500)
    assert sums[:, 0] == pytest.approx(-sums[:, 1])
    assert len(set(sums[:, 2].round(6))) == 6  # of three stimuli
    p, adjusted = p_of_permutations(sums)
    assert p[0] == p[1]
    assert (adjusted >= p).all()


def test_p_counts_the_order_as_it_is_and_a_family_of_one_needs_no_adjustment():
    p, adjusted = p_of_permutations(np.array([[3.0], [1], [-3], [2]]))
    assert (p.tolist(), adjusted.tolist()) == ([0.5], [0.5])
    p, adjusted = p_of_permutations(np.array([[3.0, 1], [1, 4], [2, 0], [0, 2]]))
    assert p.tolist() == [0.25, 0.75]
    assert adjusted.tolist() == [0.5, 1.0]


def test_in_200_studies_that_bins_alone_drive_few_families_have_a_small_p():
    n_found = 0
    for seed in range(200):
        scores, shares, bins = made_up(seed, n=48, n_scores=7, missing=0)
        sums = permuted_sums(scores, shares, bins, rng=rng(seed), n_permutations=99)
        n_found += p_of_permutations(sums)[1].min() < 0.05
    assert n_found <= 17  # above it with a chance below .01 at 5 %
