"""Whom to pay."""

import csv

import pytest
from sqlalchemy import select

from stimuli.study import Outcome, Pay
from study_app.database import db
from study_app.enums import SubmissionStatus
from study_app.models import AuditEntry
from study_app.prolific.payments import Action, Case, payment
from tests.study_app.prolific.listing import listed, row

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
