"""Who judged what rightly, person by person, of one phase."""

from collections import defaultdict

from sqlalchemy import ColumnElement, select

from stimuli.study import Phase
from study_app.active_study import RunningStudy
from study_app.database import db
from study_app.models import Participant, Trial
from study_app.scoring import team_right


def judgements(
    running: RunningStudy, people: ColumnElement[bool], phase: Phase
) -> dict[tuple[str, int], list[bool]]:
    """Whether each decision of a phase was right, by condition and row of the participant.

    Args:
        people: which participants.
    """
    query = (
        select(Participant.id, Participant.condition, Trial.stimulus_id, Trial.decision)
        .join(Trial, Trial.participant == Participant.id)
        .where(people, Trial.phase == phase, Trial.decision.is_not(None))
    )
    judged = defaultdict[tuple[str, int], list[bool]](list)
    for person, condition, stimulus_id, decision in db.session.execute(query):
        if decision:
            ai_right = running.prediction(stimulus_id, condition).right
            judged[condition, person].append(team_right(decision, ai_right=ai_right))
    return judged
