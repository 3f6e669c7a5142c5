"""Personal links."""

import secrets
from collections.abc import Iterable

from sqlalchemy import select

from study_app.audit import note
from study_app.database import db, now, writing
from study_app.models import Invitation


def invite(labels: Iterable[str]) -> dict[str, str]:
    """The token of a personal link for each name; a known name keeps its link."""
    with writing():
        tokens = dict(db.session.execute(select(Invitation.label, Invitation.token)).all())
        new = [label for label in dict.fromkeys(labels) if label not in tokens]
        for label in new:
            tokens[label] = secrets.token_urlsafe(24)
            db.session.add(Invitation(token=tokens[label], label=label, created_at=now()))
        if new:
            note(f"made {len(new)} personal links")
    return {label: tokens[label] for label in labels}
