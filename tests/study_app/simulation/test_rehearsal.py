"""Simulated people go through a real server."""

import csv
import re
from collections import Counter
from pathlib import Path
from statistics import fmean

import pytest
from sqlalchemy import update

from study_app.database import db
from study_app.models import LoadedStudy


def responses(folder: Path, *phases: str) -> list[dict[str, str]]:
    """The rows of an export, of some phases."""
    with (folder / "responses.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["phase"] in phases]


def test_simulated_people_finish_and_behave_as_planted(short_app, study, tools, tmp_path):
    sure = [f"--behaviour={name}=1,0" for name in ("confidence", "heatmap")]
    kinds = "--mix=calibrated=0.25,reloading=0.25,double-clicking=0.25,dropping=0.25"
    output = study("simulate", "-n", 8, "--seed", 12, kinds, *sure, "--behaviour=neighbours=0,1")
    assert "8 people answered everything" in output
    participants = tools.participants(short_app)
    assert [(participant.simulated, participant.outcome) for participant in participants] == [
        (True, "completed")
    ] * 8
    assert Counter(participant.condition for participant in participants).most_common()[-1][1] == 2
    study("export", "--simulated", tmp_path / "out")
    for row in responses(tmp_path / "out", "test"):
        assert row["team_right"] == ("0" if row["condition"] == "neighbours" else "1")
        assert float(row["decision_rt_ms"]) > 0
    assert "8 of 8 completed" in study("status")
    told = "nobody real of the main wave is there; simulated people are exported with --simulated"
    assert told in study("export", tmp_path / "real")
    with short_app.app_context():
        db.session.execute(update(LoadedStudy).values(quota=2))
        db.session.commit()
    output = study("simulate", "-n", 2, "--seed", 3)
    assert output.startswith("0 people answered everything, 2 not taken in (`study status` says")


@pytest.mark.slow
def test_the_same_seed_gives_the_same_answers_however_many_are_there_at_once(
    short_app, study, tools, tmp_path
):
    mix = "--mix=calibrated=0.34,quitting=0.33,double-clicking=0.33"
    for at_once in (6, 3):
        study("simulate", "-n", 6, "--seed", 5, "--at-once", at_once, mix)
    participants = tools.participants(short_app)
    numbers = {participant.id: n for n, participant in enumerate(participants)}
    n_answers = [Counter(), Counter()]
    for trial in tools.trials(short_app):
        run, who = divmod(numbers[trial.participant], 6)
        n_answers[run][who, trial.phase] += trial.answered_at is not None
    assert n_answers[0] == n_answers[1]
    assert sum(participant.outcome is None for participant in participants) == 4


@pytest.mark.slow
def test_who_judges_badly_fails_the_gate_and_who_quits_leaves(short_app, study, tools):
    output = study("simulate", "-n", 12, "--seed", 2, "--mix=failing=0.5,quitting=0.5")
    assert "6 left" in output
    outcomes = Counter(participant.outcome for participant in tools.participants(short_app))
    assert outcomes["failed_validation"] >= 4
    assert outcomes[None] == 6


@pytest.mark.slow
def test_each_sort_of_people_answers_in_its_way(short_app, study, tmp_path):
    study("simulate", "-n", 3, "--seed", 3, "--mix=straight-lining=1", "--behaviour=heatmap=0,0")
    study("simulate", "-n", 6, "--seed", 4, "--mix=fast-clicking=1")
    study("export", "--simulated", tmp_path / "out")
    rows = responses(tmp_path / "out", "validation", "test")
    who = list(dict.fromkeys(row["participant_id"] for row in rows))
    assert {row["decision"] for row in rows if row["participant_id"] in who[:3]} == {"accept"}
    times = [float(row["decision_rt_ms"]) for row in rows if row["participant_id"] in who[3:]]
    assert fmean(times) < 400


@pytest.mark.slow
def test_prolifics_list_is_rehearsed_from_the_link_to_the_payment(
    short_app, study, tools, tmp_path
):
    listed, paid = tmp_path / "prolific_export.csv", tmp_path / "payments.csv"
    mix = "--mix=calibrated=0.6,quitting=0.2,failing=0.2"
    study("simulate", "-n", 20, "--seed", 1, mix, "--prolific", listed)
    with listed.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["Submission id"] for row in rows}) == 20
    assert all(re.fullmatch("[0-9a-f]{24}", row["Participant id"]) for row in rows)
    outcomes = Counter(participant.outcome for participant in tools.participants(short_app))
    codes = Counter(row["Completion code"] for row in rows)
    assert codes["CDONE123"] >= outcomes["completed"] - 3
    output = study("reconcile", listed)
    assert "their places are free again" in output
    assert "Submissions of nobody" not in output
    left = {participant.outcome for participant in tools.participants(short_app)}
    assert left & {"returned", "timed_out"}
    assert None not in left
    assert f"{outcomes['completed']} approve" in study("payments", paid)


def test_a_list_of_prolific_is_never_written_over(short_app, tmp_path):
    (tmp_path / "there.csv").touch()
    arguments = ["study", "simulate", "-n", "1", "--prolific", str(tmp_path / "there.csv")]
    result = short_app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 1
    assert "is there already" in result.output
