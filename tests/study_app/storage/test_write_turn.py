"""Somebody who holds the write turn and does not go on: others wait, give up, and go on later."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from psycopg import connect
from sqlalchemy import text

from study_app import create_app, database
from study_app.database import db, sqlite_files, writing
from study_app.errors import UnavailableError
from study_app.storage import write_turn

HOLD_TURN = """
import fcntl, os, signal, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
os.kill(os.getpid(), signal.SIGSTOP)
"""
HOLD_DATABASE = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
os.kill(os.getpid(), signal.SIGSTOP)
"""
PATIENCE_S = 0.4


@contextmanager
def stopped(script: str, path: Path) -> Iterator[None]:
    """A process that took a lock and was stopped; it is gone with the block."""
    process = subprocess.Popen([sys.executable, "-c", script, str(path)])
    try:
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        yield
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(autouse=True)
def impatient(monkeypatch) -> None:
    monkeypatch.setattr(write_turn, "PATIENCE_S", PATIENCE_S)
    monkeypatch.setattr(write_turn, "STUCK_PATIENCE_S", 0.05)
    settings = database.POSTGRESQL_SETTINGS | {"lock_timeout": f"{PATIENCE_S * 1000:.0f}ms"}
    monkeypatch.setattr(database, "POSTGRESQL_SETTINGS", settings)


def elapsed_in_vain() -> float:
    start = time.monotonic()
    with (
        pytest.raises(UnavailableError, match="does not go on; end it if it is stopped"),
        writing(),
    ):
        pass
    return time.monotonic() - start


@pytest.mark.parametrize(("script", "ending"), [(HOLD_TURN, "-turn"), (HOLD_DATABASE, "")])
def test_who_waits_for_a_stopped_process_gives_up_and_goes_on_once_it_is_gone_27_4(
    app: Flask, script: str, ending: str
) -> None:
    with app.app_context():
        path = Path(f"{sqlite_files().path}{ending}")
        with stopped(script, path):
            assert PATIENCE_S <= elapsed_in_vain() < 3 * PATIENCE_S
            assert elapsed_in_vain() < PATIENCE_S  # it is known by now
        with writing():
            pass
        with stopped(script, path):
            assert elapsed_in_vain() >= PATIENCE_S


@contextmanager
def held(app: Flask) -> Iterator[None]:
    """Somebody holds what every answer needs, and does not go on."""
    with app.app_context():
        files, url = sqlite_files(), db.engine.url
    if files:
        with stopped(HOLD_TURN, Path(f"{files.path}-turn")):
            yield
        return
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with connect(address) as connection:
        connection.execute("SELECT * FROM participant FOR UPDATE")
        yield


@pytest.mark.parametrize("database_name", ["sqlite", "postgres"])
def test_people_read_that_their_answers_are_safe_and_the_page_tries_again_27_4(
    database_name, app, tools, tmp_path, bundle_path, request, compiled_templates
) -> None:
    if database_name == "postgres":
        address = {"SQLALCHEMY_DATABASE_URI": request.getfixturevalue("postgres_address")}
        app = create_app(address | {"TESTING": True}, instance_path=str(tmp_path / "postgres"))
        app.jinja_env.bytecode_cache = compiled_templates
        request.addfinalizer(lambda: tools.close(app))
        tools.load(app, bundle_path)
    visitor = tools.visitor(app.test_client()).start()
    with held(app):
        refused = visitor.press("agree").response
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "10"
        assert "Your answers up to here are safe, and this page tries again" in refused.text
        assert f'content="10; url=/p/{tools.participants(app)[0].token}"' in refused.text
        assert visitor.open(f"/p/{tools.participants(app)[0].token}").screen == "consent"
    assert visitor.press("agree").screen == "check"


def test_postgresql_puts_out_who_stops_in_a_transaction_27_4(
    app, postgres_address, tmp_path, tools
):
    app = create_app({"SQLALCHEMY_DATABASE_URI": postgres_address}, instance_path=str(tmp_path))
    with app.app_context():
        show = {
            name: db.session.scalar(text(f"SHOW {name}"))
            for name in ("synchronous_commit", "idle_in_transaction_session_timeout")
        }
    assert show == {"synchronous_commit": "on", "idle_in_transaction_session_timeout": "10min"}
    tools.close(app)
