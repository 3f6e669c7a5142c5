"""Whose submission it is, where links lack the ids of submissions or people come again."""

import pytest
from sqlalchemy import select

from study_app.database import db
from study_app.identity_models import Demographic, Submission
from tests.study_app.prolific.listing import listed, row
from tests.study_app.visiting import read_csv


@pytest.fixture
def come(app, tools):
    """People come by links with the parameters that are given, each in a browser of their own."""

    def start(number, session="", *, visitor=None):
        visitor = visitor or tools.visitor(app.test_client())
        query = f"?PROLIFIC_PID={number:024x}"
        return visitor.start(f"{query}&STUDY_ID=study&SESSION_ID={session}" if session else query)

    return start


@pytest.fixture
def paid(study, tmp_path):
    """What reconciling a list says, and what to do with each of its submissions."""

    def reconcile(*rows):
        text = study("reconcile", listed(tmp_path, *rows))
        (tmp_path / "payments.csv").unlink(missing_ok=True)
        study("payments", tmp_path / "payments.csv")
        payments = read_csv(tmp_path / "payments.csv")
        return text, {r["submission_id"]: (r["action"], r["reason"]) for r in payments}

    return reconcile


DONE = ("approve", "answered everything")


def test_who_came_with_the_persons_id_alone_is_found_by_it_and_paid(app, come, paid, tools):
    come(1).walk()
    come(2).press("agree")
    text, payments = paid(row(1, "AWAITING REVIEW", Age="31"), row(2, "RETURNED"))
    first, second = (participant.participant_id for participant in tools.participants(app))
    assert payments == {"session1": DONE, "session2": ("nothing", "was returned")}
    assert f"without the id of a submission, found by their own: {first}, {second}" in text
    assert f"Left, their places are free again: {second}" in text
    assert "nobody who pressed Start" not in text
    assert [d.value for d in tools.rows(app, Demographic)] == ["31"]


@pytest.mark.slow
def test_an_id_of_a_submission_that_several_people_have_is_none(come, paid):
    for number in (1, 2):
        come(number, "typed").walk()
    text, payments = paid(row(1, "AWAITING REVIEW"), row(2, "AWAITING REVIEW"))
    assert payments == {"session1": DONE, "session2": DONE}
    assert "nobody who pressed Start" not in text


def test_who_came_by_two_submissions_is_paid_for_the_newer_and_keeps_the_place(
    app, come, paid, tools
):
    visitor = come(1, "session1").walk(until="judge")
    come(1, "session2", visitor=visitor)
    older, newer = row(1, "RETURNED", Age="31"), row(2, "ACTIVE", Age="32")
    newer["Participant id"] = older["Participant id"]
    text, _ = paid(newer, older)
    assert "places are free again" not in text
    assert "paid by another one: session1" in text
    visitor.walk()
    older["Status"] = newer["Status"] = "AWAITING REVIEW"
    newer["Completion code"] = "CDONE123"
    _, payments = paid(older, newer)
    instead = ("review", "the person is paid by submission session2")
    assert payments == {"session1": instead, "session2": DONE}
    assert [d.value for d in tools.rows(app, Demographic)] == ["32"]


def test_a_later_list_with_the_newer_submission_alone_sets_the_older_aside(app, come, paid):
    visitor = come(1, "session1").walk(until="judge")
    come(1, "session2", visitor=visitor).walk()
    newer = row(2, "AWAITING REVIEW", **{"Participant id": f"{1:024x}"}, Age="32")
    assert paid(row(1, "ACTIVE", Age="31"))[1] == {"session1": ("nothing", "is under way")}
    _, payments = paid(newer)
    assert payments == {"session1": ("nothing", "is under way"), "session2": DONE}
    with app.app_context():
        assert db.session.scalars(select(Submission.instead).order_by("submission_id")).all() == [
            "session2",
            None,
        ]
        assert db.session.scalars(select(Demographic.value)).all() == ["32"]


def test_a_link_without_the_submissions_id_leaves_the_one_that_is_known(come, paid):
    visitor = come(1, "session1").walk(until="judge")
    come(1, visitor=visitor).walk()
    assert paid(row(1, "AWAITING REVIEW"))[1] == {"session1": DONE}


def test_of_two_submissions_of_a_link_without_their_id_the_one_under_way_counts(
    app, come, paid, tools
):
    come(1).press("agree")
    other = row(2, "ACTIVE", **{"Participant id": f"{1:024x}"})
    text, payments = paid(other, row(1, "RETURNED"))
    assert tools.participants(app)[0].outcome is None
    assert "places are free again" not in text
    assert payments["session2"] == ("nothing", "is under way")


def test_a_submission_by_which_nobody_came_is_not_paid_for_another_one_of_the_person(come, paid):
    come(1, "elsewhere").walk()
    text, payments = paid(row(1, "AWAITING REVIEW"), row(3, "AWAITING REVIEW"))
    assert payments == {
        "session1": ("review", "the person is paid by submission elsewhere"),
        "session3": ("review", "never pressed Start here"),
    }
    assert "nobody who pressed Start here: session3" in text


def test_a_stranger_with_the_id_of_a_submission_does_not_take_it(app, come, paid, tools):
    come(1, "session1").walk()
    come(2, "session1").press("agree")
    text, payments = paid(row(1, "AWAITING REVIEW"))
    assert payments == {"session1": DONE}
    assert "another Prolific id" not in text
    assert tools.participants(app)[1].participant_id in text  # the list does not have them
