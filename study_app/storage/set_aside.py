"""`study set-aside`: a new beginning. The database is kept whole under another name."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect, text

from study_app.audit import note
from study_app.database import db, now, sqlite_files, writing
from study_app.errors import RefusalError
from study_app.models import AuditEntry
from study_app.storage.shared_sync import sync_folder
from study_app.storage.sqlite_files import SQLiteFiles

OTHER_CONNECTIONS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid != pg_backend_pid()"
)
HELD = "is held by a server or another command; stop it, then run this again"


def set_aside() -> str:
    """Put the database aside, so that the next study begins with an empty one.

    Returns:
        How to look at what was put aside.

    Raises:
        RefusalError: if there is none, or somebody else uses it; nothing is changed then.
    """
    if files := sqlite_files():
        if not files.path.exists():
            raise RefusalError(str(files.path), ["is not there, so there is nothing to set aside"])
        return _set_file_aside(files, now())
    return _set_tables_aside(now())


def _set_file_aside(files: SQLiteFiles, at: datetime) -> str:
    path = files.path.absolute()
    target = path.with_name(f"{path.stem}-{at:%Y%m%d-%H%M%S}{path.suffix}")
    _note_if_possible(target.name)
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
        try:
            # Takes in the log and ends it, which SQLite grants to nobody but the only user.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise RefusalError(str(path), [HELD]) from None
        os.rename(path, target)
    Path(f"{path}-turn").unlink(missing_ok=True)
    sync_folder(path.parent)
    return f"set DATABASE_URL='sqlite:///{target}'"


def _set_tables_aside(at: datetime) -> str:
    """Into a schema of their own: a database cannot be renamed by those who are connected to it."""
    name = f"set_aside_{at:%Y%m%d_%H%M%S}"
    if db.session.scalar(OTHER_CONNECTIONS):
        raise RefusalError("the database", [HELD])
    tables = inspect(db.engine).get_table_names()
    if not tables:
        raise RefusalError("the database", ["is empty, so there is nothing to set aside"])
    _note_if_possible(name)
    with writing():
        db.session.execute(text(f"CREATE SCHEMA {name}"))
        for table in tables:
            db.session.execute(text(f'ALTER TABLE "{table}" SET SCHEMA {name}'))
    url = db.engine.url.update_query_dict({"options": f"-csearch_path={name}"})
    password = ", with the password in place of ***" if url.password else ""
    return f"set DATABASE_URL='{url}'{password}"


def _note_if_possible(name: str) -> None:
    if inspect(db.engine).has_table(AuditEntry.__tablename__):
        with writing():
            note(f"set the database aside as {name}")
