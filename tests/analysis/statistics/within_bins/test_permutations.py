import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.statistics.within_bins.correlations import partial_correlations
from analysis.statistics.within_bins.permutations import (
    AT_ONCE,
    correlations_with_errors,
    intervals,
    p_of_permutations,
    permuted,
    standardised_sums,
    studentised_ends,
)

REFERENCE = Path(__file__).parents[3] / "reference" / "scores"
METRICS = ["iou", "wsl", "distance_1"]
TWO_BINS = np.array([0, 0, 0, 1, 1, 1])
THREE_BINS = np.repeat([0, 1, 2], 16)
NONE = np.nan


def columns(*values):
    return np.array(values, dtype="float64").T


def rng(seed=1):
    return np.random.default_rng(seed)


def sums_of(scores, shares, bins, *, seed=1, n_permutations=99):
    orders = permuted(shares, bins, rng=rng(seed), n_permutations=n_permutations)
    return standardised_sums(scores, orders, bins)


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
    sums = sums_of(scores, shares, TWO_BINS, n_permutations=20_000)
    assert sums[0] == pytest.approx(expected[0])  # the first of all orders is that as it is
    exact = p_of_permutations(expected)
    assert len(set(exact[1].round(6))) > 1
    for random, own in zip(p_of_permutations(sums), exact, strict=True):
        assert random == pytest.approx(own, abs=0.012)


def test_scores_are_permuted_together_and_within_their_bin_only():
    # Two scores that are one another's opposite, and one that varies in the second bin alone.
    scores = columns([1, 2, 4, 0, 3, 5], [-1, -2, -4, 0, -3, -5], [7, 7, 7, 1, 2, 9])
    shares = np.array([20.0, 90, 60, 40, 50, 80])
    sums = sums_of(scores, shares, TWO_BINS, n_permutations=500)
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
        draw = rng(seed)
        bins = draw.integers(0, 4, 48)
        scores = bins[:, None] + draw.normal(size=(48, 7))
        shares = 50 + 10 * bins + draw.normal(0, 10, 48)
        n_found += p_of_permutations(sums_of(scores, shares, bins, seed=seed))[1].min() < 0.05
    assert n_found <= 17  # above it with a chance below .01 at 5 %


def test_an_error_by_hand():
    # One bin; u = (-1 0 0 1) / √2 and v = (-1 -1 1 1) / 2: r = 1 / √2 = .707107. Stimuli at the
    # ends add .353553 - .353553 (.5 + .25) = .088388 and the others -.353553 · .25 = -.088388.
    # Their mean is 0, so that the error is √(4 · .088388²) = .176777.
    r, error = correlations_with_errors(
        columns([-1, 0, 0, 1]), columns([-1, -1, 1, 1]), np.zeros(4, dtype="int64")
    )
    assert (r.item(), error.item()) == pytest.approx((math.sqrt(0.5), 0.1767767))


