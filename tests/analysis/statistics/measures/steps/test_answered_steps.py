import pandas as pd

from analysis.statistics.measures.steps.answered_steps import advised, latest_before, of_the_test
from tests.analysis.step_tables import steps_of


def test_only_natural_test_trials_of_analysed_people_count_in_the_order_of_their_steps():
    trial = [{"step": "last", "step_index": 1}, {"step": "first", "step_index": 0}]
    steps = steps_of([trial] * 4).drop(columns=["ai_right", "advised"])
    steps.loc[steps["participant_id"] == "p001", "phase"] = "practice"
    responses = pd.DataFrame(
        {
            "participant_id": ["p000", "p001", "p002", "p003"],
            "phase": ["test", "practice", "test", "test"],
            "trial_index": 0,
            "kind": ["natural", "natural", "adversarial", "natural"],
            "ai_right": [False, True, True, True],
        }
    )
    rows = of_the_test(steps, responses, ["p000", "p001", "p002"])
    assert rows[["participant_id", "step"]].to_numpy().tolist() == [
        ["p000", "first"],
        ["p000", "last"],
    ]
    assert not rows["ai_right"].any()


def test_a_step_that_shows_the_answer_or_the_best_answers_tells_what_the_ai_says():
    shows = pd.Series(["photo", "photo answer", "photo best panels", None, "card own"])
    assert advised(shows).tolist() == [False, True, True, False, False]


def test_the_latest_earlier_step_is_one_of_the_same_trial():
    steps = steps_of([[{"step": "a", "value": v} for v in "xyz"], [{"step": "a", "value": "w"}]])
    before = latest_before(steps, "value", steps["value"] != "y")
    assert before.isna().tolist() == [True, False, False, True]
    assert before.dropna().tolist() == ["x", "x"]
