"""The tables: of an old schema, of the models, and in SQLite."""

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from stimuli.study import Outcome
from study_app.database import db
from study_app.enums import Wave
from study_app.models import Participant


def test_a_database_of_the_first_schema_keeps_its_people(empty_app):
    """Who completed counts from then on; everybody is of the main wave."""
    with empty_app.app_context():
        upgrade(revision="0002")
        study = (
            "INSERT INTO loaded_study (bundle_path, bundle_digest, study_text, study_digest, "
            "loaded_at) VALUES ('', '', '', '', '2026-03-13')"
        )
        db.session.execute(text(study))
        row = (
            "INSERT INTO participant (participant_id, token, start_key, number, condition, "
            "simulated, started_at, finished_at, outcome) VALUES "
            "(:name, :name, :name, 0, 'c', false, '2026-03-14', :finished, :outcome)"
        )
        for name, finished, outcome in (
            ("done", "2026-03-15", "completed"),
            ("gone", "2026-03-15", "declined"),
            ("here", None, None),
        ):
            values = {"name": name, "finished": finished, "outcome": outcome}
            db.session.execute(text(row), values)
        db.session.commit()
        upgrade()
        participants = {p.participant_id: p for p in db.session.scalars(select(Participant))}
        assert {name: p.qualified for name, p in participants.items()} == {
            "done": True,
            "gone": False,
            "here": None,
        }
        assert {p.wave for p in participants.values()} == {Wave.MAIN}
        assert [participants[name].seen_at.day for name in ("done", "here")] == [15, 14]


def test_a_database_of_before_0017_takes_the_outcome_and_gives_it_up_again(empty_app):
    with empty_app.app_context():
        upgrade(revision="0016")
        for row in (
            (
                "study_version (number, study_text, study_digest, since, wave) "
                "VALUES (1, '', '', '2026-03-14', 'main')"
            ),
            (
                "participant (participant_id, token, start_key, wave, simulated, started_at, "
                "seen_at, n_attention, version) "
                "VALUES ('p', 'p', 'p', 'main', false, '2026-03-14', '2026-03-14', 0, 1)"
            ),
        ):
            db.session.execute(text(f"INSERT INTO {row}"))
        db.session.commit()
        upgrade()
        [participant] = db.session.scalars(select(Participant))
        assert (participant.n_comprehension, participant.understood_at) == (0, None)
        participant.outcome = Outcome.FAILED_COMPREHENSION
        db.session.commit()
        db.session.remove()
        downgrade(revision="0016")
        outcome = db.session.scalar(text("SELECT outcome FROM participant"))
        db.session.rollback()
        with pytest.raises(IntegrityError, match="ck_participant_outcome"):
            db.session.execute(text("UPDATE participant SET outcome = 'failed_comprehension'"))
        assert outcome == "withdrawn"


def test_the_migrations_make_the_tables_of_the_models(empty_app):
    with empty_app.app_context():
        upgrade()
        check()  # exits where models and tables differ


def test_sqlite_checks_foreign_keys_and_waits(empty_app):
    with empty_app.app_context():
        pragmas = ("foreign_keys", "journal_mode", "busy_timeout")
        values = [db.session.scalar(text(f"PRAGMA {name}")) for name in pragmas]
    assert values == [1, "wal", 15_000]
