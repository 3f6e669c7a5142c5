"""People of whom nothing was heard."""

from datetime import timedelta

from sqlalchemy import select, update

from study_app.dashboard.inactive import inactive_participants
from study_app.database import db, now, writing
from study_app.enums import Wave
from study_app.models import Participant
from tests.study_app.dashboard.console import text_of


def test_people_of_whom_nothing_was_heard_are_listed(app, console, visitor, another_visitor, tools):
    visitor.start().walk(until="judge").answer("yes")
    another_visitor().start()
    with app.app_context():
        assert inactive_participants(Wave.MAIN) == []
        with writing():
            silent, lively = db.session.scalars(select(Participant).order_by(Participant.id))
            silent.started_at = lively.started_at = now() - timedelta(hours=1)
            silent.seen_at = now() - timedelta(minutes=42)
        [one] = inactive_participants(Wave.MAIN)
        assert (one.participant_id, one.n_decisions, one.silent_minutes) == (
            silent.participant_id,
            1,
            42,
        )
    console.open("/experimenter")
    assert f"{silent.participant_id} {silent.condition} 1 42 min" in text_of(console)
    assert lively.participant_id not in console.response.text


def test_silent_people_of_another_wave_are_listed_with_that_wave(app, console, visitor, study):
    visitor.start()
    with app.app_context(), writing():
        db.session.execute(update(Participant).values(seen_at=now() - timedelta(hours=1)))
    study("recruit", "pilot")
    assert "Everybody who is under way" in text_of(console.open("/experimenter"))
    assert "60 min" in text_of(console.open("/experimenter?wave=main"))
