"""The rows of an export say what is stored."""

from tests.study_app.visiting import read_csv


def test_there_is_a_row_for_each_trial_that_was_shown(exported):
    rows = read_csv(exported.folder / "responses.csv")
    first = rows[0]["participant_id"]
    assert len([row for row in rows if row["participant_id"] == first]) == 21
    quitter_rows = [row for row in rows if row["participant_id"] != first]
    assert [row["phase"] for row in quitter_rows] == ["practice"] * 5 + ["validation"]
    assert quitter_rows[-1]["seen_before"] == "1"
    assert (
        quitter_rows[-1]["decision"]
        == quitter_rows[-1]["team_right"]
        == quitter_rows[-1]["answered_at"]
        == ""
    )


def test_values_come_back_as_they_were_stored(exported, tools, bundle):
    rows, trials = read_csv(exported.folder / "responses.csv"), tools.trials(exported.app)
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
    done, quitter = read_csv(exported.folder / "participants.csv")
    assert (done["outcome"], done["n_validation"], done["n_test"]) == ("completed", "10", "6")
    assert (quitter["outcome"], quitter["n_validation"], quitter["n_test"]) == ("", "0", "0")
    assert 0 < int(done["validation_right"]) < 10  # who accepts everything


def test_stimuli_that_a_reviewer_found_debatable_are_marked(exported, bundle):
    marks = {r["stimulus_id"]: r["debatable"] for r in read_csv(exported.folder / "stimuli.csv")}
    assert marks == {s.stimulus_id: f"{s.debatable:d}" for s in bundle.stimuli}
    assert set(marks.values()) == {"0", "1"}


def test_both_digests_of_a_picture_are_exported_what_was_shown_and_what_was_seen(exported, bundle):
    rows = {row["stimulus_id"]: row for row in read_csv(exported.folder / "stimuli.csv")}
    for stimulus in bundle.stimuli:
        row = rows[stimulus.stimulus_id]
        assert row["image_sha256"] == bundle.checksums[stimulus.image]
        assert row["input_sha256"] == (stimulus.input_sha256 or "")
    assert {len(row["input_sha256"]) for row in rows.values()} == {0, 64}


def test_what_people_told_prolific_is_exported_under_their_random_numbers(exported, tools):
    name = tools.participants(exported.app)[0].participant_id
    assert read_csv(exported.folder / "demographics.csv") == [
        {"participant_id": name, "name": "Age", "value": "31"},
        {"participant_id": name, "name": "Fluent languages", "value": "Czech, English"},
    ]
