"""Erasing what a person gave."""

import pytest
from sqlalchemy import select

from study_app.answer_models import Device
from study_app.database import db
from study_app.identity_models import Demographic, Identity, Submission
from study_app.models import AuditEntry

IDS = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=study&SESSION_ID={}"


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
