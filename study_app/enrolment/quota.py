"""Counts against the quota: places, qualified participants, and views of stimuli.

Places and views are kept in `ConditionTally` rather than counted, so that Start costs the same
after thousands of participants as after ten. Only a transaction that holds the study changes a
tally. Whoever ends, or gives no sign of life, merely has a place that is over: the next to hold the
study takes it off the tally, and until then it is left out by its time.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db, now
from study_app.enums import Wave
from study_app.models import ConditionTally, Participant

Key = tuple[Wave, bool, str]  # of a tally


def in_wave(wave: Wave, *, simulated: bool) -> ColumnElement[bool]:
    """Participants of a wave, real or simulated."""
    return and_(Participant.wave == wave, Participant.simulated == simulated)


def tallies(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, ConditionTally]:
    """The tally of each condition, without places that are over; the caller holds the study."""
    clear_places()
    return {name: _tally((wave, simulated, name)) for name in active.conditions}


def take_place(participant: Participant) -> None:
    """Count a place for a participant whose trials are stored; the caller holds the study."""
    tally = _tally(_key(participant))
    tally.places += 1
    tally.views = dict(Counter(tally.views) + _views_of([participant]))


def clear_places() -> None:
    """Take places that are over off the tallies; the caller holds the study.

    Places of participants whose answer is being stored at this moment are left for the next time.
    """
    over = select(Participant).where(Participant.place_until <= now())
    participants = db.session.scalars(over.with_for_update(key_share=True, skip_locked=True)).all()
    for key, group in groupby(sorted(participants, key=_key), key=_key):
        leavers, tally = list(group), _tally(key)
        tally.places -= len(leavers)
        tally.views = dict(Counter(tally.views) - _views_of(leavers))
        for participant in leavers:
            participant.place_until = None


def taken_places(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, int]:
    """How many places are taken in each condition of the study. Changes nothing."""
    kept = select(ConditionTally.condition, ConditionTally.places).where(
        ConditionTally.wave == wave, ConditionTally.simulated == simulated
    )
    places = Counter(dict(db.session.execute(kept).all()))
    places -= _by_condition(in_wave(wave, simulated=simulated), Participant.place_until <= now())
    return {name: places[name] for name in active.conditions}


def qualified_participants(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, int]:
    """How many participants whose data count each condition of the study has."""
    qualified = Participant.qualified.is_(True)
    counts = _by_condition(in_wave(wave, simulated=simulated), qualified)
    return {name: counts[name] for name in active.conditions}


def _by_condition(*participants: ColumnElement[bool]) -> Counter[str]:
    query = select(Participant.condition, func.count()).where(*participants)
    return Counter(dict(db.session.execute(query.group_by(Participant.condition)).all()))


def _key(participant: Participant) -> Key:
    return participant.wave, participant.simulated, participant.condition


def _tally(key: Key) -> ConditionTally:
    """As the database has it now, since others may have changed it; made where there is none."""
    tally = db.session.get(ConditionTally, key, populate_existing=True)
    if tally is None:
        wave, simulated, condition = key
        tally = ConditionTally(wave=wave, simulated=simulated, condition=condition)
        tally.started, tally.places, tally.views = 0, 0, {}
        db.session.add(tally)
    return tally


def _views_of(participants: Sequence[Participant]) -> Counter[str]:
    """How many of them judge each test stimulus."""
    query = (
        select(Trial.stimulus_id, func.count())
        .where(Trial.participant.in_([participant.id for participant in participants]))
        .where(Trial.phase == Phase.TEST)
        .group_by(Trial.stimulus_id)
    )
    return Counter(dict(db.session.execute(query).all()))
