"""What an error of the database means for those who run it, where it is none of the program."""

import logging
import sqlite3
import time

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

TELL_EVERY_S = 60.0
SQLITE_PROBLEMS = {
    sqlite3.SQLITE_BUSY: "another process holds its write lock; end it if it is stopped",
    sqlite3.SQLITE_READONLY: "it can only be read; see who owns it, and how its disk is mounted",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; stop the server and put a backup in its place",
    sqlite3.SQLITE_FULL: "the disk is full; make room on it",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; see whether its disk has room",
    sqlite3.SQLITE_NOTADB: "the file is no database; put a backup in its place",
}
PRIMARY_CODE = 0xFF  # SQLite's extended codes say more in the bits above
POSTGRESQL_PROBLEMS = {
    "25006": "it can only be read",
    "53100": "its disk is full; make room on it",
    "53300": "it has no connection left",
    "55P03": "another process holds a lock and does not go on; end it if it is stopped",
}

log = logging.getLogger(__name__)
_told: dict[str, float] = {}


def outage(error: Exception) -> str | None:
    """In words, what keeps the database from being used; None if the program is at fault."""
    if isinstance(error, PoolTimeoutError):
        return "all connections to it are in use"
    if not isinstance(error, DBAPIError):
        return None
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return sqlite_problem(cause)
    if not isinstance(cause, psycopg.Error):
        return None
    if problem := POSTGRESQL_PROBLEMS.get(cause.sqlstate or ""):
        return problem
    is_away = error.connection_invalidated or isinstance(
        cause, psycopg.OperationalError | psycopg.InterfaceError
    )
    return "it cannot be reached; see whether it runs" if is_away else None


def sqlite_problem(error: sqlite3.Error) -> str | None:
    """In words, what SQLite could not do; None if the program is at fault."""
    return SQLITE_PROBLEMS.get(getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE)


def tell(problem: str) -> None:
    """Log a problem of the server, once a minute: every request meets it."""
    now = time.monotonic()
    if now - _told.get(problem, -TELL_EVERY_S) >= TELL_EVERY_S:
        _told[problem] = now
        log.error("Answers cannot be stored. %s", problem)
