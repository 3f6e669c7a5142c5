"""How many decisions participants made in a phase, and how many were right."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db
from study_app.models import Participant
from study_app.scoring import team_right


@dataclass(kw_only=True)
class DecisionScore:
    """One participant's decisions in one phase, as far as it went."""

    condition: str
    n_decided: int = 0
    n_right: int = 0


def decision_scores(
    active: ActiveStudy, phase: Phase, *criteria: ColumnElement[bool]
) -> dict[int, DecisionScore]:
    """By the row of each participant whom the criteria fit and who made a decision."""
    query = (
        select(Participant.id, Participant.condition, Trial.stimulus_id, Trial.decision)
        .join(Trial, Trial.participant == Participant.id)
        .where(*criteria, Trial.phase == phase, Trial.decision.is_not(None))
    )
    scores: dict[int, DecisionScore] = {}
    rows = db.session.execute(query.execution_options(yield_per=1000))
    for participant, condition, stimulus_id, decision in rows:
        if decision:
            ai_right = active.prediction(stimulus_id, condition).right
            score = scores.setdefault(participant, DecisionScore(condition=condition))
            score.n_decided += 1
            score.n_right += team_right(decision, ai_right=ai_right)
    return scores
