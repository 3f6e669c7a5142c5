"""`study erase`: what a person gave is deleted; that somebody was there is kept, for the counts."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from stimuli.study import Outcome
from study_app.answer_models import (
    AttentionAnswer,
    Comment,
    ComprehensionAnswer,
    Device,
    QuestionnaireAnswer,
    Signals,
    StepAnswer,
    Trial,
)
from study_app.audit import note
from study_app.database import db, writing
from study_app.enrolment.quota import clear_places
from study_app.enrolment.recruiting import lock_study
from study_app.errors import RefusalError
from study_app.identity_models import Demographic, Identity, ProviderSession, Submission
from study_app.models import Invitation, Opening, Participant
from study_app.outcomes import finish


def erase(*, participant_id: str | None = None, prolific_pid: str | None = None) -> list[str]:
    """Delete answers, ids and demographics of one person, who counts as withdrawn from then on.

    What deleting leaves on the disk goes by `storage.deleted_rows`.

    Args:
        participant_id: as exports call the person.
        prolific_pid: instead of it, Prolific's id; every participation of this person is erased.

    Returns:
        The participant ids of what was erased.

    Raises:
        RefusalError: if nobody is called so, or not exactly one of the two is given.
    """
    if (participant_id is None) == (prolific_pid is None):
        raise RefusalError("erase", ["give either --participant or --prolific"])
    query = select(Participant).where(Participant.participant_id == participant_id)
    if prolific_pid is not None:
        query = (
            select(Participant)
            .join(Identity, Identity.participant == Participant.id)
            .where(Identity.prolific_pid == prolific_pid)
        )
    with writing():
        participants = db.session.scalars(query).all()
        if not participants:
            raise RefusalError("erase", [f"nobody is called {participant_id or prolific_pid!r}"])
        ids = [participant.id for participant in participants]
        for participant in participants:
            finish(participant, Outcome.WITHDRAWN)
        erase_answers(ids)
        for table in (Submission, ProviderSession, Identity):
            db.session.execute(delete(table).where(table.participant.in_(ids)))
        names = [participant.participant_id for participant in participants]
        note(f"erased what {', '.join(names)} gave")
    return names


def erase_answers(participants: Sequence[int]) -> None:
    """Delete answers, and what goes with them, of participants by their row; the caller commits.

    Their ids stay: whoever withdraws in the middle of a submission still has to be paid. Nobody is
    paid by an invitation, so that it loses its name; its link still leads to the end. Their
    sessions have ended; trials are needed to clear their places.
    """
    lock_study()
    clear_places()
    submissions = select(Submission.submission_id).where(Submission.participant.in_(participants))
    db.session.execute(delete(Demographic).where(Demographic.submission_id.in_(submissions)))
    trials = select(Trial.id).where(Trial.participant.in_(participants))
    db.session.execute(delete(StepAnswer).where(StepAnswer.trial.in_(trials)))
    asked = (QuestionnaireAnswer, ComprehensionAnswer, AttentionAnswer, Comment)
    for table in (Opening, Device, Signals, Trial, *asked):
        db.session.execute(delete(table).where(table.participant.in_(participants)))
    invitations = update(Invitation).where(Invitation.participant.in_(participants))
    db.session.execute(invitations.values(label=None))
