"""What Prolific's list of submissions tells."""

import pytest
from flask import Flask
from sqlalchemy import select

from stimuli.study import Outcome
from study_app.database import db
from study_app.enums import SubmissionStatus
from study_app.identity_models import Demographic, Submission
from study_app.models import AuditEntry
from tests.study_app.prolific.listing import listed, row

IDS = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=study&SESSION_ID={}"
LIST = "Submission id,Participant id,Status,Age\none,5f9b2c1e0a7d4e3b8c6f1a20,AWAITING REVIEW,31\n"


def outcomes(app: Flask, tools) -> list[Outcome | None]:
    """How everybody ended, in the order in which they came."""
    return [participant.outcome for participant in tools.participants(app)]


def test_who_left_gives_the_place_back_and_who_finished_keeps_the_answers(
    app, arrive, study, tools, tmp_path
) -> None:
    arrive(1).press("agree")
    arrive(2).press("agree")
    arrive(3).walk()
    arrive(4).walk()
    arrive(5)
    path = listed(
        tmp_path,
        row(1, "RETURNED"),
        row(2, "TIMED-OUT"),
        row(3, "TIMED-OUT"),
        row(4, "AWAITING REVIEW"),
        row(5, "AWAITING REVIEW"),
        row(6, "RETURNED"),
    )
    names = [participant.participant_id for participant in tools.participants(app)]
    text = study("reconcile", path)
    assert outcomes(app, tools) == ["returned", "timed_out", "completed", "completed", None]
    assert f"places are free again: {names[0]}, {names[1]}" in text
    assert f"Prolific calls it invalid: {names[2]}" in text
    assert f"but did not finish: {names[4]}" in text
    assert "nobody who pressed Start here: session6" in text
    assert "2 AWAITING REVIEW, 2 RETURNED, 2 TIMED-OUT" in text


def test_a_place_that_was_given_back_goes_to_the_next_person(
    app, arrive, study, tools, tmp_path
) -> None:
    conditions = len(tools.participants(app)) or 3
    for number in range(conditions):
        arrive(number)
    second = tools.participants(app)[1]
    study("reconcile", listed(tmp_path, row(1, "RETURNED")))
    arrive(9)
    latest = tools.participants(app)[-1]
    assert latest.condition == second.condition


def test_a_second_list_replaces_the_first_and_people_missing_from_it_are_named(
    app, arrive, study, tools, tmp_path
) -> None:
    arrive(1).walk()
    arrive(2)
    study("reconcile", listed(tmp_path, row(1, "ACTIVE", Age="31", Sex="Male")))
    revoked = row(1, "AWAITING REVIEW", Age="CONSENT_REVOKED", Sex="DATA_EXPIRED")
    text = study("reconcile", listed(tmp_path, revoked))
    assert f"the list does not have them: {tools.participants(app)[1].participant_id}" in text
    with app.app_context():
        [submission] = db.session.scalars(select(Submission)).all()
        assert submission.status is SubmissionStatus.AWAITING_REVIEW
        assert db.session.scalars(select(Demographic)).all() == []
        acts = [entry.act for entry in db.session.scalars(select(AuditEntry))]
    assert acts[1:] == ["reconciled 1 submissions of Prolific; 0 places released"] * 2


def test_what_people_told_prolific_is_kept_by_the_name_of_its_column(
    app, arrive, study, tmp_path
) -> None:
    arrive(1).press("agree")
    answers = {"Age": "31", "Sex": "Not Applicable", "Fluent languages": "Czech, English"}
    study("reconcile", listed(tmp_path, row(1, "ACTIVE", **answers)))
    with app.app_context():
        demographics = {(d.name, d.value) for d in db.session.scalars(select(Demographic))}
    assert demographics == {("Age", "31"), ("Fluent languages", "Czech, English")}


@pytest.mark.slow
def test_another_code_than_that_of_the_outcome_and_another_person_are_named(
    app, arrive, study, tools, tmp_path
) -> None:
    arrive(1).walk()
    arrive(2).walk()
    wrong = row(1, "AWAITING REVIEW", **{"Completion code": "NOCODE"})
    stranger = row(2, "AWAITING REVIEW", **{"Participant id": "somebody"})
    text = study("reconcile", listed(tmp_path, wrong, stranger))
    names = [participant.participant_id for participant in tools.participants(app)]
    assert f"no code, or that of another outcome: {names[0]}\n" in text
    assert f"another Prolific id than the list has: {names[1]}" in text


@pytest.mark.parametrize("ending", ["never agreed", "withdrew", "was erased"])
def test_a_later_list_brings_nothing_back_of_who_never_agreed_or_withdrew(
    app, visitor, run, tools, tmp_path, ending
) -> None:
    visitor.start(IDS.format("one"))
    if ending == "withdrew":
        visitor.walk(until="judge").open(f"{visitor.url}/withdraw").press("erase")
    elif ending == "was erased":
        visitor.walk(until="judge")
        assert run("erase", "--prolific", "5f9b2c1e0a7d4e3b8c6f1a20", "--yes").exit_code == 0
    (tmp_path / "list.csv").write_text(LIST)
    assert run("reconcile", tmp_path / "list.csv").exit_code == 0
    with app.app_context():
        assert len(db.session.scalars(select(Submission)).all()) == 1
        assert db.session.scalars(select(Demographic)).all() == []
    run("payments", tmp_path / "payments.csv")
    never_came = "never pressed Start here" in (tmp_path / "payments.csv").read_text()
    assert never_came == (ending == "was erased")  # so pay before you erase
