import pytest

from analysis.statistics.measures.steps.forward_simulation import (
    is_prediction,
    per_condition,
    predictions,
)
from tests.analysis.step_tables import step, steps_of

PREDICT = step("predict", "choice", options="classes", truth="ai_answer")


def trial(said, ai, true):
    return [
        {"step": "predict", "kind": "choice", "value": said, "truth": ai, "ai_right": ai == true}
    ]


TRIALS = [("x", "x", "x"), ("y", "x", "x"), ("x", "y", "x"), ("y", "y", "x"), ("z", "y", "x")]


def guesses():
    true_labels = {f"s{n:03d}": true for n, (_, _, true) in enumerate(TRIALS)}
    return predictions(steps_of([trial(*t) for t in TRIALS]), [PREDICT], true_labels)


def test_where_the_ai_is_wrong_naming_the_ai_and_naming_the_picture_part():
    table = per_condition(guesses(), ["a"], {"predict": 4}).set_index(
        per_condition(guesses(), ["a"], {})["ai_right"].map({True: "right", False: "wrong"})
    )
    both, right, wrong = (row for _, row in table.iterrows())
    assert (both["n_trials"], right["n_trials"], wrong["n_trials"]) == (5, 2, 3)
    assert both["accuracy_percent"] == pytest.approx(40)
    assert (right["accuracy_percent"], right["true_label_percent"]) == (50, 50)
    assert wrong["accuracy_percent"] == pytest.approx(100 / 3)
    assert wrong["true_label_percent"] == pytest.approx(100 / 3)
    assert set(table["chance_percent"]) == {25}


def test_chance_is_missing_where_nobody_knows_how_many_were_offered():
    assert per_condition(guesses(), ["a"], {})["chance_percent"].isna().all()
    assert per_condition(guesses(), ["a"], {"predict": None})["chance_percent"].isna().all()


def test_only_choices_of_what_the_ai_says_are_predictions():
    assert is_prediction(PREDICT)
    assert not is_prediction(step("name", "choice", options="classes", truth="label"))
    assert not is_prediction(step("guess", "number", truth="ai_answer"))
    assert predictions(steps_of([trial("x", "x", "x")]), [], {}).empty
