"""The log of what experimenters do that concerns people."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from study_app.database import db, now, writing
from study_app.errors import UnavailableError
from study_app.models import AuditEntry
from study_app.storage.outages import outage

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Acts:
    """The same act, so many times in a row.

    Attributes:
        at: when it was done last.
    """

    at: datetime
    act: str
    times: int


def note(act: str) -> None:
    """Add an entry; the caller's transaction writes it, together with the act itself."""
    db.session.add(AuditEntry(at=now(), act=act))


def note_apart(act: str) -> None:
    """Add an entry in a transaction of its own, if the database can be written.

    For what is done to save answers from a disk that is full or read-only.
    """
    try:
        with writing():
            note(act)
    except (UnavailableError, DBAPIError) as error:
        if isinstance(error, DBAPIError) and outage(error) is None:
            raise
        db.session.rollback()
        log.warning("The database cannot be written, so this is not noted in it: %s", act)


def acts() -> Iterable[Acts]:
    """Everything in the log, the newest first; a guessed password fills one line, not hundreds."""
    newest_first = select(AuditEntry).order_by(AuditEntry.id.desc())
    entries = db.session.scalars(newest_first.execution_options(yield_per=100))
    for act, group in groupby(entries, key=lambda entry: entry.act):
        first, *others = group
        yield Acts(at=first.at, act=act, times=1 + len(others))


def latest_acts(n: int) -> list[Acts]:
    """The newest of them."""
    return list(islice(acts(), n))


def audit_text() -> str:
    """The whole log for the terminal, the oldest first."""
    lines = [
        f"{one.at:%Y-%m-%d %H:%M:%S} UTC  {one.act}{f' (× {one.times})' if one.times > 1 else ''}"
        for one in acts()
    ]
    return "\n".join(reversed(lines)) or "Nothing was done yet"
