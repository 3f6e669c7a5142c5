"""Counts against the quota: places, qualified participants, and views of stimuli."""

from collections import Counter

from sqlalchemy import ColumnElement, and_, func, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db
from study_app.enrolment.leases import holds_place
from study_app.enums import Wave
from study_app.models import Participant


def in_wave(wave: Wave, *, simulated: bool) -> ColumnElement[bool]:
    """Participants of a wave, real or simulated."""
    return and_(Participant.wave == wave, Participant.simulated == simulated)


def taken_places(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, int]:
    """How many places are taken in each condition of the study."""
    return _by_condition(active, in_wave(wave, simulated=simulated), holds_place(active))


def qualified_participants(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, int]:
    """How many participants whose data count each condition of the study has."""
    qualified = Participant.qualified.is_(True)
    return _by_condition(active, in_wave(wave, simulated=simulated), qualified)


def _by_condition(active: ActiveStudy, *participants: ColumnElement[bool]) -> dict[str, int]:
    query = (
        select(Participant.condition, func.count())
        .where(*participants)
        .group_by(Participant.condition)
    )
    counts = dict(db.session.execute(query).all())
    return {name: counts.get(name, 0) for name in active.conditions}


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
