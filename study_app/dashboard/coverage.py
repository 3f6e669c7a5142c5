"""How many qualified people have judged each test stimulus, condition by condition."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.database import db
from study_app.enrolment.quota import in_wave
from study_app.enums import Wave
from study_app.models import Participant, Trial

MANY = 3  # from here on, views are not told apart


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """One condition.

    Attributes:
        qualified: people who completed and passed the gate.
        stimuli: how many test stimuli 0, 1, 2, and 3 or more of them have judged.
    """

    condition: str
    qualified: int
    stimuli: tuple[int, ...]


def coverage(active: ActiveStudy, wave: Wave, *, simulated: bool) -> list[Coverage]:
    """Every condition, in the order of the study file."""
    participants, views = _participants(wave, simulated), _views(wave, simulated)
    test = [stimulus.stimulus_id for stimulus in active.bundle.of_phase(Phase.TEST)]
    return [
        Coverage(
            condition=name,
            qualified=participants[name],
            stimuli=_tally(views[name][stimulus] for stimulus in test),
        )
        for name in active.conditions
    ]


def _tally(views: Iterator[int]) -> tuple[int, ...]:
    counts = Counter(min(n, MANY) for n in views)
    return tuple(counts[n] for n in range(MANY + 1))


def _participants(wave: Wave, simulated: bool) -> Counter[str]:
    query = (
        select(Participant.condition, func.count())
        .where(Participant.qualified.is_(True), in_wave(wave, simulated=simulated))
        .group_by(Participant.condition)
    )
    return Counter(dict(iter(db.session.execute(query))))


def _views(wave: Wave, simulated: bool) -> dict[str, Counter[str]]:
    query = (
        select(Participant.condition, Trial.stimulus_id, func.count())
        .join(Trial, Trial.participant == Participant.id)
        .where(Participant.qualified.is_(True), in_wave(wave, simulated=simulated))
        .where(Trial.phase == Phase.TEST, Trial.decision.is_not(None))
        .group_by(Participant.condition, Trial.stimulus_id)
    )
    views = defaultdict[str, Counter[str]](Counter)
    for condition, stimulus_id, n in db.session.execute(query):
        views[condition][stimulus_id] = n
    return views
