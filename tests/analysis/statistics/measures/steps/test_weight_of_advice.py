import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.measures.steps.weight_of_advice import errors, per_condition, revised
from tests.analysis.step_tables import steps_of


def trial(first, last, advice, truth=None, **facts):
    """A number alone and one with the AI's; a slider of which nothing is right lies between."""
    common = {"kind": "number", "truth": truth and str(truth), "advice": str(advice), **facts}
    return [
        {**common, "step": "alone", "value": str(first)},
        {"step": "sure", "kind": "slider", "value": "70", "shows": "own"},
        {**common, "step": "advised", "value": str(last), "shows": "photo answer own"},
    ]


def test_the_weight_is_the_share_of_the_way_to_the_advice():
    trials = [trial(10, 10, 20), trial(10, 15, 20), trial(20, 10, 10), trial(10, 5, 20)]
    trials += [trial(10, 26, 20), trial(7, 9, 7)]
    numbers = revised(steps_of(trials))
    assert numbers["weight"].tolist()[:5] == [0, 0.5, 1, -0.5, 1.6]
    assert math.isnan(numbers["weight"][5])
    row = per_condition(numbers, ["a", "b"]).iloc[0]
    assert (row["n_trials"], row["n_undefined"], row["n_away"], row["n_beyond"]) == (5, 1, 1, 1)
    assert row["median"] == 0.5
    assert row["mean"] == pytest.approx(2.6 / 5)
    assert row["bounded"] == pytest.approx(2.5 / 5)
    assert row[["median_low", "bounded_low", "mean_low"]].isna().all()


def test_errors_are_distances_from_the_truth_before_and_after():
    trials = [trial(10, 16, 20, truth=18), trial(30, 24, 20, truth=18), trial(5, 5, 6)]
    row = errors(revised(steps_of(trials)), ["a"]).iloc[0]
    assert row["n_trials"] == 2
    assert (row["before"], row["after"], row["gain"]) == ((8 + 12) / 2, (2 + 6) / 2, 6)
    assert row["ai_error"] == 2


def test_a_slider_is_an_estimate_where_a_place_on_it_can_be_right():
    trials = [trial(10, 15, 20, truth=18, kind="slider"), trial(10, 15, 20, kind="slider")]
    numbers = revised(steps_of(trials))
    assert numbers["weight"].tolist() == [0.5]
    assert numbers["first"].tolist() == [10]


def test_what_the_ai_is_thought_to_say_is_no_estimate():
    steps = steps_of([trial(10, 15, 20, truth=20)])
    assert revised(steps, predicting=["alone"]).empty
    assert len(revised(steps)) == 1


def test_people_without_the_ai_and_labels_that_are_no_numbers_have_no_weight():
    alone = steps_of([trial(10, 15, 20)]).iloc[:2]
    assert revised(alone).empty
    assert revised(steps_of([trial(10, 15, "viceroy")])).empty
    assert per_condition(revised(alone), ["a"]).empty
    assert errors(revised(alone), ["a"]).empty


@settings(max_examples=25)
@given(st.lists(st.tuples(*[st.integers(-50, 50)] * 3), min_size=1, max_size=8))
def test_weights_do_not_depend_on_the_unit_of_the_numbers(numbers):
    scaled = [tuple(-4 * n + 8 for n in three) for three in numbers]
    one, other = (revised(steps_of([trial(*n) for n in all_])) for all_ in (numbers, scaled))
    pd.testing.assert_series_equal(one["weight"], other["weight"])


@settings(max_examples=25)
@given(st.lists(st.tuples(*[st.integers(-50, 50)] * 3), min_size=1, max_size=8))
def test_weights_are_those_of_a_loop_over_the_trials(numbers):
    ours = revised(steps_of([trial(*n) for n in numbers]))["weight"].dropna().tolist()
    assert ours == [(last - first) / (ai - first) for first, last, ai in numbers if ai != first]
