"""A simulated participant answers whatever a study asks."""

import pytest

from analysis.export.read import read_export
from study_app.answer_models import AttentionAnswer, Comment, QuestionnaireAnswer


@pytest.mark.slow
def test_simulated_people_answer_everything_and_the_report_reads_it(asking_app, tools, tmp_path):
    run = asking_app.test_cli_runner().invoke
    result = run(args=["study", "simulate", "-n", "4"])
    assert result.exit_code == 0, result.output
    assert {participant.outcome for participant in tools.participants(asking_app)} == {"completed"}
    assert len(tools.rows(asking_app, AttentionAnswer)) == 8
    assert len(tools.rows(asking_app, Comment)) == 4
    names = {"age", "ai_use", "job", "trust"}
    assert {answer.name for answer in tools.rows(asking_app, QuestionnaireAnswer)} == names
    run(args=["study", "export", "--simulated", str(tmp_path / "out")])
    assert len(read_export(tmp_path / "out").attention) == 8


PAPER = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'


@pytest.mark.slow
@pytest.mark.parametrize("how_often", ["always", "first"])
def test_simulated_people_walk_a_practice_with_the_screens_of_a_trial_28(
    empty_app, tools, tmp_path, how_often
):
    screens = f'[trial]\nask_seen = "{how_often}"\nshow_card = "{how_often}"\n'
    text = tools.study_text(practice=2, validation=2, test=3).replace(PAPER, screens)
    tools.load(empty_app, tools.build_bundle(tmp_path / "whole", text).path)
    result = empty_app.test_cli_runner().invoke(args=["study", "simulate", "-n", "3"])
    assert result.exit_code == 0, result.output
    assert [p.outcome for p in tools.participants(empty_app)] == ["completed"] * 3
    trials = tools.trials(empty_app)
    practised = [trial for trial in trials if trial.phase == "practice"]
    assert any(trial.seen_before is not None for trial in practised)
    assert {trial.photo_seen for trial in trials} == {1}
    run = empty_app.test_cli_runner().invoke
    run(args=["study", "export", "--simulated", str(tmp_path / "out")])
    export = read_export(tmp_path / "out")
    assert set(export.responses["panels_seen"].dropna()) == {"1.0"}
    assert export.facts.practice is not None
    assert export.facts.practice.steps == "trial"
