"""Which screen comes next. The stored state decides, so a reload always returns to it."""

from stimuli.study import Phase, Study, When
from study_app.enums import TRIAL_SCREENS, Screen
from study_app.models import Participant, Trial
from study_app.session.attention import due_check


def next_screen(study: Study, participant: Participant, open_trial: Trial | None) -> Screen:
    """The screen a participant is at.

    Args:
        open_trial: the first trial with a screen to answer, None after the last one.
    """
    if participant.outcome is not None:
        return Screen.DEBRIEF
    if participant.consented_at is None:
        return Screen.CONSENT
    if participant.checked_at is None:
        return Screen.CHECK
    if participant.asked_before_at is None and study.asked(When.BEFORE):
        return Screen.QUESTIONS
    if participant.instructed_at is None:
        return Screen.INSTRUCTIONS
    if due_check(study, participant, open_trial):
        return Screen.ATTENTION
    return trial_screen(open_trial) if open_trial else _screen_after_trials(study, participant)


def trial_screen(trial: Trial) -> Screen:
    """The screen at which a trial waits. Practice skips what is asked before the decision."""
    if trial.phase is Phase.PRACTICE:
        return Screen.FEEDBACK if trial.decision else Screen.JUDGE
    if trial.seen_before is None:
        return Screen.SEEN
    return Screen.CARD if trial.card_read_at is None else Screen.JUDGE


def _screen_after_trials(study: Study, participant: Participant) -> Screen:
    if participant.asked_after_at is None and study.asked(When.AFTER):
        return Screen.QUESTIONS
    if participant.commented_at is None and study.has_phase(Phase.COMMENTS):
        return Screen.COMMENTS
    return Screen.DEBRIEF


def screen_key(
    study: Study, participant: Participant, open_trial: Trial | None, screen: Screen
) -> str:
    """Which one of several screens of a kind it is: the trial, the questions, or the check."""
    if open_trial and screen in TRIAL_SCREENS:
        return open_trial.key
    if screen is Screen.QUESTIONS:
        return When.BEFORE if participant.instructed_at is None else When.AFTER
    check = due_check(study, participant, open_trial)
    return check.name if check and screen is Screen.ATTENTION else ""
