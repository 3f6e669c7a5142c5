"""The database: engine, sessions, migrations, and what SQLite and PostgreSQL have to be told.

Every transaction that writes starts with `writing()`. SQLite would otherwise take its write lock in
the middle of a transaction, and fail at once, without waiting, if somebody else wrote since.

What was committed is on the disk before anybody hears of it: a reply of the server waits for that,
and so does the end of `writing()` in a command. PostgreSQL waits by itself. SQLite would sync each
commit while others wait for their turn; here all who wait for the disk share a sync afterwards.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, Response, current_app, has_request_context
from flask_migrate import Migrate, upgrade
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, TypeDecorator, event, text
from sqlalchemy.exc import OperationalError

from study_app.errors import RefusalError, UnavailableError
from study_app.storage.sqlite_files import SQLiteFiles
from study_app.storage.write_turn import PATIENCE_S

MIGRATIONS = Path(__file__).parent / "migrations"
SCRIPTS = ScriptDirectory(str(MIGRATIONS))
NEWEST_REVISION = SCRIPTS.get_current_head()  # of the tables, as this version knows them
FILES = "lorikeet_sqlite_files"  # where an app keeps what it knows of them
MEMORY = ":memory:"
# A client that stopped in the middle of a transaction is put out; a large export is none.
POSTGRESQL_SETTINGS = {
    "synchronous_commit": "on",
    "lock_timeout": f"{PATIENCE_S:.0f}s",
    "idle_in_transaction_session_timeout": "10min",
}
ENGINE_OPTIONS = {"hide_parameters": True}  # errors are logged, and these are what people wrote
POSTGRESQL_OPTIONS = {
    **ENGINE_OPTIONS,
    "pool_pre_ping": True,  # a connection that broke while nobody used it is opened anew
    "connect_args": {"connect_timeout": 5},
}

# Objects stay readable after a commit: a page is drawn from what was just stored.
db = SQLAlchemy(session_options={"expire_on_commit": False})
migrate = Migrate()


def init_app(app: Flask) -> None:
    """Bind the database to an app."""
    is_postgresql = app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql")
    options = POSTGRESQL_OPTIONS if is_postgresql else ENGINE_OPTIONS
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS))
    app.before_request(_check_files)
    app.after_request(_reply_when_on_disk)
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            event.listen(db.engine, "connect", _prepare_postgresql)
            return
        event.listen(db.engine, "connect", _prepare_sqlite)
        event.listen(db.engine, "begin", _begin_sqlite)
        path = db.engine.url.database or MEMORY
        if path != MEMORY:
            files = app.extensions[FILES] = SQLiteFiles(Path(path))
            event.listen(db.engine, "do_connect", _sqlite_address(files))
            event.listen(db.engine, "connect", lambda *_: files.note_opened())


def sqlite_files() -> SQLiteFiles | None:
    """The files of the database; None where it is PostgreSQL, or in memory."""
    files: SQLiteFiles | None = current_app.extensions.get(FILES)
    return files


def upgrade_tables() -> None:
    """Bring the tables to the newest revision that this version knows.

    Raises:
        RefusalError: if a later version has changed them already.
    """
    revisions = {script.revision for script in SCRIPTS.walk_revisions()}
    with db.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision == NEWEST_REVISION:
        return
    if revision is not None and revision not in revisions:
        problem = f"was made by a later version of Lorikeet (revision {revision}); use that version"
        raise RefusalError("the database", [problem])
    upgrade()


def _prepare_postgresql(connection: psycopg.Connection, _record: object) -> None:
    for name, value in POSTGRESQL_SETTINGS.items():
        connection.execute(f"SET {name} = '{value}'")
    connection.commit()


def _sqlite_address(files: SQLiteFiles) -> Callable[..., None]:
    """Where to connect to: a file that is there and may be written, or as it lies on the disk."""

    def prepare(
        _dialect: object, _record: object, where: list[str], options: dict[str, object]
    ) -> None:
        files.prepare()
        if files.is_read_only:
            where[:] = [f"{files.path.absolute().as_uri()}?immutable=1"]
            options["uri"] = True

    return prepare


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        "journal_mode = WAL",  # readers never wait for a writer
        "synchronous = NORMAL",  # syncs where the log goes into the file; `wait_for_disk` the rest
        "foreign_keys = ON",  # SQLite ignores them otherwise
        "secure_delete = ON",  # what people have deleted is overwritten, and not left lying
        f"busy_timeout = {PATIENCE_S * 1000:.0f}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    patience_s = connection.get_execution_options().get("lorikeet_patience_s")
    if patience_s is None:
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience_s * 1000:.0f}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def writing() -> Iterator[None]:
    """One transaction that writes, committed at the end, rolled back on an error.

    Raises:
        UnavailableError: if others do not let it begin.
    """
    db.session.commit()  # ends the reading transaction; nothing is pending in it
    files = sqlite_files()
    with files.turn.taken() if files else nullcontext():
        _begin_writing(files)
        try:
            yield
        except BaseException:
            db.session.rollback()
            raise
        db.session.commit()
    if not has_request_context():
        wait_for_disk()


def _begin_writing(files: SQLiteFiles | None) -> None:
    patience_s = files.turn.patience_s if files else PATIENCE_S
    try:
        db.session.connection(execution_options={"lorikeet_patience_s": patience_s})
    except OperationalError as error:
        db.session.rollback()
        is_busy = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
        if files and is_busy:
            raise files.turn.given_up() from None
        raise
    if files:
        files.turn.went_on()


def wait_for_disk() -> None:
    """Return once everything that was committed until now is on the disk."""
    if files := sqlite_files():
        files.sync()


def _check_files() -> None:
    if files := sqlite_files():
        files.check_still_there()


def _reply_when_on_disk(response: Response) -> Response:
    """Also what another process committed: a reply may tell of it, or show a completion code."""
    try:
        if db.session.registry.has():
            wait_for_disk()
    except UnavailableError as error:
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


@contextmanager
def undisturbed() -> Iterator[None]:
    """With SQLite, one thread of a process at a time.

    One writes at a time anyway, and other threads would take Python's lock from it while all
    processes wait for it to end.

    Raises:
        UnavailableError: if another thread waits for somebody who does not end.
    """
    files = sqlite_files()
    with files.turn.alone() if files else nullcontext():
        yield


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
