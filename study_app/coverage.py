"""How many qualified people have judged each test stimulus, condition by condition."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from stimuli.study import Outcome, Phase
from study_app.database import db
from study_app.models import Participant, Trial
from study_app.running import RunningStudy
from study_app.words import Decision

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


def coverage(running: RunningStudy, *, simulated: bool) -> list[Coverage]:
    """Every condition, in the order of the study file."""
    people, views = _people(running, simulated), _views(running, simulated)
    test = [stimulus.stimulus_id for stimulus in running.bundle.of_phase(Phase.TEST)]
    return [
        Coverage(
            condition=name,
            qualified=people[name],
            stimuli=_tally(views[name][stimulus] for stimulus in test),
        )
        for name in running.conditions
    ]


def _tally(views: Iterator[int]) -> tuple[int, ...]:
    counts = Counter(min(n, MANY) for n in views)
    return tuple(counts[n] for n in range(MANY + 1))


def qualified_ids(running: RunningStudy, *, simulated: bool) -> Select[int]:
    """Rows of the people who completed and passed the gate, to select from or to be `in_`."""
    query = select(Participant.id).where(
        Participant.simulated == simulated, Participant.outcome == Outcome.COMPLETED
    )
    if not running.study.has_phase(Phase.VALIDATION):
        return query
    right = or_(*(_judged_rightly(running, name) for name in running.conditions))
    passed = func.sum(case((right, 1), else_=0)) >= running.study.gate.min_correct
    judged = query.join(Trial, Trial.participant == Participant.id)
    return judged.where(Trial.phase == Phase.VALIDATION).group_by(Participant.id).having(passed)


def _judged_rightly(running: RunningStudy, condition: str) -> ColumnElement[bool]:
    items = running.items(Phase.VALIDATION)
    accept = [item for item in items if running.prediction(item, condition).right]
    reject = [item for item in items if item not in accept]
    accepted = and_(Trial.decision == Decision.ACCEPT, Trial.stimulus_id.in_(accept))
    rejected = and_(Trial.decision == Decision.REJECT, Trial.stimulus_id.in_(reject))
    return and_(Participant.condition == condition, or_(accepted, rejected))


def _people(running: RunningStudy, simulated: bool) -> Counter[str]:
    query = (
        select(Participant.condition, func.count())
        .where(Participant.id.in_(qualified_ids(running, simulated=simulated)))
        .group_by(Participant.condition)
    )
    return Counter(dict(iter(db.session.execute(query))))


def _views(running: RunningStudy, simulated: bool) -> dict[str, Counter[str]]:
    query = (
        select(Participant.condition, Trial.stimulus_id, func.count())
        .join(Trial, Trial.participant == Participant.id)
        .where(Participant.id.in_(qualified_ids(running, simulated=simulated)))
        .where(Trial.phase == Phase.TEST, Trial.decision.is_not(None))
        .group_by(Participant.condition, Trial.stimulus_id)
    )
    views = defaultdict[str, Counter[str]](Counter)
    for condition, stimulus_id, n in db.session.execute(query):
        views[condition][stimulus_id] = n
    return views
