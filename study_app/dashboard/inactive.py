"""People under way of whom nothing was heard for a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from study_app.database import db, now
from study_app.enrolment.quota import in_wave
from study_app.enums import Wave
from study_app.models import Participant, Trial

STALE_AFTER_MINUTES = 10  # nobody looks at one screen for so long and still works


@dataclass(frozen=True, kw_only=True)
class Sign:
    """Somebody under way, and when this person was last heard of.

    Attributes:
        judged: trials with a decision.
    """

    participant_id: str
    condition: str
    judged: int
    heard_at: datetime

    @property
    def silent_minutes(self) -> int:
        """Whole minutes without a sign of life."""
        return (now() - self.heard_at) // timedelta(minutes=1)


def stale(wave: Wave) -> list[Sign]:
    """Real people of a wave who are silent, the longest first."""
    since = now() - timedelta(minutes=STALE_AFTER_MINUTES)
    silent = (sign for sign in _signs(wave) if sign.heard_at <= since)
    return sorted(silent, key=lambda sign: sign.heard_at)


def _signs(wave: Wave) -> Iterator[Sign]:
    """Everybody under way."""
    query = (
        select(Participant, func.count(Trial.decision))
        .outerjoin(Trial, Trial.participant == Participant.id)
        .where(Participant.outcome.is_(None), in_wave(wave, simulated=False))
        .group_by(Participant.id)
    )
    for participant, judged in db.session.execute(query):
        yield Sign(
            participant_id=participant.participant_id,
            condition=participant.condition,
            judged=judged,
            heard_at=participant.seen_at,
        )
