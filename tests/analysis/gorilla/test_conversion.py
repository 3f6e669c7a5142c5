"""Gorilla's files of a study with two sets of pictures: what they mean, and what cannot be read."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.export.read import read_export
from analysis.gorilla.__main__ import EXAMPLE, main
from tests.analysis.gorilla.gorilla_files import SETS, Task, imported


def settings(folder: Path, *changes: tuple[str, str]) -> Path:
    text = EXAMPLE.read_text("utf-8")
    for old, new in (("min_correct = 8", "min_correct = 2"), *changes):
        assert old in text
        text = text.replace(old, new)
    path = folder / "study.toml"
    path.write_text(text, "utf-8")
    return path


def test_validation_and_test_in_two_tasks_are_joined_by_the_private_id(tmp_path):
    val, test = Task("Natural_SOD_Val"), Task("Natural_SOD_Test")
    for participant, answers in {
        "77": ["Yes", "No"],
        "78": ["Yes", "Yes"],
        "79": ["Yes", "No"],
    }.items():
        val.begin(participant, "")
        val.validation(answers)
        val.end(1)
    test.begin("79", "2")
    test.loading_delay()
    test.test(["No", "No", "No"])
    test.end(3)
    test.begin("77", "1")
    test.test(["Yes", "No", "Yes"])
    test.end(2)
    files = [val.write(tmp_path / "val.csv"), test.write(tmp_path / "test.csv")]
    (tmp_path / "empty.csv").write_bytes(b"\xef\xbb\xbf")  # a task that nobody did yet
    study = settings(tmp_path, ("live = false", "live = true"))
    out = imported([*files, tmp_path / "empty.csv"], tmp_path / "export", "--study", study)

    export = read_export(out)
    participants = export.participants.set_index("participant_id")
    assert participants["outcome"].to_dict() == {
        "p001": "completed",
        "p002": "failed_validation",
        "p003": "completed",
    }
    assert participants["n_test"].to_dict() == {"p001": 3, "p002": 0, "p003": 3}
    last = export.responses.query("participant_id == 'p003' and phase == 'test'")
    assert list(last["kind"]) == ["natural", "natural", "adversarial"]
    assert list(last["bin"]) == ["hard", "medium", "easy"]
    assert list(last["team_right"]) == [True, False, True]
    assert list(last["label"]) == ["junco", "NA", "maypole"]
    assert list(last["decision_rt_ms"]) == [1500.5] * 3
    minutes = (participants["finished_at"] - participants["started_at"]).dt.total_seconds() / 60
    assert minutes["p003"] == pytest.approx(3)


def test_a_screen_that_was_answered_again_after_a_reload_counts_once(tmp_path):
    task = Task("Natural_NNs")
    task.begin("5", "1")
    task.validation(["Yes", "No"])
    task.test(["Yes", "No", "No"])
    task._add({"Trial Number": "BEGIN TASK"})
    sheet = {f"file_name{k}": SETS[k][2][0] for k in SETS}
    task.trial("Trial", 17, "No", "Yes", sheet)
    task.end(4)
    out = imported([task.write(tmp_path / "t.csv")], tmp_path / "e", "--study", settings(tmp_path))
    test = read_export(out).responses.query("phase == 'test'")
    assert list(test["decision"]) == ["accept", "reject", "accept"]
    assert list(test["seen_before"]) == [True, True, False]


def test_people_who_are_under_way_have_no_outcome(tmp_path):
    task = Task("Natural_EP")
    task.begin("5", "1", status="live")
    task.validation(["Yes", "No"])
    task.test(["Yes", "No"])
    out = imported([task.write(tmp_path / "t.csv")], tmp_path / "e", "--study", settings(tmp_path))
    (participant,) = read_export(out).participants.to_dict("records")
    assert pd.isna(participant["outcome"])
    assert participant["n_test"] == 2


def problems(tmp_path: Path, task: Task, *changes: tuple[str, str]) -> str:
    arguments = [str(task.write(tmp_path / "t.csv")), "--out", str(tmp_path / "e")]
    result = CliRunner().invoke(main, [*arguments, "--study", str(settings(tmp_path, *changes))])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert not (tmp_path / "e").exists()
    return result.stderr


def test_what_cannot_be_read_is_said_and_nothing_is_written(tmp_path):
    task = Task("Natural_NNs")
    task.begin("5", "3")  # there is no third set
    task.validation(["Yes", "Maybe"])
    task.test(["Yes", "No", "No"])
    task.end(4)
    text = problems(tmp_path, task)
    assert "3 trials belong to the set '3'" in text
    assert "the answer 'Maybe' is neither accept nor reject" in text
    text = problems(tmp_path, task, ("_ILSVRC2012_val_", "_COCO_"))
    assert "does not fit the pattern of its phase" in text
    text = problems(tmp_path, task, ('NNs = "neighbours"', ""))
    assert "the task 'Natural_NNs' is of no condition" in text
    text = problems(tmp_path, task, ("(?P<true>", "(?P<really>"), ('SOD = "sal', 'SOD = "Sal'))
    assert "needs the group true" in text
    assert "conditions.SOD" in text


def test_a_name_that_contradicts_its_answer_column_is_a_problem(tmp_path):
    task = Task("Natural_NNs")
    task.begin("5", "1")
    task.validation(["Yes", "No"])
    file, _, label = SETS["1"][0]
    sheet = {"file_name1": file, "answer1": "No", "didyouknow1": label}
    task.trial("Trial", 15, "Yes", "Yes", sheet)
    task.end(1)
    assert "disagree on whether the AI is right" in problems(tmp_path, task)
