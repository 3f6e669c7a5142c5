"""The gate: enough right validation answers, and nobody fails where there is none."""

from types import SimpleNamespace

import pytest

from stimuli.study import Gate, Phase
from study_app import gate
from study_app.decisions import DecisionScore
from study_app.gate import passes, passes_gate


@pytest.mark.parametrize(
    ("min_correct", "n_right", "is_passed"),
    [(8, 7, False), (8, 8, True), (8, 10, True), (1, 0, False), (1, 1, True)],
)
def test_as_many_right_answers_as_the_gate_asks_for_pass(min_correct, n_right, is_passed):
    assert passes(Gate(min_correct=min_correct), n_right) is is_passed


@pytest.mark.parametrize(
    ("n_right", "is_passed"), [(None, False), (0, False), (7, False), (8, True), (10, True)]
)
def test_a_participant_passes_by_the_right_answers_of_the_validation(
    monkeypatch, n_right, is_passed
):
    """None stands for somebody who decided nothing, and has no score."""

    def scores(_, phase, *criteria):
        assert phase is Phase.VALIDATION
        assert len(criteria) == 1
        if n_right is None:
            return {}
        return {4: DecisionScore(condition="confidence", n_decided=10, n_right=n_right)}

    monkeypatch.setattr(gate, "decision_scores", scores)
    active = SimpleNamespace(
        trial_counts={Phase.VALIDATION: 10, Phase.TEST: 6},
        study=SimpleNamespace(gate=Gate(min_correct=8)),
    )
    assert passes_gate(active, SimpleNamespace(id=4)) is is_passed


def test_without_a_validation_everybody_passes():
    active = SimpleNamespace(trial_counts={Phase.PRACTICE: 5, Phase.TEST: 6})
    assert passes_gate(active, SimpleNamespace(id=4))


@pytest.mark.parametrize("rightly", [True, False])
def test_the_stored_decisions_tell_whether_somebody_passed(app, visitor, tools, bundle, rightly):
    right = {prediction.stimulus_id: prediction.right for prediction in bundle.predictions}

    def choose(page):
        key = page.form.fields["trial"] if page.screen == "judge" else None
        answers = [right[trial.stimulus_id] for trial in tools.trials(app) if trial.key == key]
        if not answers:
            return page.form.choices[0]
        return "yes" if answers == [rightly] else "no"

    visitor.start().walk(choose=choose)
    [participant] = tools.participants(app)
    assert (participant.outcome, participant.qualified) == ("completed", rightly)
