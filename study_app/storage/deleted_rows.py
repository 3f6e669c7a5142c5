"""What SQLite keeps of deleted rows, and how it goes.

`secure_delete` (see `database`) overwrites what is deleted, but not the bytes that a page keeps of
rows that moved to another; a vacuum writes every page anew. The log still has each page as it was,
until it is cut off, which nobody can do while somebody reads what it holds. PostgreSQL keeps both
for those who run it to clear: docs/server.md says how.
"""

import sqlite3
from contextlib import closing

from study_app.database import db, sqlite_files
from study_app.errors import UnavailableError
from study_app.storage.sqlite_files import SQLiteFiles

READERS_PATIENCE_S = 1.0  # nobody can write meanwhile
POSTGRESQL_KEEPS = (
    "PostgreSQL keeps deleted rows in its files and its log until they are cleared: "
    "docs/server.md says what to run"
)


def clear_deleted_rows(name: str) -> str:
    """Write SQLite's file anew without what was deleted, and cut its log off.

    Args:
        name: the participant whose rows were deleted, as exports call the person.

    Returns:
        What is still on the disk, and what to do about it; empty if nothing is.
    """
    if (files := sqlite_files()) is None:
        return POSTGRESQL_KEEPS if db.engine.dialect.name == "postgresql" else ""
    if write_anew(files):
        return ""
    return (
        f"{files.path} or its log {files.log.name} still holds what was deleted, since another "
        "program reads or holds the database, or the disk is full. Let that end (an export, a "
        "backup, a viewer of databases), then run "
        f"`flask --app study_app study erase --participant {name}` once more"
    )


def write_anew(files: SQLiteFiles) -> bool:
    """Leave nothing in a database's files but what it holds; whether that could be done."""
    try:
        with files.turn.taken(), closing(sqlite3.connect(files.path)) as connection:
            connection.execute(f"PRAGMA busy_timeout = {READERS_PATIENCE_S * 1000:.0f}")
            connection.execute("VACUUM")
            is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except (sqlite3.Error, UnavailableError):
        return False
    return not is_busy
