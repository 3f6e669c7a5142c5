import itertools
import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import reliability
from analysis.statistics.reliability import spearman_brown, split_halves

COUNTS = st.lists(
    st.integers(2, 7).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    min_size=4,
    max_size=12,
)


def arrays(counts):
    participants, right = zip(*counts, strict=True)
    return np.array(participants), np.array(right)


def shares_of(counts, condition="a", bins="easy"):
    participants, right = arrays(counts)
    columns = {"condition": condition, "n_people": participants, "n_right": right, "bin": bins}
    return pd.DataFrame(columns)


def halves_of(counts, n_splits=200):
    """Correlations of halves over all stimuli."""
    one_bin = np.zeros(len(counts), dtype="int64")
    return split_halves(*arrays(counts), one_bin, rng=rng(), n_splits=n_splits)[0]


def rng(seed=1):
    return np.random.default_rng(seed)


def test_the_halves_of_five_stimuli_with_two_people_each_by_hand():
    # Halves are one person each. Two stimuli both have right, two both wrong, and one is right
    # in either half: phi = (2 · 2 - 0 · 1) / √(3 · 2 · 3 · 2) = 2 / 3 in every split.
    counts = [(2, 2), (2, 2), (2, 0), (2, 0), (2, 1)]
    halves = halves_of(counts)
    assert halves == pytest.approx(np.full(200, 2 / 3))
    row = reliability.per_condition(shares_of(counts), ["a"]).iloc[0]
    assert row["half_r"] == pytest.approx(2 / 3)
    assert row["reliability"] == pytest.approx(0.8)
    assert row["largest_r"] == pytest.approx(math.sqrt(0.8))
    assert (row["n_stimuli"], row["mean_people"], row["reason"]) == (5, 2, "")
    # One bin is no bin.
    names = ["half_r", "reliability", "largest_r"]
    assert [row[name] for name in names] == [row[f"{name}_within"] for name in names]


def test_halves_that_agree_on_bins_alone_are_reliable_over_all_and_not_within_bins():
    # In easy both of two are right, in hard neither. One stimulus of each has one of each sort,
    # who are apart: what varies within a bin in one half does not in the other, so r is 0.
    counts = [(2, 2), (2, 2), (2, 1), (2, 0), (2, 0), (2, 1)]
    row = reliability.per_condition(shares_of(counts, bins=["easy"] * 3 + ["hard"] * 3), ["a"])
    row = row.iloc[0]
    assert 0 < row["half_r"] < 1
    assert row["reliability"] > 0
    assert row["half_r_within"] == 0
    assert pd.isna([row["reliability_within"], row["largest_r_within"]]).all()
    assert row["reason"] == reliability.APART_WITHIN


@pytest.mark.parametrize(("half_r", "expected"), [(0.5, 2 / 3), (1, 1), (1 / 3, 0.5)])
def test_spearman_and_brown_by_hand(half_r, expected):
    assert spearman_brown(half_r) == pytest.approx(expected)


def test_people_who_all_copy_one_another_are_perfectly_reliable():
    counts = [(2, 2), (3, 0), (4, 4), (5, 0), (6, 6)]
    row = reliability.per_condition(shares_of(counts), ["a"]).iloc[0]
    assert (row["half_r"], row["reliability"], row["largest_r"]) == pytest.approx((1, 1, 1))


def test_random_halves_average_to_what_every_possible_split_averages_to():
    counts = [(4, 3), (4, 1), (2, 1), (3, 3), (3, 1), (2, 0)]
    halves = halves_of(counts, n_splits=6_000)
    assert np.nanmean(halves) == pytest.approx(mean_of_every_split(counts), abs=0.015)


def mean_of_every_split(counts):
    """Answers split one by one, in plain Python: all splits, an odd one out in either half."""
    correlations = []
    for splits in itertools.product(*(weighted_splits(n, k) for n, k in counts)):
        weight = math.prod(weight for weight, _, _ in splits)
        first, second = ([s[half] for s in splits] for half in (1, 2))
        if len(set(first)) > 1 and len(set(second)) > 1:
            correlations.append((weight, statistics.correlation(first, second)))
    return sum(weight * r for weight, r in correlations) / sum(weight for weight, _ in correlations)


def weighted_splits(n, k):
    answers = [1] * k + [0] * (n - k)
    shares = {}
    for size in {n // 2, n - n // 2}:
        chosen = list(itertools.combinations(range(n), size))
        for half in chosen:
            a = sum(answers[i] for i in half)
            key = (a / size, (k - a) / (n - size))
            shares[key] = shares.get(key, 0) + 1 / len(chosen)
    return [(weight, *key) for key, weight in shares.items()]


@given(COUNTS, st.randoms())
def test_neither_the_order_nor_the_names_of_stimuli_matter(counts, random):
    shuffled = random.sample(counts, len(counts))
    once, again = (halves_of(c, n_splits=5) for c in (counts, shuffled))
    assert once.tolist() == pytest.approx(again.tolist(), nan_ok=True)


@settings(max_examples=20)  # each is 400 splits
@given(COUNTS)
def test_calling_right_wrong_and_wrong_right_keeps_every_value_in_bounds(counts):
    for each in (counts, [(n, n - k) for n, k in counts]):
        row = reliability.per_condition(shares_of(each), ["a"]).iloc[0]
        assert (row["reason"] == "") == (0 < row["reliability"] <= 1 + 1e-12)
        assert pd.isna(row["largest_r"]) == (row["reason"] != "")


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([(2, 2), (2, 0), (2, 1)], reliability.FEW),
        ([(4, 4)] * 6, reliability.FLAT),
        ([(2, 1)] * 6, reliability.APART),  # a half that is right faces one that is wrong
    ],
)
def test_answers_that_cannot_carry_a_correlation_say_why(counts, reason):
    row = reliability.per_condition(shares_of(counts), ["a"]).iloc[0]
    assert row["reason"] == reason
    assert pd.isna(row["reliability"])
    assert pd.isna(row["largest_r"])


def test_a_condition_does_not_depend_on_the_others_and_nobody_is_no_error():
    own = shares_of([(4, 3), (4, 1), (3, 2), (5, 5), (2, 0)])
    other = shares_of([(3, 3), (3, 1), (4, 2), (5, 1), (2, 2)], condition="b")
    alone = reliability.per_condition(own, ["a"])
    both = reliability.per_condition(pd.concat([other, own]), ["b", "a", "nobody"])
    pd.testing.assert_frame_equal(both[both["condition"] == "a"].reset_index(drop=True), alone)
    nobody = both.iloc[2]
    assert (nobody["n_stimuli"], nobody["reason"]) == (0, reliability.FEW)
    assert pd.isna(nobody["mean_people"])
