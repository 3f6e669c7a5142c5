"""People under way of whom nothing was heard for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from study_app.answer_models import Trial
from study_app.database import db, now
from study_app.enrolment.quota import in_wave
from study_app.enums import Wave
from study_app.models import Participant

INACTIVE_AFTER_MINUTES = 10  # nobody looks at one screen for so long and still works


@dataclass(frozen=True, kw_only=True)
class InactiveParticipant:
    """Somebody under way, and when this person was last heard of.

    Attributes:
        n_decisions: trials with a decision.
    """

    participant_id: str
    condition: str
    n_decisions: int
    heard_at: datetime

    @property
    def silent_minutes(self) -> int:
        """Whole minutes without a sign of life."""
        return (now() - self.heard_at) // timedelta(minutes=1)


def inactive_participants(wave: Wave) -> list[InactiveParticipant]:
    """Real people of a wave who are silent, the longest first."""
    since = now() - timedelta(minutes=INACTIVE_AFTER_MINUTES)
    query = (
        select(Participant, func.count(Trial.answered_at))
        .outerjoin(Trial, Trial.participant == Participant.id)
        .where(Participant.outcome.is_(None), in_wave(wave, simulated=False))
        .group_by(Participant.id)
    )
    inactive = [
        InactiveParticipant(
            participant_id=participant.participant_id,
            condition=participant.condition,
            n_decisions=n_decisions,
            heard_at=participant.seen_at,
        )
        for participant, n_decisions in db.session.execute(query)
        if participant.seen_at <= since
    ]
    return sorted(inactive, key=lambda participant: participant.heard_at)
