"""The export obeys docs/export.md to the letter."""

import csv
import json
import re
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from study_app import create_app
from study_app.export.columns import FILES

CONTRACT = Path(__file__).parents[2] / "docs" / "export.md"
LIST = (
    "Submission id,Participant id,Status,Age,Fluent languages\n"
    'eee333,5f9b2c1e0a7d4e3b8c6f1a20,APPROVED,31,"Czech, English"\n'
)


def columns_of_the_contract():
    """Every table of docs/export.md with its columns."""
    rows = re.findall(r"^\| `(\w+)\.csv` \|.*\| `(.*)` \|$", CONTRACT.read_text("utf-8"), re.M)
    return {name: columns.split(", ") for name, columns in rows}


def read(path):
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, kw_only=True)
class Exported:
    """An export, with the server that wrote it."""

    app: Flask
    folder: Path

    def run(self, *arguments):
        """Run a study command."""
        return self.app.test_cli_runner().invoke(args=["study", *map(str, arguments)])


@pytest.fixture(scope="module")
def exported(tmp_path_factory, tools, bundle_path):
    """An export with somebody who finished and somebody who left in the middle."""
    folder = tmp_path_factory.mktemp("export")
    app = create_app({"TESTING": True}, instance_path=str(folder / "instance"))
    tools.load(app, bundle_path)
    query = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=sss222&SESSION_ID=eee333"
    tools.visitor(app.test_client()).start(query).walk()
    tools.visitor(app.test_client()).start().walk(until="card")
    export = Exported(app=app, folder=folder / "out")
    (folder / "list.csv").write_text(LIST)
    assert export.run("reconcile", folder / "list.csv").exit_code == 0
    assert export.run("export", export.folder).exit_code == 0
    yield export
    tools.close(app)


def test_the_columns_are_those_of_the_contract():
    assert {name: list(columns) for name, columns in FILES.items()} == columns_of_the_contract()


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_its_columns(exported, name):
    header = (exported.folder / f"{name}.csv").read_text("utf-8").splitlines()[0]
    assert header.split(",") == columns_of_the_contract()[name]


def test_every_column_has_a_description(exported):
    described = json.loads((exported.folder / "columns.json").read_text("utf-8"))
    for name, columns in columns_of_the_contract().items():
        for column in columns:
            assert described[f"{name}.csv"][column]["description"].endswith(".")


def test_every_cell_is_one_of_its_levels(exported):
    described = json.loads((exported.folder / "columns.json").read_text("utf-8"))
    for file, columns in described.items():
        for row in read(exported.folder / file):
            for column, facts in columns.items():
                assert "levels" not in facts or row[column] in ("", *facts["levels"])


def test_there_is_a_row_for_each_trial_that_was_shown(exported):
    rows = read(exported.folder / "responses.csv")
    first = rows[0]["participant_id"]
    assert len([row for row in rows if row["participant_id"] == first]) == 21
    left = [row for row in rows if row["participant_id"] != first]
    assert [row["phase"] for row in left] == ["practice"] * 5 + ["validation"]
    assert left[-1]["seen_before"] == "1"
    assert left[-1]["decision"] == left[-1]["team_right"] == left[-1]["answered_at"] == ""


def test_values_come_back_as_they_were_stored(exported, tools, bundle):
    rows, trials = read(exported.folder / "responses.csv"), tools.trials(exported.app)
    for row, trial in zip(rows[:21], trials[:21], strict=True):
        stimulus = bundle.stimulus_by_id[trial.stimulus_id]
        [prediction] = [p for p in bundle.predictions if p.stimulus_id == trial.stimulus_id]
        assert row["stimulus_id"] == trial.stimulus_id
        assert row["image_sha256"] == bundle.checksums[stimulus.image]
        assert row["decision"] == trial.decision
        assert float(row["decision_rt_ms"]) == trial.decision_rt_ms
        assert float(row["confidence"]) == prediction.confidence
        assert row["team_right"] == f"{prediction.right == (trial.decision == 'accept'):d}"
        assert row["shown_at"] == trial.shown_at.isoformat(timespec="milliseconds")[:23] + "Z"


def test_participants_are_counted(exported):
    done, left = read(exported.folder / "participants.csv")
    assert (done["outcome"], done["n_validation"], done["n_test"]) == ("completed", "10", "6")
    assert (left["outcome"], left["n_validation"], left["n_test"]) == ("", "0", "0")
    assert 0 < int(done["validation_right"]) < 10  # who accepts everything


def test_stimuli_that_a_reviewer_found_debatable_are_marked(exported, bundle):
    marks = {r["stimulus_id"]: r["debatable"] for r in read(exported.folder / "stimuli.csv")}
    assert marks == {s.stimulus_id: f"{s.debatable:d}" for s in bundle.stimuli}
    assert set(marks.values()) == {"0", "1"}


def test_what_people_told_prolific_is_exported_under_their_random_numbers(exported, tools):
    name = tools.participants(exported.app)[0].participant_id
    assert read(exported.folder / "demographics.csv") == [
        {"participant_id": name, "name": "Age", "value": "31"},
        {"participant_id": name, "name": "Fluent languages", "value": "Czech, English"},
    ]


def test_ids_leave_only_where_they_are_asked_for_with_a_warning(exported, tools):
    assert not (exported.folder / "identities.csv").exists()
    folder = exported.folder.with_name("with ids")
    result = exported.run("export", folder, "--with-ids")
    assert "says who is who: never share it" in result.output
    path = folder / "identities.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    [row] = read(path)
    assert row == {
        "participant_id": tools.participants(exported.app)[0].participant_id,
        "prolific_pid": "5f9b2c1e0a7d4e3b8c6f1a20",
        "study_id": "sss222",
        "session_id": "eee333",
    }
    assert "exported the main wave to" in exported.run("audit").output.splitlines()[-1]
    assert exported.run("audit").output.rstrip().endswith("with ids of Prolific")
    others = [own for own in folder.iterdir() if own.name != "identities.csv"]
    assert "5f9b2c1e0a7d4e3b8c6f1a20" not in "".join(other.read_text("utf-8") for other in others)


def test_nothing_that_leads_to_a_person_is_exported(exported, tools):
    text = "".join(path.read_text("utf-8") for path in exported.folder.iterdir())
    for secret in (
        "5f9b2c1e0a7d4e3b8c6f1a20",
        "sss222",
        "eee333",
        *(p.token for p in tools.participants(exported.app)),
    ):
        assert secret not in text


def test_the_facts_are_those_of_the_contract(exported, bundle):
    facts = json.loads((exported.folder / "export.json").read_text("utf-8"))
    example = re.search(r"```json\n(.*?)```", CONTRACT.read_text("utf-8"), re.S)
    expected = json.loads(example[1])
    assert facts.keys() == expected.keys()
    assert facts["pairing"] == bundle.study.bins.pairing == "system"
    for key in ("conditions", "ai_only", "bins"):
        assert facts[key][0].keys() == expected[key][0].keys()
    assert facts["bundle_digest"] == bundle.digest
    assert facts["bundle_study_digest"] == facts["study_digest"]
    assert facts["rows"]["responses"] == 27


def test_the_study_is_exported_as_it_was_run(exported, bundle):
    assert (exported.folder / "study.toml").read_text("utf-8") == bundle.study_text


def test_an_export_never_overwrites(exported):
    result = exported.run("export", exported.folder)
    assert result.exit_code == 1
    assert "is there already" in result.output


def test_no_partial_folder_is_left(exported):
    assert not exported.folder.with_name("out.partial").exists()
