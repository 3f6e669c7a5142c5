"""How a session ends: the one place where an outcome is written."""

from stimuli.study import Outcome
from study_app.database import now
from study_app.models import Participant


def finish(participant: Participant, outcome: Outcome) -> None:
    """End a session."""
    participant.outcome, participant.finished_at = outcome, now()
    participant.qualified = False
