import math

import numpy as np
import pytest

from analysis.statistics.measures.steps import stated_confidence
from analysis.statistics.measures.steps.stated_confidence import (
    by_tenth,
    changes,
    is_confidence,
    per_condition,
    stated,
)
from tests.analysis.step_tables import step, steps_of

OPTIONS = {"alone": 4, "advised": 4}


def declared(kind="slider", low=0, high=100, **facts):
    return [
        step("alone", "choice", options="classes", truth="label"),
        step("sure", kind, shows=["own"], low=low, high=high, **facts),
        step("advised", "choice", shows=["answer"], options="classes", truth="label"),
        step("surer", kind, shows=["own"], low=low, high=high, **facts),
    ]


def trial(first, second, kind="slider"):
    """Two answers, each a pair of whether it is right and how sure the person is."""
    steps = []
    for name, sure, shows, (right, value) in (
        ("alone", "sure", "photo", first),
        ("advised", "surer", "photo answer own", second),
    ):
        said = "monarch" if right else "viceroy"
        steps += [
            {
                "step": name,
                "kind": "choice",
                "shows": shows,
                "value": said,
                "truth": "monarch",
            },
            {"step": sure, "kind": kind, "shows": "own", "value": str(value)},
        ]
    return steps


TRIALS = [
    trial((True, 80), (True, 90)),
    trial((True, 60), (False, 60)),
    trial((False, 20), (True, 70)),
    trial((False, 80), (True, 100)),
]


def told(trials=TRIALS, steps=None):
    return stated(steps_of(trials), steps or declared(), OPTIONS)


def test_a_confidence_is_about_the_latest_answer_that_can_be_right():
    table = told()
    assert table["about"].tolist() == ["alone"] * 4 + ["advised"] * 4
    assert table["advised"].tolist() == [False] * 4 + [True] * 4
    assert table["right"].tolist() == [1, 1, 0, 0, 1, 0, 1, 1]
    assert table["probability"].tolist() == [0.8, 0.6, 0.2, 0.8, 0.9, 0.6, 0.7, 1.0]


def test_calibration_is_mean_confidence_less_accuracy():
    before, after = (row for _, row in per_condition(told(), ["a"]).iterrows())
    assert (before["confidence_percent"], before["accuracy_percent"]) == pytest.approx((60, 50))
    assert before["calibration_points"] == pytest.approx(10)
    assert after["calibration_points"] == pytest.approx(80 - 75)
    assert before["brier"] == pytest.approx((0.04 + 0.16 + 0.04 + 0.64) / 4)
    assert (before["when_right_percent"], before["when_wrong_percent"]) == pytest.approx((70, 50))
    assert before[["low_points", "brier_low"]].isna().all()


def test_a_confidence_below_one_in_so_many_options_contradicts_the_answer():
    before, after = (row for _, row in per_condition(told(), ["a"]).iterrows())
    assert (before["chance_percent"], before["below_chance_percent"]) == (25, 25)
    assert after["below_chance_percent"] == 0
    unknown = per_condition(stated(steps_of(TRIALS), declared(), {}), ["a"])
    assert unknown["below_chance_percent"].isna().all()


def test_the_change_is_of_the_same_trials():
    row = changes(told(), ["a"]).iloc[0]
    assert row["n_trials"] == 4
    assert row["confidence"] == pytest.approx(20)
    assert row["accuracy"] == pytest.approx(25)
    assert row["calibration"] == pytest.approx(-5)
    after = np.array([0.01, 0.36, 0.09, 0]).mean()
    assert row["brier"] == pytest.approx(after - 0.22)


def test_how_sure_people_are_of_what_the_ai_says_is_another_question():
    predict = step("predict", "choice", options="classes", truth="ai_answer")
    last = step("surest", "slider", shows=["own"], low=0, high=100)
    more = [
        {"step": "predict", "kind": "choice", "value": "comma", "truth": "monarch"},
        {"step": "surest", "kind": "slider", "shows": "own", "value": "3"},
    ]
    table = told([[*steps, *more] for steps in TRIALS], [*declared(), predict, last])
    assert table["about"].tolist()[-4:] == ["predict"] * 4
    assert changes(table, ["a"]).equals(changes(told(), ["a"]))
    assert changes(table, ["a"])["about"].tolist() == ["advised"]


def test_who_is_asked_once_changes_nothing():
    assert changes(told([trial[:2] for trial in TRIALS]), ["a"]).empty
    assert changes(told([]), ["a"]).empty


def test_a_slider_from_fifty_begins_at_one_half():
    table = told(steps=declared(low=50))
    assert table["probability"].tolist()[0] == 0.8
    assert table["place"].tolist()[0] == pytest.approx(0.6)


def test_scales_and_other_sliders_are_no_probabilities_and_only_their_places_are_told():
    labels = ["no", "maybe", "yes"]
    words = [trial((True, "yes"), (False, "maybe"), "scale")]
    scale = told(words, declared("scale", low=None, high=None, options=labels))
    assert scale["place"].tolist() == [1.0, 0.5]
    points = told(TRIALS, declared(low=-100))
    for table in (scale, points):
        row = per_condition(table, ["a"]).iloc[0]
        assert math.isnan(row["brier"])
        assert math.isnan(row["calibration_points"])
        assert row["missing_because"] == stated_confidence.NO_PROBABILITY
        assert not math.isnan(row["when_right_percent"])
        assert by_tenth(table, ["a"]).empty


def test_a_slider_that_can_be_right_or_shows_no_answer_is_no_confidence():
    assert is_confidence(declared()[1])
    assert not is_confidence(step("n", "slider", shows=["own"], truth="label"))
    assert not is_confidence(step("n", "slider", shows=["photo"]))
    assert not is_confidence(step("n", "number", shows=["own"]))


def test_a_curve_has_the_share_of_right_answers_in_each_tenth():
    curve = by_tenth(told(), ["a"])
    before = curve[~curve["advised"]].set_index("from_percent")
    assert before["n_trials"].to_dict() == {20: 1, 60: 1, 80: 2}
    assert before["accuracy_percent"].to_dict() == {20: 0, 60: 100, 80: 50}
    after = curve[curve["advised"]].set_index("from_percent")
    assert after["confidence_percent"].to_dict() == pytest.approx({60: 60, 70: 70, 90: 95})
    assert curve["low_percent"].isna().all()


def test_without_steps_there_is_no_confidence():
    assert stated(steps_of([]), [], {}).empty
    assert per_condition(stated(steps_of([]), declared(), {}), ["a"]).empty
    assert by_tenth(stated(steps_of([]), declared(), {}), ["a"]).empty
