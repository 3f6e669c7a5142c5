import time

import numpy as np
import pandas as pd
import pytest

from analysis.report.phrasing.selection import selections_in_words
from analysis.statistics.sample import selection
from analysis.statistics.trimming import group_of


def study(**conditions):
    """People by condition: the values of those analysed, how many failed the gate, and left."""
    rows = []
    for name, (kept, below, left) in conditions.items():
        rows += [(name, "completed", value) for value in kept]
        rows += [(name, "completed", None)] * below + [(name, "returned", None)] * left
    people = pd.DataFrame(rows, columns=["condition", "outcome", "value"])
    people = people.assign(participant_id=range(len(people)), simulated=False, consented_at="then")
    return people, people.set_index("participant_id")["value"].dropna()


def bounds_of(**conditions):
    people, values = study(**conditions)
    pairs = [tuple(conditions)]
    rng = np.random.default_rng(1)
    return selection.selection_bounds(people, values, pairs, rehearsal=False, rng=rng).iloc[0]


def in_words(row):
    (text,) = selections_in_words(pd.DataFrame([row]), "points")
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_dropout_in_one_condition_is_bounded_by_lee():
    row = bounds_of(a=([10, 20, 20, 20], 0, 1), b=([10, 20], 0, 3))
    assert row["n_assigned_a"] == row["n_assigned_b"] == 5
    assert (row["n_analysed_a"], row["n_analysed_b"]) == (4, 2)
    assert row["selection"] == selection.MONOTONE
    assert (row["difference"], row["low"], row["high"]) == (2.5, 0, 5)
    assert np.isnan(row["interval_low"])
    assert "too few people" in row["missing_because"]
    assert "the difference loses its sign" in in_words(row)


def test_where_dropout_and_gate_point_in_opposite_directions_nothing_is_taken_to_be_monotone():
    # a lost two of 12 by dropout and none by the gate, b none and one.
    row = bounds_of(a=(range(10), 0, 2), b=(range(11), 1, 0))
    assert row["selection"] == selection.CROSSED
    # Always kept: 10/12 + 11/12 - 1 = 9/12, nine of each.
    assert (row["low"], row["high"]) == pytest.approx((4 - 6, 5 - 4))
    assert "whichever way conditions select" in in_words(row)


def test_where_so_few_were_kept_that_nobody_need_be_in_both_there_is_no_bound():
    row = bounds_of(a=([1, 2], 0, 3), b=([1, 2], 3, 0))
    assert np.isnan(row["low"])
    assert "nobody need be analysed in either condition" in in_words(row)


def test_two_groups_that_were_kept_alike_have_their_difference():
    row = bounds_of(a=(range(30), 3, 3), b=(range(1, 31), 3, 3))
    assert row["selection"] == selection.ALIKE
    assert (row["low"], row["high"]) == (-1, -1)
    assert row["interval_low"] < -1 < row["interval_high"]
    assert "so the bounds are the difference" in in_words(row)


def test_with_everybody_kept_the_interval_is_that_of_a_difference_of_means():
    rng = np.random.default_rng(3)
    a, b = rng.normal(70, 8, 60), rng.normal(60, 8, 60)
    row = bounds_of(a=(a, 0, 0), b=(b, 0, 0))
    half = 2.001 * np.sqrt(a.var() / 60 + b.var() / 60)
    assert row["interval_high"] - row["difference"] == pytest.approx(half, rel=0.06)
    assert row["difference"] - row["interval_low"] == pytest.approx(half, rel=0.06)


def test_a_condition_with_nobody_left_is_named():
    row = bounds_of(a=([1], 0, 0), b=([], 0, 2))
    assert in_words(row) == "“a” − “b”: “b” has nobody to analyse."


def test_many_pairs_are_told_in_one_sentence():
    row = bounds_of(a=([10, 20, 20, 20], 0, 1), b=([10, 20], 0, 3))
    clear = row.copy()
    clear["low"], clear["condition_a"] = 1.0, "c"
    (text,) = selections_in_words(pd.DataFrame([row, *[clear] * 5]), "points")
    assert text == "Of 6 differences, 5 keep their sign under the selection; not “a” − “b”."


def test_gate_and_dropout_that_lose_the_same_share_by_different_ways_still_select_differently():
    groups = group_of(np.arange(8.0), 10), group_of(np.arange(8.0), 10)
    assert selection.selection_of(*groups, 2, 0) == selection.CROSSED
    assert selection.selection_of(*groups, 1, 1) == selection.ALIKE


def test_a_thousand_resamples_of_two_hundred_people_take_no_time():
    rng = np.random.default_rng(1)
    people, values = study(
        a=(rng.integers(10, 31, 180), 10, 10), b=(rng.integers(10, 31, 150), 25, 25)
    )
    start = time.process_time()
    selection.selection_bounds(people, values, [("a", "b")], rehearsal=False, rng=rng)
    assert time.process_time() - start < 0.5
