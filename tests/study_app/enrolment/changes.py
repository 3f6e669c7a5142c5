"""Changes that tests make behind the server's back, and the links by which people come."""

from datetime import timedelta

from sqlalchemy import select, update

from study_app.database import db, writing
from study_app.models import Participant
from study_app.outcomes import finish

PID = "5f9b2c1e0a7d4e3b8c6f1a20"


def from_prolific(session, pid=PID):
    """The query of a Prolific link."""
    return f"?PROLIFIC_PID={pid}&STUDY_ID=study&SESSION_ID={session}"


def change(app, table, **values):
    """Set columns of every row."""
    with app.app_context(), writing():
        db.session.execute(update(table).values(**values))


def change_one(app, participant, **values):
    """Set columns of a participant."""
    with app.app_context(), writing():
        row = update(Participant).where(Participant.id == participant.id)
        db.session.execute(row.values(**values))


def time_passes(app, time, *, participant=None):
    """Nothing is heard meanwhile of anybody, or of one participant."""
    someone = Participant.id == participant.id if participant else True
    with app.app_context(), writing():
        for silent in db.session.scalars(select(Participant).where(someone)):
            for column in ("started_at", "seen_at", "place_until"):
                if moment := getattr(silent, column):
                    setattr(silent, column, moment - time)


def end(app, participant, outcome):
    """A session ends, and the data do not count."""
    with app.app_context(), writing():
        finish(db.session.get(Participant, participant.id), outcome)


HOUR = timedelta(hours=1)
