"""The lease of a place: who holds a place in a condition, and when a place is lost.

Whoever agreed and gives no sign of life for the study's `lease_minutes` loses the place to the next
who comes; whoever has not agreed yet, a minute after Start. They go on if it is still free when
they return, or agree; otherwise the session ends, and what they gave is kept.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from study_app.active_study import ActiveStudy
from study_app.database import db, now
from study_app.enrolment.recruiting import hold_study
from study_app.models import Participant

SIGN_EVERY = timedelta(seconds=20)
READING = timedelta(minutes=1)  # how long a place waits for somebody who reads the consent


def holds_place(active: ActiveStudy) -> ColumnElement[bool]:
    """Participants with a place: those whose data count, and those under way with a live lease."""
    live = and_(
        Participant.outcome.is_(None),
        Participant.seen_at > now() - _lease(active),
        or_(Participant.consented_at.is_not(None), Participant.started_at > now() - READING),
    )
    return or_(Participant.qualified.is_(True), live)


def has_lapsed(active: ActiveStudy, participant: Participant) -> bool:
    """Whether somebody under way holds a place no longer."""
    if participant.consented_at is None and participant.started_at <= now() - READING:
        return True
    return participant.seen_at <= now() - _lease(active)


def keep_place(active: ActiveStudy, participant: Participant, *, lapsed: bool) -> bool:
    """Note a sign of life of somebody under way, whose row the caller holds.

    Args:
        lapsed: as `has_lapsed` before what is a sign of life. Of somebody who has not agreed, that
            is decided when they do.

    Returns:
        False if the place was lost to somebody else.
    """
    has_agreed = participant.consented_at is not None
    if has_agreed and lapsed and not _is_still_free(active, participant):
        return False
    if is_sign_due(participant):
        participant.seen_at = now()
    return True


def is_sign_due(participant: Participant) -> bool:
    """Whether a sign of life is worth noting: pages and answers give more than are needed."""
    return now() - participant.seen_at >= SIGN_EVERY


def _is_still_free(active: ActiveStudy, participant: Participant) -> bool:
    """Whether nobody took the place of somebody whose lease ran out."""
    loaded = hold_study(active)
    if loaded.quota is None or participant.wave is not loaded.wave:
        return True
    query = select(func.count()).where(
        Participant.wave == participant.wave,
        Participant.simulated == participant.simulated,
        Participant.condition == participant.condition,
        Participant.id != participant.id,
        holds_place(active),
    )
    return db.session.scalars(query).one() < loaded.quota


def _lease(active: ActiveStudy) -> timedelta:
    return timedelta(minutes=active.study.assignment.lease_minutes)
