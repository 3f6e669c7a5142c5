"""The power goes while people are at work: what the server acknowledged is on the disk.

Nobody can cut the power of a machine in a test. Instead, a library between the server and the
system keeps each file as it was when it was last synced (`disk_snapshot.c`). At the cut the server
is killed, and the files become what was kept: everything that was not synced is gone.
"""

import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from study_app import create_app
from study_app.active_study import active_study
from study_app.answer_models import StepAnswer, Trial
from study_app.database import db
from study_app.models import Participant
from study_app.simulation.behaviour import planted
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.profiles import USUAL
from study_app.simulation.rehearsal import Rehearsal, simulate
from study_app.simulation.server import kill, start
from study_app.simulation.verification import verify
from tests.study_app.own_steps import ADVICE, PAPER, with_steps
from tests.web import choices_of, first_choice, leave, screen_of, selector_of, walk_unseen
from tests.web import start as start_study

PEOPLE, BROWSERS = 20, 8
CUTS_AT = (0.3, 0.75)  # of the six decisions of everybody
DATABASE = "study.sqlite"
DECIDED = {"yes": "accept", "no": "reject"}
FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")
ANSWERED = "SELECT count(*) FROM trial WHERE answered_at IS NOT NULL"
TRIALS = {"of the paper": PAPER, "of two stages": ADVICE}


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


@pytest.fixture(params=TRIALS)
def instance(request, tmp_path, tools, snapshot) -> Path:
    """An instance folder whose study, of either trial, is on the disk."""
    folder = tmp_path / "instance"
    app = create_app({"TESTING": True}, instance_path=str(folder))
    text = tools.study_text(practice=1, validation=2, test=3)
    text = with_steps(text, TRIALS[request.param], groups=False)
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


@contextmanager
def power_cuts(app: Flask, snapshot: Path, people: int) -> Iterator[str]:
    """The address of a server whose power is cut while so many answer, and which comes back."""
    server, instance, n_cuts = start(app), Path(app.instance_path), 0

    def cut() -> None:
        nonlocal server, n_cuts
        for share in CUTS_AT:
            while answered(instance / DATABASE) < share * people * 6:
                time.sleep(0.02)
            kill(server)
            cut_the_power(instance, snapshot)
            server = start(app, server.port)
            n_cuts += 1

    thread = threading.Thread(target=cut, daemon=True)
    thread.start()
    try:
        yield server.url
        thread.join(timeout=60)
    finally:
        kill(server)
    assert n_cuts == len(CUTS_AT)


@pytest.mark.slow
def test_every_acknowledged_answer_is_there_once_after_power_cuts(instance, snapshot, tools):
    app = create_app({"TESTING": True}, instance_path=str(instance))
    with power_cuts(app, snapshot, PEOPLE) as url, app.app_context():
        rehearsal = Rehearsal(participants=PEOPLE, mix=USUAL, side_by_side=PEOPLE, url=url)
        behaviours = planted(["confidence", "heatmap", "neighbours"], [])
        model = DecisionModel(behaviours=behaviours, seed=1)
        participants = list(simulate(active_study(), model, rehearsal))
        db.session.remove()
        db.engine.dispose()
    with app.app_context():
        assert verify(participants).mismatches == ()
        outcomes = Counter(db.session.scalars(select(Participant.outcome)))
    assert outcomes == {"completed": PEOPLE}
    tools.close(app)


def press_everywhere(pages: Sequence[Page], rng: random.Random) -> list[list[str]]:
    """Answer in all browsers at once until all show their code; what each chose, in order."""
    chosen: list[list[str]] = [[] for _ in pages]
    while open_pages := [page for page in pages if screen_of(page) != "debrief"]:
        forms = [selector_of(page) for page in open_pages]
        for page in open_pages:
            choice = first_choice(page)
            if screen_of(page) in ("judge", "step"):
                choice = rng.choice(choices_of(page))
                chosen[pages.index(page)].append(DECIDED.get(choice, choice))
            page.click(f"button[name=answer][value='{choice}']")
        for page, form in zip(open_pages, forms, strict=True):
            leave(page, form)
    return chosen


def stored(token: str) -> list[str]:
    """The decisions of somebody, or the answers to the steps, in their order."""
    mine = Trial.participant == select(Participant.id).filter_by(token=token).scalar_subquery()
    of_steps = select(StepAnswer.value).join(Trial, Trial.id == StepAnswer.trial).where(mine)
    decisions = select(Trial.decision).where(mine).order_by(Trial.id)
    values = db.session.scalars(of_steps.order_by(Trial.id, StepAnswer.answered_at))
    return list(values) or list(db.session.scalars(decisions))


@pytest.mark.slow
def test_browsers_that_stay_open_through_power_cuts_bring_every_answer_27_1(
    chromium, instance, snapshot, tools
):
    app = create_app({"TESTING": True}, instance_path=str(instance))
    with power_cuts(app, snapshot, BROWSERS) as url:
        contexts = [chromium.new_context() for _ in range(BROWSERS)]
        pages = [start_study(context.new_page(), url) for context in contexts]
        for page in pages:
            walk_unseen(page, lambda html: 'name="trial"' in html)
        chosen = press_everywhere(pages, random.Random(1))
        tokens = [page.url.rsplit("/", 1)[1] for page in pages]
        assert all(page.inner_text(".code-letters") == "CDONE123" for page in pages)
        for context in contexts:
            context.close()
    with app.app_context():
        assert [stored(token) for token in tokens] == chosen
        outcomes = Counter(db.session.scalars(select(Participant.outcome)))
    assert outcomes == {"completed": BROWSERS}
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
