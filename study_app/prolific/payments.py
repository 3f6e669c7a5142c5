"""`study payments`: for each submission what to do with it on Prolific, and why.

Nothing here says to reject anybody: Prolific's rules allow that for failed attention checks only,
which a person has to judge, and never for questions on the instructions or the validation trials.
Where they allow it, a row says so: `Grounds` are made of failed attention checks and of nothing
else. Signals of programs are named in the reason, and change neither the action nor the sum.
"""

import csv
import os
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Integer, func, select, type_coerce

from stimuli.study import Outcome, Pay
from study_app.active_study import ActiveStudy, in_version
from study_app.answer_models import Signals, Trial
from study_app.audit import note
from study_app.database import db, writing
from study_app.enums import SubmissionStatus
from study_app.errors import RefusalError
from study_app.export.formulas import quoted
from study_app.identity_models import Identity, Submission
from study_app.models import Participant
from study_app.session.attention import Grounds, grounds
from study_app.session.endings import completion_code
from study_app.session.signals import evidence

COLUMNS = (
    *("submission_id", "prolific_pid", "status", "outcome"),
    *("action", "amount", "currency", "reason", "grounds_to_reject"),
)


ANSWERS = select(func.count(Trial.answered_at)).where(Trial.participant == Submission.participant)
SUBMISSIONS = (
    select(
        Submission,
        Participant,
        Identity,
        Signals,
        type_coerce(ANSWERS.scalar_subquery(), Integer),
    )
    .outerjoin(Participant, Participant.id == Submission.participant)
    .outerjoin(Identity, Identity.participant == Submission.participant)
    .outerjoin(Signals, Signals.participant == Submission.participant)
    .order_by(Submission.submission_id)
)


