"""What people open in a spreadsheet computes nothing, and is read as it was written."""

import csv
import io
from pathlib import Path

import pytest

from analysis.export.read import read_export
from tests.study_app.asking import CHECKS, PHASES, QUESTIONS, WITH_COMMENTS
from tests.study_app.visiting import read_csv

PANEL = """[provider]
person = "id"
study = "project"
session = "visit"
return_url = "https://panel.example/credit?token={code}"
open = true
"""
COMMAND = "=cmd|' /C calc'!A0"
LIST = f'Submission id,Participant id,Status,@Club,Age\n=1+1,=2+2,AWAITING REVIEW,"{COMMAND}",-3\n'


@pytest.fixture
def folder(empty_app, tools, tmp_path) -> Path:
    """A folder with the export and the payments of somebody who writes formulas everywhere."""
    text = tools.study_text(practice=1, validation=1) + QUESTIONS + CHECKS
    text = text.replace('[provider]\nids = "optional"\nopen = true\n', PANEL)
    text = text.replace(PHASES, WITH_COMMENTS).replace('"Yes"', '"=1+1 Street"')
    tools.load(empty_app, tools.build_bundle(tmp_path / "bundle", text).path)
    visitor = tools.visitor(empty_app.test_client()).start("?id=%3D2%2B2&visit=%3D1%2B1")
    answers = {"question-age": "34", "question-ai_use": "Daily", "question-job": "\u0009-a\nb"}
    answers |= {"question-pink": "Pink", "question-walls": "Disagree"}
    visitor.walk(filled=answers | {"question-comments": COMMAND})
    (tmp_path / "list.csv").write_text(LIST)
    for arguments in (("reconcile", "list.csv"), ("payments", "out.csv")):
        run(empty_app, arguments[0], tmp_path / arguments[1])
    run(empty_app, "export", tmp_path / "export", "--with-ids")
    (tmp_path / "out.csv").rename(tmp_path / "export" / "payments.csv")
    return tmp_path / "export"


def run(app, *arguments):
    """Run a command of `study`, which must succeed."""
    result = app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
    assert result.exit_code == 0, result.output


def test_no_file_of_an_export_or_of_payments_has_a_cell_that_a_spreadsheet_computes(folder):
    cells = [
        (path.name, cell)
        for path in folder.glob("*.csv")
        for line in csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
        for cell in line
    ]
    assert len(cells) > 500
    assert [cell for cell in cells if cell[1][:1] in tuple("=+@\t\r\n")] == []
    assert [cell for cell in cells if cell[1][:1] == "-"] == [("demographics.csv", "-3")]
    assert read_csv(folder / "comments.csv")[-1]["value"] == f"'{COMMAND}"
    [paid], [identity] = read_csv(folder / "payments.csv"), read_csv(folder / "identities.csv")
    assert (paid["submission_id"], paid["prolific_pid"]) == ("'=1+1", "'=2+2")
    assert (identity["session_id"], identity["prolific_pid"]) == ("'=1+1", "'=2+2")


def test_the_analysis_reads_what_was_quoted_as_it_was(folder):
    export = read_export(folder)
    demographics = export.demographics
    assert dict(zip(demographics["name"], demographics["value"], strict=True)) == {
        "@Club": COMMAND,
        "Age": "-3",
    }
    answers = export.questionnaire.set_index("name")["value"]
    assert answers["trust"] == "=1+1 Street"
