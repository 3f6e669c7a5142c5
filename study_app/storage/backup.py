"""`study backup`: the whole database as one file, while the study runs."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import cast

from sqlalchemy import URL

from study_app.audit import note_apart
from study_app.database import db
from study_app.errors import RefusalError, UnavailableError
from study_app.storage.outages import sqlite_problem
from study_app.storage.shared_sync import sync_folder


def backup(path: Path) -> int:
    """Write everything, ids included, to a new file; its size in bytes.

    SQLite's file is one to put back in place of the database; PostgreSQL's is for `pg_restore`.

    Raises:
        RefusalError: if the file is there already, or `pg_dump` is missing or fails.
    """
    if path.exists():
        raise RefusalError(str(path), ["is there already; name a file that is not"])
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)  # of a backup that was cut off
    note_apart(f"backed up the database, ids included, to {path}")
    try:
        if db.engine.dialect.name == "sqlite":
            _copy_sqlite(partial)
        else:
            _dump_postgres(db.engine.url, partial)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    os.rename(partial, path)
    sync_folder(path.parent)
    return path.stat().st_size


def _copy_sqlite(path: Path) -> None:
    """By SQLite's own copying, which others may write beside."""
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as copy, db.engine.connect() as connection:
        source = cast(sqlite3.Connection, connection.connection.dbapi_connection)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        except sqlite3.Error as error:
            if problem := sqlite_problem(error):
                raise UnavailableError(f"copying the database to {path}", [problem]) from None
            raise


def _dump_postgres(url: URL, path: Path) -> None:
    # The password in the environment: a command line can be read by everybody on the machine.
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    plain = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    address = plain.render_as_string()
    path.touch(mode=0o600)
    command = ["pg_dump", "--format=custom", f"--file={path}", f"--dbname={address}"]
    try:
        dump = subprocess.run(command, capture_output=True, text=True, env=os.environ | secret)
    except FileNotFoundError:
        problem = "is not installed; install the client programs of PostgreSQL"
        raise RefusalError("pg_dump", [problem]) from None
    if dump.returncode:
        raise RefusalError("pg_dump", [dump.stderr.strip()])
