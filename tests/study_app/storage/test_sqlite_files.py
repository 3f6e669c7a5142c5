"""A live database that somebody takes for one file."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from study_app import create_app
from study_app.answer_models import Trial
from study_app.database import db, sqlite_files
from study_app.simulation.server import kill, start

INDEX_PAGE = "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'trial'"


def answers(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        [n] = connection.execute("SELECT count(*) FROM trial WHERE decision IS NOT NULL").fetchone()
    return n


def test_a_server_whose_database_was_moved_takes_no_answers_until_it_is_back_27_2(
    app, visitor, caplog
):
    visitor.start().walk(until="judge")
    path = Path(app.instance_path) / "study.sqlite"
    os.rename(path, path.with_name("pilot.sqlite"))
    page = visitor.page
    assert visitor.press("yes").response.status_code == 503
    assert "was moved, deleted or replaced while this server ran" in caplog.text
    shutil.copy(path.with_name("pilot.sqlite"), path)  # another file, though it looks alike
    visitor.page = page
    assert visitor.press("yes").response.status_code == 503
    os.replace(path.with_name("pilot.sqlite"), path)
    visitor.page = page
    assert visitor.press("yes").response.status_code == 200


@pytest.mark.slow
def test_a_log_without_its_database_is_not_taken_for_that_of_a_new_one_27_2(
    app, tools, bundle_path, tmp_path, monkeypatch
):
    """As an outsider did it: the server is killed, and the file moved without its log."""
    server = start(app)
    visitor = tools.visitor(app.test_client()).start().walk()
    path = Path(app.instance_path) / "study.sqlite"
    kill(server)
    with closing(sqlite3.connect(path)) as held:  # as after a kill: nobody took the log in
        n = held.execute("SELECT count(*) FROM trial WHERE decision IS NOT NULL").fetchone()[0]
        tools.close(app)
        os.rename(path, path.with_name("pilot.sqlite"))
        refused = app.test_cli_runner().invoke(args=["study", "load", str(bundle_path)])
        assert refused.exit_code == 1
        assert "but its log study.sqlite-wal is" in refused.output
        assert not path.exists()
        os.rename(path.with_name("pilot.sqlite"), path)  # the advice
    result = app.test_cli_runner().invoke(args=["study", "set-aside"])
    assert result.exit_code == 0, result.output
    [kept] = path.parent.glob("study-*.sqlite")
    assert answers(kept) == n > 0
    assert visitor.screen == "debrief"


def test_all_files_of_an_instance_are_its_owners_alone_27_12(tmp_path, tools, bundle_path):
    instance = tmp_path / "a/instance"
    app = create_app({"TESTING": True}, instance_path=str(instance))
    tools.load(app, bundle_path)
    with app.app_context():
        assert db.session.scalar(select(func.count(Trial.id))) == 0
        modes = {path.name: path.stat().st_mode & 0o777 for path in instance.iterdir()}
        assert sqlite_files().log.exists()
    assert instance.stat().st_mode & 0o777 == 0o700
    assert set(modes.values()) == {0o600}
    assert {"secret_key", "study.sqlite", "study.sqlite-wal", "study.sqlite-turn"} <= set(modes)
    tools.close(app)


@pytest.mark.parametrize("command", ["status", "load"])
def test_a_damaged_database_is_told_27_2(app, tools, run, bundle_path, command):
    tools.visitor(app.test_client()).start().walk()
    tools.close(app)
    path = Path(app.instance_path) / "study.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [root] = connection.execute(INDEX_PAGE).fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size + size // 2)
        file.write(b"\xff" * (size // 2))
    result = run(command, *([bundle_path] if command == "load" else []))
    assert result.exit_code == 1
    assert "is damaged: stop the server, and put a backup in its place" in result.output
