"""Changes that tests make behind the server's back, and the links by which people come."""

from sqlalchemy import update

from study_app.database import db, writing
from study_app.models import Participant

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
