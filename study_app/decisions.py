"""Which decisions of participants were right, as the database holds them."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.database import db
from study_app.models import Participant, Trial
from study_app.scoring import team_right


class JudgedTrial(NamedTuple):
    """A trial with a decision.

    Attributes:
        participant: the row of whoever decided.
        right: whether a right answer was accepted or a wrong one rejected.
    """

    participant: int
    condition: str
    right: bool


def judged_trials(
    active: ActiveStudy, phase: Phase, *who: ColumnElement[bool]
) -> Iterator[JudgedTrial]:
    """Every decision of a phase, of these participants; of all where nobody is named."""
    query = (
        select(Participant.id, Participant.condition, Trial.stimulus_id, Trial.decision)
        .join(Trial, Trial.participant == Participant.id)
        .where(*who, Trial.phase == phase, Trial.decision.is_not(None))
    )
    rows = db.session.execute(query.execution_options(yield_per=1000))
    for participant, condition, stimulus_id, decision in rows:
        if decision is None:
            continue
        ai_right = active.prediction(stimulus_id, condition).right
        yield JudgedTrial(participant, condition, team_right(decision, ai_right=ai_right))
