"""A simulated participant answers whatever a study asks."""

from analysis.export.read import read_export
from study_app.answer_models import AttentionAnswer, Comment, QuestionnaireAnswer


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
