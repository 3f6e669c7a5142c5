"""When a person and an AI are right together, and when an answer to a study's own step is right."""

from stimuli.bundle import Prediction, Stimulus
from stimuli.study import Response, Truth
from study_app.enums import Decision


def team_right(decision: Decision, *, ai_right: bool) -> bool:
    """Whether a right answer was accepted or a wrong one rejected."""
    return (decision is Decision.ACCEPT) == ai_right


def right_answer(truth: Truth, stimulus: Stimulus, prediction: Prediction) -> str:
    """What is right by a step's `truth`, in the words of its answers."""
    if truth == "ai_right":
        return Decision.ACCEPT if prediction.right else Decision.REJECT
    return stimulus.true_label if truth == "label" else prediction.label


def is_right(response: Response, value: str, truth: str) -> bool:
    """Whether an answer is the right one; numbers may be written in different ways."""
    return value == response.value(truth)
