"""Who holds a place in a condition: those whose data count, and those who are under way.

Whoever gives no sign of life for the study's `lease_minutes` loses the place to the next who comes.
On return they go on if it is still free; otherwise the session ends, and what they gave is kept.
"""

from collections import Counter
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.database import db, now
from study_app.enums import Wave
from study_app.errors import RefusalError
from study_app.models import LoadedStudy, Participant, Trial

SIGN_EVERY = timedelta(seconds=20)


def hold_study(active: ActiveStudy) -> LoadedStudy:
    """Keep others who take or return to a place, and `study load`, waiting until the end.

    Raises:
        RefusalError: if another study was put in force meanwhile.
    """
    loaded = db.session.scalars(select(LoadedStudy).with_for_update()).one()
    if (loaded.bundle_digest, loaded.study_digest) != active.digests:
        raise RefusalError("study", ["was replaced a moment ago; try again"])
    return loaded


def in_wave(wave: Wave, *, simulated: bool) -> ColumnElement[bool]:
    """Participants of a wave, real or simulated."""
    return and_(Participant.wave == wave, Participant.simulated == simulated)


def holds_place(active: ActiveStudy) -> ColumnElement[bool]:
    """Participants with a place."""
    live = and_(Participant.outcome.is_(None), Participant.seen_at > now() - _lease(active))
    return or_(Participant.qualified.is_(True), live)


def taken_places(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, int]:
    """How many places are taken in each condition of the study."""
    return _by_condition(active, in_wave(wave, simulated=simulated), holds_place(active))


def qualified_participants(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, int]:
    """How many people whose data count each condition of the study has."""
    counts = Participant.qualified.is_(True)
    return _by_condition(active, in_wave(wave, simulated=simulated), counts)


def _by_condition(active: ActiveStudy, *participants: ColumnElement[bool]) -> dict[str, int]:
    query = (
        select(Participant.condition, func.count())
        .where(*participants)
        .group_by(Participant.condition)
    )
    found = dict(db.session.execute(query).all())
    return {name: found.get(name, 0) for name in active.conditions}


def views(active: ActiveStudy, wave: Wave, *, simulated: bool, condition: str) -> Counter[str]:
    """How many of those with a place judge each test stimulus in a condition."""
    query = (
        select(Trial.stimulus_id, func.count())
        .join(Participant, Participant.id == Trial.participant)
        .where(in_wave(wave, simulated=simulated), holds_place(active))
        .where(Participant.condition == condition, Trial.phase == Phase.TEST)
        .group_by(Trial.stimulus_id)
    )
    return Counter(dict(db.session.execute(query).all()))


def keep_place(active: ActiveStudy, participant: Participant) -> bool:
    """Note a sign of life of somebody under way, whose row the caller holds.

    Returns:
        False if the place was lost to somebody else.
    """
    lapsed = participant.seen_at <= now() - _lease(active)
    if lapsed and not _still_free(active, participant):
        return False
    if is_sign_due(participant):
        participant.seen_at = now()
    return True


def is_sign_due(participant: Participant) -> bool:
    """Whether a sign of life is worth noting: pages and answers give more than are needed."""
    return now() - participant.seen_at >= SIGN_EVERY


def _still_free(active: ActiveStudy, participant: Participant) -> bool:
    loaded = hold_study(active)
    if loaded.quota is None or participant.wave is not loaded.wave:
        return True
    taken = taken_places(active, participant.wave, simulated=participant.simulated)
    return taken[participant.condition] < loaded.quota


def _lease(active: ActiveStudy) -> timedelta:
    return timedelta(minutes=active.study.assignment.lease_minutes)
