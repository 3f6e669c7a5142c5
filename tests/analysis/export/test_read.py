import json
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from analysis.export import csv_blocks, csv_table, plain_rows
from analysis.export.columns import TABLES
from analysis.export.read import newest_export, read_export
from analysis.problems import ExportError
from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, Participant, Stimulus, someone


@pytest.fixture
def export(tmp_path) -> Path:
    return write_export(tmp_path / "export", [someone("confidence", 4)] * 2)


def edit(folder: Path, table: str, change) -> None:
    path = folder / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(frame).to_csv(path, index=False)


def change_json(folder: Path, file: str, change) -> None:
    content = json.loads((folder / file).read_text())
    change(content)
    (folder / file).write_text(json.dumps(content))


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(ExportError) as caught:
        read_export(folder)
    return list(caught.value.problems)


def test_a_whole_export_is_read_with_types(export):
    read = read_export(export)
    assert read.facts.condition_names == ("confidence", "gradcam")
    assert read.study.study.title == "Which butterfly?"
    assert read.min_correct == 8
    responses = read.responses
    assert len(responses) == 2 * (10 + 6)
    assert responses["confidence"].dtype == "float64"
    assert responses["team_right"].dtype == "boolean"
    assert responses["trial_index"].dtype == "Int64"
    assert str(responses["shown_at"].dtype).startswith("datetime64")


@pytest.mark.parametrize("label", ["NA", "None", "null", "nan", "01440764", "true", "1e5"])
def test_a_class_keeps_its_name_whatever_it_looks_like(tmp_path, label):
    stimuli = [Stimulus(bin=s.bin, ai_right=s.ai_right, label=label) for s in NATURAL]
    folder = write_export(tmp_path / "e", [someone("confidence", 4)], stimuli=stimuli)
    read = read_export(folder)
    assert set(read.responses.query("phase == 'test'")["label"]) == {label}
    assert label in set(read.stimuli["true_label"])


def test_an_empty_cell_is_missing_and_nothing_else_is(tmp_path):
    participant = Participant(right=(True, None), outcome="")
    responses = read_export(write_export(tmp_path / "e", [participant])).responses
    last = responses.iloc[-1]
    assert last[["decision", "team_right", "seen_rt_ms", "answered_at"]].isna().all()


def test_a_text_that_many_rows_share_is_kept_once_in_alphabetical_order(tmp_path, monkeypatch):
    people = [someone(name, 4) for name in ("gradcam", "confidence", "gradcam")]
    monkeypatch.setattr(csv_blocks, "STRIP", 2)
    monkeypatch.setattr(csv_table, "read_rows", partial(csv_blocks.read_blocks, rows=5))
    responses = read_export(write_export(tmp_path / "e", people)).responses
    assert list(responses["condition"].cat.categories) == ["confidence", "gradcam"]
    assert list(responses["participant_id"].cat.categories) == ["p000", "p001", "p002"]


def test_a_byte_order_mark_does_no_harm(export):
    path = export / "participants.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert list(read_export(export).participants["participant_id"]) == ["p000", "p001"]


def test_the_gate_is_not_applied_to_a_study_without_validation(tmp_path):
    folder = write_export(tmp_path / "e", [someone("confidence", 4)], validation=False)
    assert read_export(folder).min_correct is None


def test_everything_wrong_is_listed_at_once(export):
    def spoil_responses(frame):
        frame.loc[3, "confidence"] = "1.7"
        frame.loc[4, "phase"] = "warmup"
        frame.loc[5, "trial_index"] = "-1"
        frame.loc[6, "ai_right"] = "yes"
        frame.loc[7, "shown_at"] = "14/03/2026"
        frame.loc[8, "label"] = ""
        frame.loc[9:, "participant_id"] = "stranger"
        return frame.drop(columns="input").assign(mood="fine")

    edit(export, "responses", spoil_responses)
    edit(export, "participants", lambda f: f.assign(outcome="vanished"))
    (export / "pool.csv").unlink()
    change_json(export, "columns.json", lambda c: c["stimuli.csv"].pop("kind"))
    change_json(export, "columns.json", lambda c: c["stimuli.csv"].update(hue={"description": "?"}))
    change_json(export, "export.json", lambda e: e["gate"].update(min_correct=-1, strict=True))
    (export / "study.toml").write_text("[study")
    text = "\n".join(problems_of(export))
    for expected in [
        "responses.csv, column confidence: '1.7' in line 5 must be a number from 0 to 1",
        "responses.csv, column phase: 'warmup' in line 6 must be one of practice, validation, test",
        "responses.csv, column trial_index: '-1' in line 7 must be a whole number of 0 or more",
        "responses.csv, column ai_right: 'yes' in line 8 must be 1 or 0",
        "responses.csv, column shown_at: '14/03/2026' in line 9 must be a time in UTC",
        "responses.csv, column label: '' in line 10 must not be empty",
        "participant_id stranger (1 in all) is not in participants.csv",
        "responses.csv, column input: is missing",
        "responses.csv, column mood: is not known",
        "participants.csv, column outcome: 'vanished' in line 2 (and 1 more) must be one of",
        "pool.csv: is missing",
        "columns.json, stimuli.csv: does not describe the column kind",
        "columns.json, stimuli.csv: describes hue, which is no column",
        "export.json, gate.min_correct: Input should be greater than or equal to 0; it is -1",
        "export.json, gate.strict: is not known here",
        "study.toml: is not TOML",
    ]:
        assert expected in text, expected


