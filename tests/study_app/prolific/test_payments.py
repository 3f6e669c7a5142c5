"""Whom to pay."""

import csv

import pytest
from sqlalchemy import select

from stimuli.study import Instructed, Outcome, Pay
from study_app.answer_models import Signals
from study_app.database import db
from study_app.enums import SubmissionStatus
from study_app.models import AuditEntry
from study_app.prolific.payments import Action, Case, payment
from study_app.session.attention import FailedCheck, Grounds
from study_app.session.signals import evidence
from tests.study_app.asking import RIGHT, WRONG, finish
from tests.study_app.prolific.listing import listed, row
from tests.study_app.visiting import read_csv

PAY = Pay(reward=1.8, partial={Outcome.FAILED_VALIDATION: 0.5, Outcome.ERROR: 1.0})


@pytest.mark.parametrize(
    ("status", "outcome", "action", "amount"),
    [
        (SubmissionStatus.AWAITING_REVIEW, Outcome.COMPLETED, Action.APPROVE, 1.8),
        (SubmissionStatus.TIMED_OUT, Outcome.COMPLETED, Action.APPROVE, 1.8),
        (SubmissionStatus.RETURNED, Outcome.COMPLETED, Action.REVIEW, None),
        (SubmissionStatus.APPROVED, Outcome.COMPLETED, Action.NOTHING, None),
        (SubmissionStatus.AWAITING_REVIEW, Outcome.FAILED_VALIDATION, Action.PAY_IN_PART, 0.5),
        (SubmissionStatus.AWAITING_REVIEW, Outcome.ERROR, Action.PAY_IN_PART, 1.0),
        (SubmissionStatus.SCREENED_OUT, Outcome.FAILED_VALIDATION, Action.NOTHING, None),
        (SubmissionStatus.AWAITING_REVIEW, Outcome.DECLINED, Action.ASK_TO_RETURN, None),
        (SubmissionStatus.AWAITING_REVIEW, Outcome.FAILED_ATTENTION, Action.REVIEW, None),
        (SubmissionStatus.AWAITING_REVIEW, None, Action.REVIEW, None),
        (SubmissionStatus.TIMED_OUT, Outcome.TIMED_OUT, Action.NOTHING, None),
        (SubmissionStatus.RETURNED, Outcome.RETURNED, Action.NOTHING, None),
        (SubmissionStatus.ACTIVE, None, Action.NOTHING, None),
    ],
)
def test_each_submission_has_one_thing_to_do(status, outcome, action, amount) -> None:
    due = payment(Case(status=status, arrived=True, outcome=outcome, n_answered=3), PAY)
    assert (due.action, due.amount) == (action, amount)
    assert due.reason


@pytest.mark.parametrize("status", SubmissionStatus)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_failing_the_task_is_asked_to_return_or_paid_and_nobody_is_rejected(
    status, outcome
) -> None:
    for arrived in (True, False):
        case = Case(status=status, arrived=arrived, outcome=outcome, n_answered=0)
        assert "reject" not in payment(case, PAY).action
    assert not [action for action in Action if "reject" in action]


def test_the_payments_name_every_submission_once_and_are_noted(
    app, arrive, study, tmp_path
) -> None:
    arrive(1).walk()
    arrive(2).press("decline")
    rows = (row(1, "AWAITING REVIEW"), row(2, "AWAITING REVIEW"), row(7, "AWAITING REVIEW"))
    study("reconcile", listed(tmp_path, *rows))
    path = tmp_path / "payments.csv"
    assert "1 approve, 1 ask to return, 1 review" in study("payments", path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["submission_id"], r["action"], r["amount"]) for r in rows] == [
        ("session1", "approve", "1.80"),
        ("session2", "ask to return", ""),
        ("session7", "review", ""),
    ]
    assert rows[0]["prolific_pid"] == f"{1:024x}"
    with app.app_context():
        acts = [entry.act for entry in db.session.scalars(select(AuditEntry))]
    assert acts[-1] == f"wrote 3 payments, with ids of Prolific, to {path}"


def test_payments_need_a_list_and_a_new_file(app, tmp_path) -> None:
    run = app.test_cli_runner().invoke
    assert "study reconcile" in run(args=["study", "payments", str(tmp_path / "p.csv")]).output
    (tmp_path / "p.csv").touch()
    assert "is there already" in run(args=["study", "payments", str(tmp_path / "p.csv")]).output


def test_the_payments_tell_the_grounds_of_failed_checks_and_of_nothing_else(
    asking_app, tools, tmp_path
):
    come = "?PROLIFIC_PID=p{0}&STUDY_ID=s&SESSION_ID=e{0}"
    for number, answers in enumerate((RIGHT, WRONG)):
        finish(tools.visitor(asking_app.test_client()).start(come.format(number)), answers)
    lines = ["e0,p0,AWAITING REVIEW", "e1,p1,AWAITING REVIEW"]
    header = "Submission id,Participant id,Status"
    (tmp_path / "list.csv").write_text("\n".join([header, *lines]) + "\n")
    for command in (("reconcile", "list.csv"), ("payments", "payments.csv")):
        result = asking_app.test_cli_runner().invoke(
            args=["study", command[0], str(tmp_path / command[1])]
        )
        assert result.exit_code == 0, result.output
    good, bad = read_csv(tmp_path / "payments.csv")
    assert (good["action"], good["grounds_to_reject"]) == ("approve", "")
    assert bad["action"] == "review"
    words = "FAILED_CHECK, 2 of 2 needed: pink ('Blue'), walls ('Agree')"
    assert bad["grounds_to_reject"] == words


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("status", SubmissionStatus)
def test_no_other_outcome_ever_carries_grounds(outcome, status):
    """Not even where somebody failed checks too: what ended the session decides."""
    check = Instructed(
        name="pink",
        kind="instructed",
        text="Choose Pink.",
        options=("Pink", "Blue"),
        expected="Pink",
        after_trial=1,
    )
    grounds = Grounds(checks=(FailedCheck(check=check, answer="Blue"),), n_needed=1)
    case = Case(status=status, arrived=True, outcome=outcome, n_answered=9, grounds=grounds)
    due = payment(case, Pay(reward=1.8))
    assert "reject" not in due.action
    assert due.grounds is None or outcome is Outcome.FAILED_ATTENTION


@pytest.mark.parametrize("status", SubmissionStatus)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_payments_name_signals_and_decide_as_without_them(status, outcome):
    pay = Pay(minutes=12, reward=1.8)
    case = {"status": status, "arrived": True, "outcome": outcome, "n_answered": 3}
    without = payment(Case(**case), pay)
    signals = evidence(Signals(scripted_answers=4, trap=True, webdriver=False))
    due = payment(Case(**case, evidence=signals), pay)
    assert (due.action, due.amount, due.grounds) == (without.action, without.amount, None)
    assert due.reason == (
        f"{without.reason}; signals of a program: 4 scripted answers, a hidden field was filled in"
    )
