"""The decisions of a phase, participant by participant, and whether they were right."""

from collections import defaultdict

from sqlalchemy import ColumnElement, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.database import db
from study_app.models import Participant, Trial
from study_app.scoring import team_right


def decision_correctness(
    active: ActiveStudy, participants: ColumnElement[bool], phase: Phase
) -> dict[tuple[str, int], list[bool]]:
    """Whether each decision of a phase was right, by condition and row of the participant.

    Args:
        participants: whose decisions.
    """
    query = (
        select(Participant.id, Participant.condition, Trial.stimulus_id, Trial.decision)
        .join(Trial, Trial.participant == Participant.id)
        .where(participants, Trial.phase == phase, Trial.decision.is_not(None))
    )
    correctness = defaultdict[tuple[str, int], list[bool]](list)
    for participant, condition, stimulus_id, decision in db.session.execute(query):
        if decision:
            ai_right = active.prediction(stimulus_id, condition).right
            correctness[condition, participant].append(team_right(decision, ai_right=ai_right))
    return correctness