@pytest.mark.parametrize("number", ["nan", "inf", "1_0", "0x1", "half", " "])
def test_only_plain_numbers_are_numbers(export, number):
    edit(export, "pool", lambda f: f.assign(confidence=number))
    assert "must be a number from 0 to 1" in problems_of(export)[0]


def test_files_that_contradict_each_other_are_found(export):
    def spoil(frame):
        frame.loc[12, "team_right"] = "0" if frame.loc[12, "team_right"] == "1" else "1"
        frame.loc[13, "label"] = "viceroy"
        frame.loc[14, "condition"] = "gradcam"
        return frame

    edit(export, "responses", spoil)
    edit(export, "participants", lambda f: f.assign(validation_right="9"))
    text = "\n".join(problems_of(export))
    assert "column team_right: 1 rows do not follow from decision and ai_right" in text
    assert "column label: 1 rows differ from predictions.csv" in text
    assert "column condition: 1 rows differ from participants.csv" in text
    assert "validation_right: of 2 participants (first p000) it is not what responses.csv" in text


def test_a_file_that_was_cut_short_is_found(export):
    path = export / "responses.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    assert "responses.csv: has 31 rows, export.json says 32; export again" in problems_of(export)


def test_rows_of_the_wrong_length_are_found(export):
    path = export / "stimuli.csv"
    path.write_text(path.read_text().replace(",natural,", ",natural,extra,", 2))
    assert "stimuli.csv: 2 rows do not have the 8 cells of the header" in problems_of(export)[0]


@pytest.mark.slow
@pytest.mark.parametrize(("sample", "block"), [(0, 3), (2, 7), (10_000, 200_000)])
def test_a_table_is_the_same_however_it_is_read_in_blocks(export, monkeypatch, sample, block):
    whole = read_export(export)
    monkeypatch.setattr(csv_blocks, "SAMPLE", sample)
    monkeypatch.setattr(csv_blocks, "STRIP", 2)
    monkeypatch.setattr(plain_rows, "SAMPLE", sample)
    strictly = partial(csv_blocks.read_blocks, rows=block)
    plainly = partial(plain_rows.read_rows, size=100 * block)
    for read in (strictly, plainly):
        monkeypatch.setattr(csv_table, "read_rows", read)
        again = read_export(export)
        pd.testing.assert_frame_equal(again.responses, whole.responses)
        pd.testing.assert_frame_equal(again.participants, whole.participants)


def test_a_cell_with_a_line_break_does_not_shift_the_lines_of_messages(export):
    def spoil(frame):
        frame["label"] = "mon\narch"
        frame.loc[1, "trial_index"] = "x"
        return frame

    edit(export, "responses", spoil)
    assert any("column trial_index: 'x' in line 4 must be" in line for line in problems_of(export))


def test_a_repeated_key_is_found(export):
    edit(export, "predictions", lambda f: pd.concat([f, f.iloc[[0]]]))
    expected = "predictions.csv: 1 rows repeat the key of another (stimulus_id v0, classifier tiny)"
    assert any(problem.startswith(expected) for problem in problems_of(export))


def test_levels_of_columns_json_are_kept_to(export):
    def limit(content):
        content["responses.csv"]["input"]["levels"] = {"touch": "a finger", "keyboard": "a key"}

    change_json(export, "columns.json", limit)
    (problem,) = problems_of(export)
    assert "column input: 'mouse' in line 2 (and 31 more) is none of the levels" in problem


def test_unknown_conditions_pairs_and_thresholds_are_found(export):
    def spoil(content):
        content["conditions"] = [{"name": "saliency", "classifier": "large"}]
        content["analysis"]["pairs"] = [["saliency", "confidence"]]

    change_json(export, "export.json", spoil)
    text = "\n".join(problems_of(export))
    assert "analysis.pairs: 'confidence' is no condition" in text
    assert "needs one threshold of classifier 'large'" in text
    assert "pool.csv: has no row of classifier 'large'" in text
    assert "participants.csv, column condition: confidence not among the conditions" in text


def test_an_empty_folder_names_every_file(tmp_path):
    text = "\n".join(problems_of(tmp_path))
    for file in ["export.json", "study.toml", "columns.json", "responses.csv", "pool.csv"]:
        assert file in text


def test_the_newest_export_is_the_one_created_last(tmp_path):
    for name, day in [("b", "2026-03-15"), ("a", "2026-03-16"), ("c", "2026-03-14")]:
        write_export(tmp_path / name, [], created_at=f"{day}T00:00:00.000Z")
    assert newest_export(tmp_path).name == "a"


def test_no_export_at_all_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(ExportError, match="study export DIR"):
        newest_export(tmp_path)


def test_an_export_of_before_may_lack_what_is_recorded_since(export):
    recent = [name for name, facts in TABLES["participants"].items() if facts.recent]
    assert len(recent) == 9
    edit(export, "participants", lambda f: f.drop(columns=recent))
    change_json(export, "columns.json", lambda c: [c["participants.csv"].pop(n) for n in recent])
    assert "os" in read_export(export).participants
    edit(export, "participants", lambda f: f.drop(columns="os"))
    assert problems_of(export) == ["participants.csv, column os: is missing; add it"]
