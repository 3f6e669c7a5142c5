"""Who finds no place, or comes again, belongs to no condition."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from study_app.database import db
from study_app.enums import Wave
from study_app.models import ConditionTally, LoadedStudy
from tests.study_app.enrolment.changes import HOUR, change, from_prolific, time_passes
from tests.study_app.visiting import read_csv

TURNED_AWAY = "Turned away before they started: 3 (1 duplicate, 2 quota_full)"


@pytest.fixture
def full_app(app, another_visitor):
    """A study with a place in each of three conditions, of which nobody gets a second one."""
    change(app, LoadedStudy, quota=1)
    for number in range(6):
        visitor = another_visitor().start(from_prolific(f"one{number}", f"{number:024x}"))
        if number == 0:
            visitor.walk()  # does not pass the gate, so the place is free
    another_visitor().start(from_prolific("again", f"{0:024x}"))
    return app


def test_who_is_turned_away_has_no_condition_and_counts_in_none(full_app, tools, study, console):
    people = tools.participants(full_app)
    conditions = [participant.condition for participant in people]
    assert None not in conditions[:4]
    assert conditions[4:] == [None, None, None]
    assert sum(tally.started for tally in tools.rows(full_app, ConditionTally)) == 4
    printed = study("status").splitlines()
    assert "Participants: 1 of 4 completed" in printed
    assert printed.index(TURNED_AWAY) < [line[:9] for line in printed].index("condition")
    assert TURNED_AWAY in console.open("/experimenter").response.text
    assert "4 assignments drawn again: all the same" in study("replay")


def test_an_export_names_no_condition_of_who_was_turned_away(full_app, study, tmp_path):
    study("export", tmp_path / "out")
    rows = read_csv(tmp_path / "out" / "participants.csv")
    named = [(row["condition"] != "", row["classifier"] != "") for row in rows]
    assert named == [(True, True)] * 4 + [(False, False)] * 3


def test_the_next_person_after_those_turned_away_gets_the_free_place(
    full_app, another_visitor, tools, study
):
    gone = tools.participants(full_app)[1]
    time_passes(full_app, HOUR, participant=gone)
    another_visitor().start(from_prolific("new", f"{9:024x}"))
    assert tools.participants(full_app)[-1].condition == gone.condition
    assert "5 assignments drawn again: all the same" in study("replay")


def test_a_wave_that_turned_everybody_away_says_so(app, another_visitor, study):
    change(app, LoadedStudy, quota=1, wave=Wave.PILOT)
    for number in range(3):
        another_visitor().start(from_prolific("one", f"{number:024x}"))
    change(app, LoadedStudy, wave=Wave.MAIN)
    another_visitor().start(from_prolific("two", f"{0:024x}"))
    printed = study("status")
    assert "Participants: none yet\nTurned away before they started: 1 (1 duplicate)" in printed


def test_databases_of_before_lose_the_condition_of_who_was_turned_away_alone(full_app, tools):
    before = [p.condition for p in tools.participants(full_app)]
    with full_app.app_context():
        downgrade(revision="0013")
        stood_for = db.session.scalars(text("SELECT condition FROM participant ORDER BY id")).all()
        db.session.execute(text("UPDATE participant SET outcome = 'quota_full' WHERE id = 2"))
        db.session.commit()
        db.session.remove()
        upgrade()
    assert None not in stood_for
    assert [p.condition for p in tools.participants(full_app)] == before
