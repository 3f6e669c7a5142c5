"""When a person and an AI are right together."""

from study_app.enums import Decision


def team_right(decision: Decision, *, ai_right: bool) -> bool:
    """Whether a right answer was accepted or a wrong one rejected."""
    return (decision is Decision.ACCEPT) == ai_right
