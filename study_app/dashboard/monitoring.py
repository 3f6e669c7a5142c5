"""How the study is going, in counts. No scores of the test: nobody should steer by them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import ColumnElement, and_, func, select

from stimuli.study import Outcome, Phase
from study_app.active_study import ActiveStudy
from study_app.dashboard.judgements import judgements
from study_app.database import db
from study_app.enrolment.quota import in_wave
from study_app.enums import Wave
from study_app.models import Participant, Trial
from study_app.session.signals import participants_with_evidence


@dataclass(frozen=True, kw_only=True)
class Row:
    """One condition: how many people are where.

    Attributes:
        consented: people who agreed to take part.
        instructed: people who read the instructions.
        others: people who ended in another way than by completing, by outcome.
        scores: how many of those who answered every validation item had 0, 1, 2, ... right; of
            an interleaved validation, once the session has ended.
        passed_validation: those of them at or above the gate.
    """

    condition: str
    started: int
    consented: int
    instructed: int
    under_way: int
    completed: int
    others: dict[Outcome, int]
    scores: tuple[int, ...]
    passed_validation: int

    @property
    def judged_validation(self) -> int:
        """People who answered every validation item."""
        return sum(self.scores)


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All conditions, for real or for simulated participants.

    Attributes:
        median_minutes: from Start to the end, of those who completed; None before anybody did.
        signalled: people with strong signals of programs.
    """

    simulated: bool
    rows: tuple[Row, ...]
    last_answer_at: datetime | None
    median_minutes: float | None
    signalled: int

    @property
    def started(self) -> int:
        """People who pressed Start."""
        return sum(row.started for row in self.rows)

    @property
    def completed(self) -> int:
        """People who answered everything."""
        return sum(row.completed for row in self.rows)


def overview(active: ActiveStudy, wave: Wave, *, simulated: bool) -> Overview:
    """The state of a wave."""
    participants = in_wave(wave, simulated=simulated)
    outcomes, steps, validation = (
        _outcomes(participants),
        _steps(participants),
        _validation(active, participants),
    )
    rows = (
        _row(active, name, outcomes[name], steps.get(name, (0, 0)), validation[name])
        for name in active.conditions
    )
    last = select(func.max(Trial.answered_at)).join(
        Participant, Participant.id == Trial.participant
    )
    return Overview(
        simulated=simulated,
        rows=tuple(rows),
        last_answer_at=db.session.scalar(last.where(participants)),
        median_minutes=_median_minutes(participants),
        signalled=participants_with_evidence(participants),
    )


def _median_minutes(participants: ColumnElement[bool]) -> float | None:
    query = select(Participant.started_at, Participant.finished_at).where(
        participants, Participant.outcome == Outcome.COMPLETED
    )
    times = db.session.execute(query)
    minutes = [(end - start).total_seconds() / 60 for start, end in times if end]
    return median(minutes) if minutes else None


def _row(
    active: ActiveStudy,
    name: str,
    outcomes: Counter[Outcome | None],
    steps: tuple[int, int],
    right: list[int],
) -> Row:
    done = (None, Outcome.COMPLETED)
    scores = Counter(right)
    return Row(
        condition=name,
        started=outcomes.total(),
        consented=steps[0],
        instructed=steps[1],
        under_way=outcomes[None],
        completed=outcomes[Outcome.COMPLETED],
        others={o: n for o, n in sorted(outcomes.items(), key=str) if o and o not in done},
        scores=tuple(scores[n] for n in range(active.trial_counts.get(Phase.VALIDATION, 0) + 1)),
        passed_validation=sum(n >= active.study.gate.min_correct for n in right),
    )


def _outcomes(participants: ColumnElement[bool]) -> dict[str, Counter[Outcome | None]]:
    query = (
        select(Participant.condition, Participant.outcome, func.count())
        .where(participants)
        .group_by(Participant.condition, Participant.outcome)
    )
    counts = defaultdict[str, Counter[Outcome | None]](Counter)
    for condition, outcome, n in db.session.execute(query):
        counts[condition][outcome] = n
    return counts


def _steps(participants: ColumnElement[bool]) -> dict[str, tuple[int, int]]:
    """How many agreed, and how many read the instructions, by condition."""
    query = (
        select(
            Participant.condition,
            func.count(Participant.consented_at),
            func.count(Participant.instructed_at),
        )
        .where(participants)
        .group_by(Participant.condition)
    )
    return {name: (agreed, read) for name, agreed, read in db.session.execute(query)}


def _validation(active: ActiveStudy, participants: ColumnElement[bool]) -> dict[str, list[int]]:
    """Right validation answers of everyone who gave all of them, by condition.

    An interleaved validation counts at the end of a session, and of nobody who is part-way.
    """
    if active.study.gate.interleaved:
        participants = and_(participants, Participant.outcome.is_not(None))
    finished = defaultdict[str, list[int]](list)
    for (condition, _), right in judgements(active, participants, Phase.VALIDATION).items():
        if len(right) == active.trial_counts.get(Phase.VALIDATION):
            finished[condition].append(sum(right))
    return finished