def test_errors_are_those_of_rs_package_boot():
    data = pd.read_csv(REFERENCE / "scores.csv")
    expected = pd.read_csv(REFERENCE / "expected.csv").set_index("metric").loc[METRICS]
    x, y = data[METRICS].to_numpy(dtype="float64"), data[["right_percent"]].to_numpy()
    r, error = correlations_with_errors(x, y, np.arange(len(data)) // 14)
    assert r[0] == pytest.approx(expected["r_within"].to_numpy(), abs=1e-12)
    assert error[0] == pytest.approx(expected["error_within"].to_numpy(), rel=1e-5)


def test_of_many_stimuli_with_normal_sides_the_error_is_fishers():
    # (1 - r²) / √n: Fisher 1915. A twentieth is five standard deviations of it.
    x = rng().normal(size=(20_000, 1))
    y = 0.6 * x + 0.8 * rng(2).normal(size=x.shape)
    r, error = correlations_with_errors(x, y, np.zeros(len(x), dtype="int64"))
    assert error.item() == pytest.approx((1 - r.item() ** 2) / math.sqrt(len(x)), rel=0.05)


def test_the_ends_are_fishers_z_and_as_many_errors_as_one_order_in_twenty_exceeds():
    # 39 orders beside it, of which two may exceed q: sizes of z are 1 to 39 errors, so q = 38.
    r = np.tanh(np.array([[0.5], *([0.01 * (-1) ** i * i] for i in range(1, 40))]))
    errors = 0.01 * (1 - r**2)
    low, high = studentised_ends(r, errors)
    assert (low.item(), high.item()) == pytest.approx((math.tanh(0.12), math.tanh(0.88)))


def test_an_order_on_a_line_exceeds_all_others_and_stimuli_on_a_line_have_no_width():
    r = np.array([[0.3, 1.0, -1.0], *([[1.0, 0.2, 0.1]] * 2), *([[0.1, 0.2, 0.1]] * 17)])
    errors = np.where(np.abs(r) == 1, 0, 0.1)
    low, high = studentised_ends(r, errors)
    assert (low.tolist(), high.tolist()) == ([-1, 1, -1], [1, 1, -1])


def in_plain_python(x, orders, bins):
    """Ends of a score without missing stimuli, one order and stimulus after the other."""
    codes = range(max(bins) + 1)

    def less_means(side):
        means = [np.mean([v for v, b in zip(side, bins, strict=True) if b == c]) for c in codes]
        return [v - means[b] for v, b in zip(side, bins, strict=True)]

    def unit(side):
        left = less_means(side)
        return [v / math.sqrt(sum(w * w for w in left)) for v in left]

    u, results = unit(x), []
    for order in orders:
        v = unit(order)
        r = sum(a * b for a, b in zip(u, v, strict=True))
        moved = [a * b - r / 2 * (a * a + b * b) for a, b in zip(u, v, strict=True)]
        error = math.sqrt(sum(part**2 for part in less_means(moved))) / (1 - r * r)
        results.append((math.atanh(r), error))
    q = sorted((abs(z) / error for z, error in results[1:]), reverse=True)[len(orders) // 20 - 1]
    z, error = results[0]
    return math.tanh(z - q * error), math.tanh(z + q * error)


def test_intervals_are_those_of_plain_python_over_the_stimuli_with_a_score():
    draw = rng(5)
    scores = draw.normal(size=(48, 3)) + THREE_BINS[:, None]
    scores[[3, 20, 21], 1] = NONE
    shares = 50 + 8 * np.nan_to_num(scores[:, 0]) + draw.normal(0, 10, 48)
    orders = permuted(shares, THREE_BINS, rng=draw, n_permutations=AT_ONCE + 49)
    ends = np.transpose(intervals(scores, orders, THREE_BINS))
    for x, own in zip(scores.T, ends, strict=True):
        known = np.isfinite(x)
        expected = in_plain_python(x[known], orders[:, known], THREE_BINS[known].tolist())
        assert own == pytest.approx(expected)


SIDES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-9, 9), st.integers(0, 12)), min_size=12, max_size=24
)


@given(SIDES, st.lists(st.integers(-50, 50), min_size=3, max_size=3), st.integers(1, 5))
def test_what_bins_add_to_either_side_and_the_unit_of_a_score_change_nothing(rows, shift, unit):
    bins, x, y = (np.array(side) for side in zip(*rows, strict=True))
    scores, shares = x[:, None].astype("float64"), y.astype("float64")
    assume(partial_correlations(scores, shares, bins)[1][0] > 2.5)
    added = np.array(shift, dtype="float64")[bins]
    orders, moved = (
        permuted(s, bins, rng=rng(), n_permutations=39) for s in (shares, shares - added)
    )
    others = unit * scores + added[:, None]
    sums = [standardised_sums(*sides, bins) for sides in ((scores, orders), (others, moved))]
    assert sums[0] == pytest.approx(sums[1], abs=1e-6)
    low, high = intervals(scores, orders, bins)
    assert intervals(others, moved, bins) == (
        pytest.approx(low, abs=1e-6),
        pytest.approx(high, abs=1e-6),
    )
    assert intervals(-scores, orders, bins) == (
        pytest.approx(-high, abs=1e-6),
        pytest.approx(-low, abs=1e-6),
    )
    assert -1 <= low[0] <= partial_correlations(scores, shares, bins)[0][0] + 1e-9
    assert high[0] <= 1


def skewed_study(seed, effect):
    """A log-normal score of 48 stimuli and what people know of its logarithm."""
    draw = rng(seed)
    latent = draw.normal(size=len(THREE_BINS))
    shares = 50 + 10 * (effect * latent + draw.normal(size=len(latent)))
    return np.exp(latent)[:, None], shares, draw


@pytest.mark.parametrize(("effect", "truth"), [(0.0, 0.0), (1.0, 0.53943)])
def test_intervals_of_a_skewed_score_hold_its_correlation_in_200_studies(effect, truth):
    # Cov(L, exp L) = √e and Var(exp L) = e (e - 1): r = √(1 / (e - 1) / 2) at effect 1.
    assert truth == pytest.approx(effect * math.sqrt(0.5 / (math.e - 1)), abs=1e-5)
    n_held = 0
    for seed in range(200):
        scores, shares, draw = skewed_study(seed, effect)
        orders = permuted(shares, THREE_BINS, rng=draw, n_permutations=199)
        low, high = intervals(scores, orders, THREE_BINS)
        n_held += low[0] <= truth <= high[0]
    assert 182 <= n_held <= 197  # outside with a chance below .01 at 95 %
