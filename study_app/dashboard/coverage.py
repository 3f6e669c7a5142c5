"""How many qualified people have judged each test stimulus, condition by condition."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db
from study_app.enrolment.quota import in_wave, qualified_participants
from study_app.enums import Wave
from study_app.models import Participant

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
    qualified = qualified_participants(active, wave, simulated=simulated)
    query = (
        select(Participant.condition, Trial.stimulus_id, func.count())
        .join(Trial, Trial.participant == Participant.id)
        .where(Participant.qualified.is_(True), in_wave(wave, simulated=simulated))
        .where(Trial.phase == Phase.TEST, Trial.answered_at.is_not(None))
        .group_by(Participant.condition, Trial.stimulus_id)
    )
    views = {(name, stimulus): n for name, stimulus, n in db.session.execute(query)}
    stimuli, rows = active.bundle.of_phase(Phase.TEST), []
    for name, condition in active.conditions.items():
        counts = Counter(
            min(views.get((name, stimulus.stimulus_id), 0), MANY)
            for stimulus in stimuli
            if active.bundle.shows(stimulus, condition)
        )
        tally = tuple(counts[n] for n in range(MANY + 1))
        rows.append(Coverage(condition=name, qualified=qualified[name], stimuli=tally))
    return rows
