"""Erasing what a person gave."""

import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from study_app.answer_models import Device
from study_app.database import db
from study_app.identity_models import Demographic, Identity, Submission
from study_app.models import AuditEntry
from study_app.storage import deleted_rows
from tests.study_app.asking import GOOD, RIGHT

PID = "5f9b2c1e0a7d4e3b8c6f1a20"
IDS = f"?PROLIFIC_PID={PID}&STUDY_ID=study&SESSION_ID={{}}"
WRITTEN = {
    "question-job": "I keep ospreys for a living",
    "question-comments": "Write to ada.l@example.org",
}
NAME, SUBMISSION, TOWN = "Ada Lovelock", "0a1b2c3d4e5f60718293a4b5", "Kirkwall-upon-Sea"
TELLING = (*WRITTEN.values(), PID, NAME, SUBMISSION, TOWN)
READER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
connection.execute("SELECT count(*) FROM participant").fetchone()
print("reads", flush=True)
sys.stdin.readline()
"""
LIST = "Submission id,Participant id,Status,Age\none,5f9b2c1e0a7d4e3b8c6f1a20,AWAITING REVIEW,31\n"


@pytest.fixture
def run(app):
    """Runs a command of `study`: its exit status and output."""

    def command(*arguments, answer="y\n"):
        runner = app.test_cli_runner()
        result = runner.invoke(args=["study", *map(str, arguments)], input=answer)
        return result.exit_code, result.output

    return command


def test_nothing_of_an_erased_person_is_left_and_the_link_leads_to_the_end(
    app, visitor, another_visitor, run, tools, tmp_path
) -> None:
    visitor.start(IDS.format("one")).walk(until="judge")
    another_visitor().start().walk()
    (tmp_path / "list.csv").write_text(LIST)
    assert run("reconcile", tmp_path / "list.csv")[0] == 0
    gone, stays = tools.participants(app)
    status, output = run("erase", "--participant", gone.participant_id)
    assert (status, gone.participant_id in output) == (0, True)
    assert {trial.participant for trial in tools.trials(app)} == {stays.id}
    with app.app_context():
        for table in (Identity, Submission, Demographic):
            assert db.session.scalars(select(table)).all() == []
        acts = [entry.act for entry in db.session.scalars(select(AuditEntry))]
    assert acts[-1] == f"erased what {gone.participant_id} gave"
    assert [participant.outcome for participant in tools.participants(app)] == [
        "withdrawn",
        "completed",
    ]
    visitor.open(f"/p/{gone.token}")
    assert visitor.screen == "debrief"


def test_every_participation_of_a_prolific_id_is_erased(app, tools, run) -> None:
    for session in ("one", "two"):
        tools.visitor(app.test_client()).start(IDS.format(session))
    status, _ = run("erase", "--prolific", "5f9b2c1e0a7d4e3b8c6f1a20")
    assert (status, tools.trials(app)) == (0, [])


def test_erasing_asks_first_and_refuses_whom_it_does_not_know(app, visitor, run, tools) -> None:
    visitor.start()
    name = tools.participants(app)[0].participant_id
    before = len(tools.trials(app))
    assert run("erase", "--participant", name, answer="n\n")[0] == 1
    assert "nobody is called 'x'" in run("erase", "--participant", "x")[1]
    assert "either --participant or --prolific" in run("erase")[1]
    assert len(tools.trials(app)) == before


def test_an_erased_persons_place_is_free_and_the_export_still_counts_the_person(
    app, visitor, another_visitor, run, tools, tmp_path
) -> None:
    visitor.start().walk()
    erased = tools.participants(app)[0]
    run("erase", "--participant", erased.participant_id)
    for _ in range(3):
        another_visitor().start()
    participants = tools.participants(app)[1:]
    assert erased.condition in [participant.condition for participant in participants]
    assert run("export", tmp_path / "export")[0] == 0
    lines = (tmp_path / "export/participants.csv").read_text().splitlines()
    assert len([line for line in lines if "withdrawn" in line]) == 1
    assert erased.participant_id not in (tmp_path / "export/responses.csv").read_text()


def test_a_device_is_erased_with_the_answers(app, visitor, tools):
    visitor.start().walk(until="instructions")
    with app.app_context():
        assert db.session.query(Device).count() == 1
    name = tools.participants(app)[0].participant_id
    app.test_cli_runner().invoke(args=["study", "erase", "--participant", name, "--yes"])
    with app.app_context():
        assert db.session.query(Device).count() == 0


@pytest.fixture
def guest(asking_app, tools, command):
    """Somebody invited by name whom Prolific knows too, and who writes who they are."""
    [token] = re.findall(r"invitation=(\S+)", command("invite", NAME))
    visitor = tools.visitor(asking_app.test_client())
    visitor.start(f"{IDS.format(SUBMISSION)}&invitation={token}")
    while visitor.screen != "debrief":
        said = {"questions": GOOD, "attention": RIGHT}.get(visitor.screen, {})
        visitor.press(visitor.page.form.choices[0], **said, **WRITTEN)
    listed = Path(asking_app.instance_path).parent / "list.csv"
    header = "Submission id,Participant id,Status,Town"
    listed.write_text(f"{header}\n{SUBMISSION},{PID},AWAITING REVIEW,{TOWN}\n")
    command("reconcile", listed)
    return visitor


@pytest.fixture
def command(asking_app):
    """Runs a command of `study` there, which must succeed: what it printed."""

    def run(*arguments):
        result = asking_app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def left_on_disk(app, texts=TELLING):
    """Which texts stand anywhere in the database's files.

    Another process reads them: whoever closes such a file lets go of all of SQLite's locks on it.
    """
    files = list(Path(app.instance_path).glob("study.sqlite*"))
    assert {"study.sqlite", "study.sqlite-wal"} <= {file.name for file in files}
    stored = subprocess.run(["cat", *files], capture_output=True, check=True).stdout
    return {text for text in texts if text.encode() in stored}


@contextmanager
def reader(app):
    """Another program that reads the database, and sees it as it is now until it ends."""
    database = f"{app.instance_path}/study.sqlite"
    with subprocess.Popen(
        [sys.executable, "-c", READER, database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "reads\n"
        yield
        process.communicate("\n")


def test_no_file_of_the_database_holds_anything_of_an_erased_person(
    asking_app, guest, tools, command
) -> None:
    assert left_on_disk(asking_app) == {*TELLING}
    output = command("erase", "--prolific", PID, "--yes")
    assert left_on_disk(asking_app) == set()
    assert "Warning" not in output
    assert "databases set aside before still hold it" in output
    guest.open(guest.url)
    assert (guest.screen, tools.participants(asking_app)[-1].outcome) == ("debrief", "withdrawn")


def test_who_withdraws_leaves_the_id_that_pays_and_nothing_else_on_the_disk(
    asking_app, guest
) -> None:
    guest.open(f"{guest.url}/withdraw").press("erase")
    assert left_on_disk(asking_app) == {PID, SUBMISSION}


@pytest.mark.parametrize("by", ["command", "link"])
def test_what_a_reader_keeps_in_the_log_is_named_and_goes_as_the_advice_says(
    asking_app, guest, tools, command, monkeypatch, by
) -> None:
    monkeypatch.setattr(deleted_rows, "READERS_PATIENCE_S", 0.05)
    name = tools.participants(asking_app)[-1].participant_id
    with reader(asking_app):
        if by == "command":
            said = command("erase", "--participant", name, "--yes")
        else:
            guest.open(f"{guest.url}/withdraw").press("erase")
            said = command("audit")
        assert {*WRITTEN.values(), NAME} <= left_on_disk(asking_app)
    assert "study.sqlite or its log study.sqlite-wal still holds what was deleted" in said
    [advice] = re.findall(r"`flask --app study_app study (erase --participant \S+)`", said)
    assert "Warning" not in command(*advice.split(), "--yes")
    assert left_on_disk(asking_app) == set()


def test_an_error_of_the_database_does_not_log_what_people_wrote(asking_app) -> None:
    with asking_app.app_context(), db.engine.connect() as connection:
        with pytest.raises(Exception, match="no such table") as error:
            connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", (NAME,))
    assert NAME not in str(error.value)
