"""The log of what experimenters do that concerns people."""

from study_app.database import db, now
from study_app.models import AuditEntry


def note(act: str) -> None:
    """Add an entry; the caller's transaction writes it, together with the act itself."""
    db.session.add(AuditEntry(at=now(), act=act))
