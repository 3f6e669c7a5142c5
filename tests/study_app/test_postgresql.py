"""The study on a real PostgreSQL."""

import os
import re
import subprocess
from pathlib import Path

import psycopg
import pytest
from flask_migrate import check, downgrade, upgrade

from study_app import create_app
from study_app.answer_models import QuestionnaireAnswer
from study_app.models import LoadedStudy
from study_app.tokens import sign_in_token
from tests.lab import ROOT
from tests.postgresql import client_programs
from tests.study_app.asking import COMPREHENSION, MISUNDERSTOOD
from tests.study_app.enrolment.changes import change, from_prolific

DOCUMENTED = (ROOT / "docs/server.md").read_text("utf-8")


def test_the_study_runs_on_postgresql(postgres_address, tmp_path, monkeypatch, bundle_path, tools):
    monkeypatch.setenv("DATABASE_URL", postgres_address)
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
    postgres_address, tmp_path, monkeypatch, bundle_path, tools
):
    monkeypatch.setenv("DATABASE_URL", postgres_address)
    questions = '[[questions]]\nname = "job"\ntext = "What is your work?"\nkind = "text"\n'
    (tmp_path / "study.toml").write_text(tools.study_text() + questions)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path, "--study", tmp_path / "study.toml")
    visitor = tools.visitor(app.test_client()).start().press("agree").press("continue")
    assert visitor.press("continue", **{"question-job": "Art\0\r\n£"}).screen == "instructions"
    [answer] = tools.rows(app, QuestionnaireAnswer)
    assert answer.value == "Art\n£"
    tools.close(app)


@pytest.mark.slow
def test_who_misunderstands_twice_ends_on_postgresql_and_counts_as_withdrawn_before_0017(
    postgres_address, tmp_path, monkeypatch, bundle_path, tools
):
    monkeypatch.setenv("DATABASE_URL", postgres_address)
    (tmp_path / "study.toml").write_text(tools.study_text() + COMPREHENSION)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path, "--study", tmp_path / "study.toml")
    visitor = tools.visitor(app.test_client()).start().walk(until="comprehension")
    assert visitor.press("continue", **MISUNDERSTOOD).screen == "comprehension"
    assert visitor.press("continue", **MISUNDERSTOOD).screen == "debrief"
    outcomes = [tools.participants(app)[0].outcome]
    with app.app_context():
        check()
        downgrade(revision="0014")
        upgrade()
    outcomes.append(tools.participants(app)[0].outcome)
    assert outcomes == ["failed_comprehension", "withdrawn"]
    tools.close(app)


def test_the_experimenters_page_works_on_postgresql(
    postgres_address, tmp_path, monkeypatch, bundle_path, tools
):
    monkeypatch.setenv("DATABASE_URL", postgres_address)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path)
    participant = tools.visitor(app.test_client()).start().walk(until="judge")
    url = participant.url
    assert participant.open("/").press("go_on").url == url
    assert participant.open("/").press("somebody_else").url != url
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
    postgres_address, tmp_path, monkeypatch, bundle_path, tools
):
    monkeypatch.setenv("PATH", str(client_programs()), prepend=os.pathsep)
    monkeypatch.setenv("DATABASE_URL", postgres_address)
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
    erased = study("erase", "--prolific", "5f9b2c1e0a7d4e3b8c6f1a20", "--yes")
    assert "PostgreSQL keeps deleted rows" in erased
    assert tools.participants(app)[-1].outcome == "withdrawn"
    tools.close(app)


