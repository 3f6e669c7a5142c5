"""Counts against the quota: places, qualified participants, and views of stimuli.

Places and views are kept in `ConditionTally` rather than counted, so that Start costs the same
after thousands of participants as after ten. Only a transaction that holds the study changes a
tally. Whoever ends, or gives no sign of life, merely has a place that is over: the next to hold the
study takes it off the tally, and until then it is left out by its time.
"""

from collections import Counter
from itertools import groupby

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db, now
from study_app.enums import Wave
from study_app.models import ConditionTally, Participant

# Statements of Start are built once: building one costs as much as running it.
OVER = (
    select(Participant)
    .where(Participant.place_until <= bindparam("now"))
    .with_for_update(key_share=True, skip_locked=True)
)
TALLIES = (
    select(ConditionTally)
    .where(
        ConditionTally.wave == bindparam("wave"), ConditionTally.simulated == bindparam("simulated")
    )
    .execution_options(populate_existing=True)
)


def in_wave(wave: Wave, *, simulated: bool) -> ColumnElement[bool]:
    """Participants of a wave, real or simulated."""
    return and_(Participant.wave == wave, Participant.simulated == simulated)


def tallies(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, ConditionTally]:
    """The tally of each condition, without places that are over; the caller holds the study."""
    clear_places()
    tally_of = _tallies(wave, simulated=simulated)
    for name in active.conditions:
        if name not in tally_of:
            tally_of[name] = ConditionTally(wave=wave, simulated=simulated, condition=name)
            tally_of[name].started, tally_of[name].places, tally_of[name].views = 0, 0, {}
    db.session.add_all(tally_of.values())
    return tally_of


def count_place(tally: ConditionTally, views: Counter[str]) -> None:
    """Count a place of one more participant; the caller holds the study.

    Args:
        views: 1 for each test stimulus that is judged.
    """
    tally.places += 1
    tally.views = dict(Counter(tally.views) + views)


def clear_places() -> None:
    """Take places that are over off the tallies; the caller holds the study.

    Places of participants whose answer is being stored at this moment are left for the next time.
    """
    participants = db.session.scalars(OVER, {"now": now()}).all()
    for (wave, simulated), group in groupby(sorted(participants, key=_group), key=_group):
        tally_of = _tallies(wave, simulated=simulated)
        for participant in group:
            tally = tally_of[participant.condition]
            tally.places -= 1
            tally.views = dict(Counter(tally.views) - views_of(participant))
            participant.place_until = None


def views_of(participant: Participant) -> Counter[str]:
    """1 for each test stimulus that a participant judges."""
    query = select(Trial.stimulus_id).where(
        Trial.participant == participant.id, Trial.phase == Phase.TEST
    )
    return Counter(db.session.scalars(query))


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


def _group(participant: Participant) -> tuple[Wave, bool]:
    return participant.wave, participant.simulated


def _tallies(wave: Wave, *, simulated: bool) -> dict[str, ConditionTally]:
    """As the database has them now, since others may have changed them."""
    rows = db.session.scalars(TALLIES, {"wave": wave, "simulated": simulated})
    return {tally.condition: tally for tally in rows}
