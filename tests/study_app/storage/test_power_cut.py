"""The power goes while twenty people are at work: what the server acknowledged is on the disk.

Nobody can cut the power of a machine in a test. Instead, a library between the server and the
system keeps each file as it was when it was last synced (`disk_snapshot.c`). At the cut the server
is killed, and the files become what was kept: everything that was not synced is gone.
"""

import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from study_app import create_app
from study_app.active_study import active_study
from study_app.database import db
from study_app.models import Participant
from study_app.simulation.behaviour import planted
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.profiles import USUAL
from study_app.simulation.rehearsal import Rehearsal, simulate
from study_app.simulation.server import kill, start
from study_app.simulation.verification import verify

PEOPLE, CUTS_AT = 20, (60, 180)  # of 20 times 14 decisions
DATABASE = "study.sqlite"
FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")
ANSWERED = "SELECT count(*) FROM trial WHERE decision IS NOT NULL"


@pytest.fixture
def snapshot(tmp_path, monkeypatch) -> Path:
    """The folder in which servers that are started from now on keep what they synced."""
    source = Path(__file__).with_name("disk_snapshot.c")
    library = tmp_path / "disk_snapshot.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    folder = tmp_path / "snapshot"
    folder.mkdir()
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("DISK_SNAPSHOT", str(folder))
    return folder


@pytest.fixture
def instance(tmp_path, tools, snapshot) -> Path:
    """An instance folder whose study is on the disk."""
    folder = tmp_path / "instance"
    app = create_app({"TESTING": True}, instance_path=str(folder))
    text = tools.study_text(practice=1, validation=5, test=8)
    tools.load(app, tools.build_bundle(tmp_path / "bundle", text).path)
    tools.close(app)
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(folder / DATABASE, snapshot)
    return folder


def cut_the_power(instance: Path, snapshot: Path) -> None:
    """Leave what was synced, and nothing else."""
    for name in FILES:
        (instance / name).unlink(missing_ok=True)
        if (snapshot / name).exists():
            shutil.copy(snapshot / name, instance)


def answered(path: Path) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        [n] = connection.execute(ANSWERED).fetchone()
    return n


def work_through_cuts(app: Flask, instance: Path, snapshot: Path) -> tuple[list, list[int]]:
    """Let people take part; what they say of it, and how many answers were left at each cut."""
    server, left = start(app), []

    def cut() -> None:
        nonlocal server
        for n in CUTS_AT:
            while answered(instance / DATABASE) < n:
                time.sleep(0.02)
            kill(server)
            cut_the_power(instance, snapshot)
            left.append(answered(instance / DATABASE))
            server = start(app, server.port)

    thread = threading.Thread(target=cut, daemon=True)
    thread.start()
    try:
        with app.app_context():
            rehearsal = Rehearsal(
                participants=PEOPLE, mix=USUAL, side_by_side=PEOPLE, url=server.url
            )
            behaviours = planted(["confidence", "heatmap", "neighbours"], [])
            model = DecisionModel(behaviours=behaviours, seed=1)
            participants = list(simulate(active_study(), model, rehearsal))
            db.session.remove()
            db.engine.dispose()
        thread.join(timeout=60)
    finally:
        kill(server)
    return participants, left


@pytest.mark.slow
def test_every_acknowledged_answer_is_there_once_after_power_cuts(instance, snapshot, tools):
    app = create_app({"TESTING": True}, instance_path=str(instance))
    participants, left = work_through_cuts(app, instance, snapshot)
    assert len(left) == len(CUTS_AT)
    with app.app_context():
        assert verify(participants).mismatches == ()
        outcomes = Counter(db.session.scalars(select(Participant.outcome)))
    assert outcomes == {"completed": PEOPLE}
    tools.close(app)


WRITE = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA synchronous = NORMAL")
connection.execute("CREATE TABLE numbers (n)")
if sys.argv[2] == "synced":
    log = os.open(sys.argv[1] + "-wal", os.O_RDONLY)
    os.fdatasync(log)
os._exit(0)
"""


@pytest.mark.parametrize(("how", "tables"), [("synced", ["numbers"]), ("not synced", [])])
def test_a_power_cut_leaves_what_was_synced(tmp_path, snapshot, how, tables):
    path = tmp_path / DATABASE
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    shutil.copy(path, snapshot)
    subprocess.run([sys.executable, "-c", WRITE, path, how], check=True)
    cut_the_power(tmp_path, snapshot)
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert [name for (name,) in names] == tables
