"""What the answers to the screens of a trial leave in its row."""

from study_app.answer_models import Trial
from study_app.database import now
from study_app.enums import Decision
from study_app.session.screen import Answer


def store_seen(trial: Trial, answer: Answer) -> None:
    """Whether somebody had ever seen such a thing."""
    trial.seen_before, trial.seen_rt_ms = answer.choice == "yes", answer.rt_ms


def store_card(trial: Trial, answer: Answer) -> None:
    """That the class card was read."""
    trial.card_read_at, trial.card_rt_ms = now(), answer.rt_ms


def store_decision(trial: Trial, answer: Answer) -> None:
    """The decision, and how it was made."""
    trial.decision = Decision.ACCEPT if answer.choice == "yes" else Decision.REJECT
    store_outcome(trial, answer)


def store_outcome(trial: Trial, answer: Answer) -> None:
    """How the answer was given that decides about the trial, and when."""
    trial.decision_rt_ms, trial.input = answer.rt_ms, answer.input
    for column, number in answer.viewing.items():
        setattr(trial, column, number)
    trial.answered_at = now()


def store_feedback(trial: Trial, answer: Answer) -> None:
    """That the feedback was read."""
    trial.feedback_read_at = now()
