"""When a wave was exported before. Who reads an export while people come takes a look at the data.

The log of what experimenters do tells it: every export is noted there before it is written, and
nothing is ever removed from it.
"""

from datetime import datetime

from sqlalchemy import select

from study_app.database import db
from study_app.enums import Wave
from study_app.models import AuditEntry


def export_noted(wave: Wave) -> str:
    """How the log begins to tell of an export of a wave; the folder follows."""
    return f"exported the {wave} wave to "


def earlier_exports(wave: Wave) -> list[datetime]:
    """When the wave was exported until now, the first time first; with or without rehearsals."""
    is_export = AuditEntry.act.startswith(export_noted(wave), autoescape=True)
    return list(db.session.scalars(select(AuditEntry.at).where(is_export).order_by(AuditEntry.id)))
