"""Which screen comes next. The stored state decides, so a reload always returns to it."""

from stimuli.study import Phase
from study_app.models import Participant, Trial
from study_app.words import Screen


def next_screen(participant: Participant, open_trial: Trial | None) -> Screen:
    """The screen a participant is at.

    Args:
        open_trial: the first trial with a screen to answer, None after the last one.
    """
    if participant.outcome is not None:
        return Screen.DEBRIEF
    if participant.consented_at is None:
        return Screen.CONSENT
    if participant.instructed_at is None:
        return Screen.INSTRUCTIONS if participant.checked_at else Screen.CHECK
    return trial_screen(open_trial) if open_trial else Screen.DEBRIEF


def trial_screen(trial: Trial) -> Screen:
    """The screen at which a trial waits. Practice skips what is asked before the decision."""
    if trial.phase is Phase.PRACTICE:
        return Screen.FEEDBACK if trial.decision else Screen.JUDGE
    if trial.seen_before is None:
        return Screen.SEEN
    return Screen.CARD if trial.card_read_at is None else Screen.JUDGE
