"""How the study is going, in counts. No scores of the test: nobody should steer by them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import ColumnElement, and_, func, select

from stimuli.study import Outcome, Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db
from study_app.decisions import decision_scores
from study_app.enrolment.quota import in_wave
from study_app.enums import Wave
from study_app.gate import passes
from study_app.identity_models import Identity
from study_app.models import Participant
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
        turned_away: people who got no condition as they pressed Start, by outcome.
        without_ids: people of the pilot or main wave who came without the id of a provider, where
            one is in use; 0 elsewhere.
    """

    simulated: bool
    rows: tuple[Row, ...]
    last_answer_at: datetime | None
    median_minutes: float | None
    signalled: int
    turned_away: dict[Outcome, int]
    without_ids: int

    @property
    def started(self) -> int:
        """People who pressed Start and got a condition."""
        return sum(row.started for row in self.rows)

    @property
    def under_way(self) -> int:
        """People whose session has not ended."""
        return sum(row.under_way for row in self.rows)

    @property
    def completed(self) -> int:
        """People who answered everything."""
        return sum(row.completed for row in self.rows)


def overview(active: ActiveStudy, wave: Wave, *, simulated: bool) -> Overview:
    """The state of a wave."""
    participants = in_wave(wave, simulated=simulated)
    rows = _rows(active, participants)
    last = select(func.max(Trial.answered_at)).join(
        Participant, Participant.id == Trial.participant
    )
    query = select(Participant.started_at, Participant.finished_at).where(
        participants, Participant.outcome == Outcome.COMPLETED
    )
    last_answer_at = db.session.scalar(last.where(participants))
    times = db.session.execute(query)
    minutes = [(end - start).total_seconds() / 60 for start, end in times if end]
    return Overview(
        simulated=simulated,
        rows=rows,
        last_answer_at=last_answer_at,
        median_minutes=median(minutes) if minutes else None,
        signalled=participants_with_evidence(participants),
        turned_away=turned_away(participants),
        without_ids=_without_ids(active, wave, participants) if not simulated else 0,
    )


def turned_away(participants: ColumnElement[bool]) -> dict[Outcome, int]:
    """How many of these got no condition, by outcome."""
    query = select(Participant.outcome, func.count()).where(
        participants, Participant.condition.is_(None), Participant.outcome.is_not(None)
    )
    query = query.group_by(Participant.outcome).order_by(Participant.outcome)
    return {outcome: n for outcome, n in db.session.execute(query) if outcome}


def _without_ids(active: ActiveStudy, wave: Wave, participants: ColumnElement[bool]) -> int:
    """People whom nobody can pay. Whose ids were erased withdrew, and does not count."""
    has_id = Identity.participant.is_not(None)
    query = (
        select(has_id, func.count())
        .select_from(Participant)
        .outerjoin(Identity, Identity.participant == Participant.id)
        .where(participants, Participant.condition.is_not(None))
        .where(Participant.outcome.is_distinct_from(Outcome.WITHDRAWN))
        .group_by(has_id)
    )
    counts = dict(db.session.execute(query).all())
    is_in_use = active.study.names_provider or counts.get(True, 0) > 0
    return counts.get(False, 0) if is_in_use and wave in (Wave.PILOT, Wave.MAIN) else 0


def _rows(active: ActiveStudy, participants: ColumnElement[bool]) -> tuple[Row, ...]:
    """A row for each condition, in the order of the study file."""
    query = (
        select(
            Participant.condition,
            Participant.outcome,
            func.count(),
            func.count(Participant.consented_at),
            func.count(Participant.instructed_at),
        )
        .where(participants, Participant.condition.is_not(None))
        .group_by(Participant.condition, Participant.outcome)
    )
    outcomes = defaultdict[str, Counter[Outcome | None]](Counter)
    consented, instructed = Counter[str](), Counter[str]()
    for name, outcome, n, n_consented, n_instructed in db.session.execute(query):
        outcomes[name][outcome] = n
        consented[name] += n_consented
        instructed[name] += n_instructed
    scores = _validation_scores(active, participants)
    most = active.trial_counts.get(Phase.VALIDATION, 0)
    no_other = (None, Outcome.COMPLETED)
    return tuple(
        Row(
            condition=name,
            started=outcomes[name].total(),
            consented=consented[name],
            instructed=instructed[name],
            under_way=outcomes[name][None],
            completed=outcomes[name][Outcome.COMPLETED],
            others={
                o: n for o, n in sorted(outcomes[name].items(), key=str) if o and o not in no_other
            },
            scores=tuple(scores[name].count(n) for n in range(most + 1)),
            passed_validation=sum(passes(active.study.gate, n) for n in scores[name]),
        )
        for name in active.conditions
    )


def _validation_scores(
    active: ActiveStudy, participants: ColumnElement[bool]
) -> defaultdict[str, list[int]]:
    """Right validation answers of everyone who gave all of them, by condition.

    An interleaved validation counts at the end of a session, and of nobody who is part-way.
    """
    if active.study.gate.interleaved:
        participants = and_(participants, Participant.outcome.is_not(None))
    scores = defaultdict[str, list[int]](list)
    for score in decision_scores(active, Phase.VALIDATION, participants).values():
        if score.n_decided == active.trial_counts.get(Phase.VALIDATION):
            scores[score.condition].append(score.n_right)
    return scores
