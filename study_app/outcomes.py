"""How a session ends: the one place where an outcome is written."""

from stimuli.study import Outcome
from study_app.database import now
from study_app.models import Participant


def finish(participant: Participant, outcome: Outcome, *, qualified: bool = False) -> None:
    """End a session.

    Args:
        qualified: whether the data count; otherwise a place that was held is over.
    """
    participant.outcome, participant.finished_at = outcome, now()
    if not qualified and (participant.qualified or participant.place_until):
        participant.place_until = now()
    participant.qualified = qualified
