"""The whole database as a file."""

import sqlite3
import stat
from contextlib import closing

from sqlalchemy import select

from study_app.answer_models import Trial
from study_app.database import db


def test_a_backup_is_a_database_with_every_answer_that_only_its_owner_can_read(
    app, visitor, run, tools, tmp_path
) -> None:
    visitor.start().walk()
    path = tmp_path / "backups/monday.sqlite"
    assert run("backup", path).exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["monday.sqlite"]
    with closing(sqlite3.connect(path)) as copy:
        [answers] = copy.execute("SELECT count(*) FROM trial WHERE decision IS NOT NULL").fetchone()
    with app.app_context():
        there = len(db.session.scalars(select(Trial).where(Trial.decision.is_not(None))).all())
    assert answers == there > 0
    assert "is there already" in run("backup", path).output