@pytest.mark.slow
def test_people_with_one_id_or_two_submissions_are_paid_once_on_postgresql(
    postgres_address, tmp_path, monkeypatch, bundle_path, tools
):
    monkeypatch.setenv("DATABASE_URL", postgres_address)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path)
    alone, again = ("5f9b2c1e0a7d4e3b8c6f1a20", "5f9b2c1e0a7d4e3b8c6f1a21")
    tools.visitor(app.test_client()).start(f"?prolific_pid={alone}").walk()
    visitor = tools.visitor(app.test_client())
    for session in ("one", "two"):
        visitor.start(f"?PROLIFIC_PID={again}&amp;SESSION_ID={session}")
    visitor.walk()
    lines = ("Submission id,Participant id,Status", f"zero,{alone},AWAITING REVIEW")
    rows = (f"{session},{again},AWAITING REVIEW" for session in ("one", "two"))
    (tmp_path / "list.csv").write_text("\n".join((*lines, *rows)))
    run = app.test_cli_runner().invoke
    for _ in range(2):
        assert run(args=["study", "reconcile", str(tmp_path / "list.csv")]).exit_code == 0
    output = run(args=["study", "payments", str(tmp_path / "payments.csv")]).output
    assert "2 approve, 1 review" in output or "1 review, 2 approve" in output
    assert "without an id" not in run(args=["study", "status"]).output
    tools.close(app)


@pytest.mark.slow
def test_the_commands_of_the_documentation_clear_an_erased_person_from_every_file(
    postgres_address, tmp_path, monkeypatch, bundle_path, tools
):
    """Somebody who is alone in a table too, whose statistics PostgreSQL would keep."""
    pid, town = "7d41c09ab3e85f2260c9aa17", "Kirkwall-upon-Sea"
    monkeypatch.setenv("DATABASE_URL", postgres_address)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path)
    tools.visitor(app.test_client()).start(f"?PROLIFIC_PID={pid}&STUDY_ID=s&SESSION_ID=one").walk()
    (tmp_path / "list.csv").write_text(
        f"Submission id,Participant id,Status,Town\none,{pid},APPROVED,{town}\n"
    )
    run = app.test_cli_runner().invoke
    assert run(args=["study", "reconcile", str(tmp_path / "list.csv")]).exit_code == 0
    plain = postgres_address.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        [folder] = connection.execute("SHOW data_directory").fetchone()

        def holding():
            connection.execute("CHECKPOINT")
            files = [path for path in Path(folder).rglob("*") if path.is_file()]
            return {
                f.parts[-3] for f in files if any(t.encode() in f.read_bytes() for t in (pid, town))
            }

        connection.execute("ANALYZE")
        erased = run(args=["study", "erase", "--prolific", pid, "--yes"])
        assert "docs/server.md says what to run" in erased.output
        assert "base" in holding()
        for line in re.findall("^(?:runuser|for) .*$", DOCUMENTED, flags=re.MULTILINE):
            if "psql lorikeet" in line:
                for _ in re.search(r"for i in ([\d ]+)|$", line)[0].split()[3:] or (1,):
                    for statement in re.findall('-c "(.*?)"', line):
                        connection.execute(statement)
        assert holding() == set()
    tools.close(app)


@pytest.mark.slow
def test_who_is_turned_away_has_no_condition_on_postgresql(
    postgres_address, tmp_path, monkeypatch, bundle_path, tools
):
    monkeypatch.setenv("DATABASE_URL", postgres_address)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path)
    change(app, LoadedStudy, quota=1)
    for session, person in (("a", 0), ("b", 1), ("c", 2), ("d", 3), ("e", 4), ("again", 0)):
        visitor = tools.visitor(app.test_client()).start(from_prolific(session, f"{person:024x}"))
        if session == "a":
            visitor.walk()  # does not pass the gate, so the place is free
    people = tools.participants(app)
    assert [p.outcome for p in people[4:]] == ["quota_full", "duplicate"]
    assert [p.condition is None for p in people] == [False] * 4 + [True, True]
    printed = app.test_cli_runner().invoke(args=["study", "status"]).output
    assert "Turned away before they started: 2 (1 duplicate, 1 quota_full)" in printed
    assert (
        "4 assignments drawn again" in app.test_cli_runner().invoke(args=["study", "replay"]).output
    )
    tools.close(app)
