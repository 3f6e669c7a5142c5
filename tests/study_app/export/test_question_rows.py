"""The answers besides the trials, as an export has them."""

from tests.study_app.asking import WRONG, finish
from tests.study_app.visiting import read_csv


def test_answers_are_exported_with_the_words_of_the_study_file(respondent, asking_app, tmp_path):
    finish(respondent, WRONG)
    export = asking_app.test_cli_runner().invoke(args=["study", "export", str(tmp_path / "out")])
    assert export.exit_code == 0, export.output
    read = {
        name: read_csv(tmp_path / f"out/{name}.csv")
        for name in ("questionnaire", "attention", "participants")
    }
    answers = {row["name"]: row["value"] for row in read["questionnaire"]}
    assert answers == {"age": "34", "ai_use": "Daily", "trust": "Yes"}
    checks = [(row["name"], row["kind"], row["passed"]) for row in read["attention"]]
    assert checks == [("pink", "instructed", "0"), ("walls", "nonsensical", "0")]
    assert read["participants"][0]["altered_noticed"] == "yes"
    described = (tmp_path / "out/columns.json").read_text("utf-8")
    assert "How often do you use AI? (Never | Sometimes | Daily)" in described
