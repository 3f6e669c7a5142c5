"""The database: engine, sessions, migrations, and what SQLite has to be told.

Every transaction that writes starts with `writing()`. SQLite would otherwise take its write lock in
the middle of a transaction, and fail at once, without waiting, if somebody else wrote since.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from threading import Lock

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, TypeDecorator, event, text

from study_app.errors import RefusalError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 15_000  # a crowd that starts at the same second waits instead of failing

# Objects stay readable after a commit: a page is drawn from what was just stored.
db = SQLAlchemy(session_options={"expire_on_commit": False})
migrate = Migrate()

_undisturbed = Lock()


def init_app(app: Flask) -> None:
    """Bind the database to an app."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        if _is_sqlite():
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)


def upgrade_tables() -> None:
    """Bring the tables to the newest revision that this version knows.

    Raises:
        RefusalError: if a later version has changed them already.
    """
    revisions = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    with db.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in revisions:
        problem = f"was made by a later version of Lorikeet (revision {revision}); use that version"
        raise RefusalError("the database", [problem])
    upgrade()


def _prepare_sqlite(connection: SQLiteConnection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        "journal_mode = WAL",  # readers never wait for a writer
        "synchronous = NORMAL",  # safe with WAL, and far faster
        "foreign_keys = ON",  # SQLite ignores them otherwise
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("lorikeet_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing() -> Iterator[None]:
    """One transaction that writes, committed at the end, rolled back on an error."""
    db.session.commit()  # ends the reading transaction; nothing is pending in it
    with _turn():
        db.session.connection(execution_options={"lorikeet_writes": True})
        try:
            yield
        except BaseException:
            db.session.rollback()
            raise
        db.session.commit()


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for other writers of a SQLite file, and go on as soon as they end.

    SQLite's own wait sleeps for a millisecond and more before it looks again. Nobody waits for a
    process that died: its lock is gone.
    """
    path = db.engine.url.database
    if not _is_sqlite() or path in (None, "", ":memory:"):
        yield
        return
    with Path(f"{path}-turn").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """With SQLite, one thread of a process at a time.

    One writes at a time anyway, and other threads would take Python's lock from it while all
    processes wait for it to end.
    """
    with _undisturbed if _is_sqlite() else nullcontext():
        yield


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def read_one_state() -> None:
    """Start a transaction that sees no later changes. In SQLite, every one is such."""
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A time that is UTC in every database, also in SQLite, which knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse nothing, but store UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware time."""
        if value is None or value.tzinfo:
            return value
        return value.replace(tzinfo=UTC)
