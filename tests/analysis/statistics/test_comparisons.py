import itertools
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analysis.statistics.comparisons import holm, mann_whitney

EXPERTS = {"gradcam": [20, 18, 18, 22, 24], "neighbours": [23, 23, 22, 22, 24, 24]}
scores = st.lists(st.integers(0, 30), min_size=1, max_size=12)
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=5)


def users(groups, n=30):
    rows = [(name, 100 * k / n) for name, right in groups.items() for k in right]
    return pd.DataFrame(rows, columns=["condition", "accuracy_percent"])


def compared(groups, alternative="two-sided"):
    a, b = groups
    return mann_whitney(users(groups), [(a, b)], alternative=alternative).iloc[0]


def test_the_papers_experts():
    row = compared(EXPERTS)
    assert round(row["p"], 3) == 0.112
    assert (row["n_a"], row["n_b"], row["u"]) == (5, 6, 6)
    assert row["cles"] == 6 / 30
    assert row["rank_biserial"] == pytest.approx(-0.6)
    assert row["difference_points"] == pytest.approx(68 - 76 - 2 / 3)


@pytest.mark.parametrize(("alternative", "p"), [("less", 0.056), ("greater", 0.962)])
def test_one_sided_tests_ask_about_the_first_against_the_second(alternative, p):
    assert compared(EXPERTS, alternative)["p"] == pytest.approx(p, abs=5e-4)


def test_three_against_three_without_ties_is_exact():
    # 1 of the 20 ways to order them is as extreme on each side: p = 2 / 20.
    assert compared({"a": [1, 2, 3], "b": [4, 5, 6]})["p"] == pytest.approx(0.1)


@settings(max_examples=40)
@given(a=scores, b=scores)
def test_u_counts_the_pairs_in_which_a_is_ahead_and_half_of_the_ties(a, b):
    by_hand = sum((x > y) + 0.5 * (x == y) for x, y in itertools.product(a, b))
    row = compared({"a": a, "b": b})
    assert row["u"] == by_hand
    assert row["cles"] == pytest.approx(by_hand / (len(a) * len(b)))


@settings(max_examples=40)
@given(a=scores, b=scores)
def test_swapping_the_groups_mirrors_the_effect_and_keeps_p(a, b):
    there, back = compared({"a": a, "b": b}), compared({"b": b, "a": a})
    assert there["cles"] == pytest.approx(1 - back["cles"])
    assert there["rank_biserial"] == pytest.approx(-back["rank_biserial"])
    assert there["p"] == pytest.approx(back["p"])
    assert there["cles_low"] == pytest.approx(1 - back["cles_high"])
    assert there["rank_biserial_high"] == pytest.approx(-back["rank_biserial_low"])


@settings(max_examples=40)
@given(a=scores, b=scores, rng=st.randoms(use_true_random=False))
def test_who_is_who_changes_nothing(a, b, rng):
    participants = users({"a": a, "b": b})
    order = list(range(len(participants)))
    rng.shuffle(order)
    there, back = (
        mann_whitney(table, [("a", "b")], alternative="two-sided")
        for table in (participants, participants.iloc[order])
    )
    pd.testing.assert_frame_equal(there, back)


def test_the_rank_biserial_correlation_has_the_interval_of_the_effect_on_its_own_scale():
    row = compared(EXPERTS)
    assert row["rank_biserial_low"] == 2 * row["cles_low"] - 1
    assert row["rank_biserial_high"] == 2 * row["cles_high"] - 1


@settings(max_examples=40)
@given(a=scores, b=scores, score=st.integers(0, 30))
def test_one_person_more_moves_n_by_one_and_the_number_of_pairs_by_the_others(a, b, score):
    before, after = compared({"a": a, "b": b}), compared({"a": [*a, score], "b": b})
    assert after["n_a"] == before["n_a"] + 1
    assert after["n_b"] == before["n_b"]
    assert 0 <= after["u"] - before["u"] <= len(b)


def test_people_who_all_score_the_same_do_not_differ():
    row = compared({"a": [15, 15], "b": [15, 15, 15]})
    assert (row["p"], row["cles"]) == (1, 0.5)


def test_holm_by_hand():
    # Sorted .01, .02, .03, .04 times 4, 3, 2, 1: .04, .06, .06, .04, and never falling.
    adjusted = holm(pd.Series([0.04, 0.01, 0.03, 0.02]))
    assert list(adjusted) == pytest.approx([0.06, 0.04, 0.06, 0.06])


@settings(max_examples=40)
@given(p_values)
def test_holm_is_the_closed_test_of_bonferroni(p):
    # Second implementation: the largest Bonferroni p of all sets of hypotheses with this one.
    sets = [c for r in range(1, len(p) + 1) for c in itertools.combinations(range(len(p)), r)]
    closed = [
        max(min(1, len(c) * min(p[k] for k in c)) for c in sets if i in c) for i in range(len(p))
    ]
    assert list(holm(pd.Series(p))) == pytest.approx(closed)


@settings(max_examples=40)
@given(p_values)
def test_holm_never_lowers_p_and_keeps_the_order(p):
    adjusted = holm(pd.Series(p))
    assert all(after >= before for before, after in zip(p, adjusted, strict=True))
    assert adjusted.max() <= 1
    assert list(adjusted.iloc[pd.Series(p).argsort()]) == sorted(adjusted)


@settings(max_examples=10)
@given(p_values)
def test_holm_is_that_of_statsmodels(p):
    theirs = multipletests(p, method="holm")[1]
    assert list(holm(pd.Series(p))) == pytest.approx(list(theirs))


def test_pairs_with_nobody_are_missing_and_do_not_count_in_the_family():
    table = mann_whitney(
        users(EXPERTS), [("gradcam", "neighbours"), ("gradcam", "nobody")], alternative="two-sided"
    )
    assert table.loc[0, "p_holm"] == table.loc[0, "p"]
    assert math.isnan(table.loc[1, "p_holm"])