class Action(StrEnum):
    """What to do with a submission."""

    APPROVE = "approve"
    PAY_IN_PART = "pay in part"
    ASK_TO_RETURN = "ask to return"
    REVIEW = "review"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What decides about a submission.

    Attributes:
        arrived: whether somebody pressed Start.
        instead: the submission by which the same person is paid; None if it is this one.
        outcome: None of somebody who did not come to an end.
        n_answered: trials with a decision.
        has_completed: whether the code was entered that only the last answer earns.
        grounds: the attention checks that somebody failed, if enough of them.
        evidence: signals of programs, in words.
    """

    status: SubmissionStatus
    arrived: bool
    outcome: Outcome | None
    n_answered: int
    instead: str | None = None
    has_completed: bool = False
    grounds: Grounds | None = None
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Payment:
    """What to do with one submission.

    Attributes:
        amount: None where no sum is due.
        grounds: what Prolific would accept, should the reviewer want to reject.
    """

    action: Action
    reason: str
    amount: float | None = None
    grounds: Grounds | None = None


DECIDED = {
    SubmissionStatus.APPROVED: "is approved already",
    SubmissionStatus.PARTIALLY_APPROVED: "is paid in part already",
    SubmissionStatus.REJECTED: "is rejected already",
    SubmissionStatus.SCREENED_OUT: "was screened out, which Prolific pays by itself",
    SubmissionStatus.RETURNED: "was returned",
    SubmissionStatus.RESERVED: "is under way",
    SubmissionStatus.ACTIVE: "is under way",
    SubmissionStatus.PROCESSING: "is being processed by Prolific",
}
WHY = {
    Outcome.DECLINED: "did not agree to take part",
    Outcome.INCOMPATIBLE: "had a device that the study does not run on",
    Outcome.FAILED_COMPREHENSION: "misunderstood the instructions at both chances",
    Outcome.FAILED_VALIDATION: "judged too few validation trials rightly",
    Outcome.FAILED_ATTENTION: "missed attention checks",
    Outcome.WITHDRAWN: "withdrew",
    Outcome.DUPLICATE: "had taken part before",
    Outcome.QUOTA_FULL: "found no place left",
    Outcome.ERROR: "met an error of the server",
}
ASKED_TO_RETURN = (
    Outcome.DECLINED,
    Outcome.INCOMPATIBLE,
    Outcome.FAILED_COMPREHENSION,
    Outcome.FAILED_VALIDATION,
    Outcome.WITHDRAWN,
    Outcome.DUPLICATE,
)


def payment(case: Case, pay: Pay) -> Payment:
    """What to do with a submission: the first of these that fits.

    Whoever answered everything is paid, also where Prolific's time was over.
    """
    status, outcome = case.status, case.outcome
    withdrew_later = outcome is Outcome.WITHDRAWN and case.has_completed
    is_complete = (outcome is Outcome.COMPLETED or withdrew_later) and not case.instead
    amount, grounds = None, None
    if is_complete and status is SubmissionStatus.TIMED_OUT:
        action, amount = Action.APPROVE, pay.reward
        reason = "answered everything, though Prolific's time was over"
    elif is_complete and status is SubmissionStatus.RETURNED:
        action, reason = Action.REVIEW, "answered everything, and returned it"
    elif status in DECIDED:
        action, reason = Action.NOTHING, DECIDED[status]
    elif case.instead:
        is_over = status is SubmissionStatus.TIMED_OUT
        action = Action.NOTHING if is_over else Action.REVIEW
        reason = f"the person is paid by submission {case.instead}"
    elif is_complete:
        action, reason, amount = Action.APPROVE, "answered everything", pay.reward
    elif not case.arrived:
        action, reason = Action.REVIEW, "never pressed Start here"
    elif status is SubmissionStatus.TIMED_OUT:
        action, reason = Action.NOTHING, f"timed out after {case.n_answered} answers"
    elif outcome is None or outcome not in WHY:
        action, reason = Action.REVIEW, f"stopped after {case.n_answered} answers"
    elif partial := pay.partial.get(outcome):
        action, reason, amount = Action.PAY_IN_PART, WHY[outcome], partial
    elif outcome is Outcome.FAILED_ATTENTION:
        action, reason, grounds = Action.REVIEW, WHY[outcome], case.grounds
    else:
        action = Action.ASK_TO_RETURN if outcome in ASKED_TO_RETURN else Action.REVIEW
        reason = WHY[outcome]
    if case.evidence:
        reason += f"; signals of a program: {case.evidence}"
    return Payment(action=action, reason=reason, amount=amount, grounds=grounds)


def write_payments(active: ActiveStudy, path: Path) -> Counter[Action]:
    """Write a row for each reconciled submission; how many have which action.

    The file names people by their ids on Prolific, so that it was written is noted.

    Raises:
        RefusalError: if nothing was reconciled, or the file is there already.
    """
    if path.exists():
        raise RefusalError(str(path), ["is there already; name a file that is not"])
    rows = [_row(active, *columns) for columns in db.session.execute(SUBMISSIONS)]
    if not rows:
        problem = "no submissions are known; run `study reconcile prolific_export_….csv` first"
        raise RefusalError("payments", [problem])
    partial = path.with_name(path.name + ".partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: quoted(cell) for name, cell in row.items()} for row in rows)
    with writing():
        note(f"wrote {len(rows)} payments, with ids of Prolific, to {path}")
    os.rename(partial, path)
    return Counter(Action(row["action"]) for row in rows)


def _row(
    active: ActiveStudy,
    submission: Submission,
    participant: Participant | None,
    identity: Identity | None,
    signals: Signals | None,
    answers: int,
) -> dict[str, str]:
    if participant:
        active = in_version(active, participant.version)  # what was promised
    case = Case(
        status=submission.status,
        arrived=participant is not None,
        outcome=participant.outcome if participant else None,
        n_answered=answers,
        instead=submission.instead,
        has_completed=submission.completion_code == completion_code(active, Outcome.COMPLETED),
        grounds=grounds(active.study, participant) if participant else None,
        evidence=evidence(signals),
    )
    pay = active.study.pay
    due = payment(case, pay)
    return {
        "submission_id": submission.submission_id,
        "prolific_pid": identity.prolific_pid if identity else "",
        "status": submission.status,
        "outcome": case.outcome or "",
        "action": due.action,
        "amount": "" if due.amount is None else f"{due.amount:.2f}",
        "currency": "" if due.amount is None else pay.currency,
        "reason": due.reason,
        "grounds_to_reject": str(due.grounds or ""),
    }
