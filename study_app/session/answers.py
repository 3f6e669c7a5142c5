"""Storing an answer. An answer to a screen that is no longer open changes nothing.

Callers hold the participant's row inside `writing()`, so two answers never cross.
"""

from stimuli.study import Outcome, Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db
from study_app.enrolment.leases import has_lapsed, keep_for_good, keep_place
from study_app.enums import Verdict
from study_app.gate import passes_gate
from study_app.models import Participant
from study_app.outcomes import finish
from study_app.session.attention import grounds
from study_app.session.position import first_open_trial, position_of
from study_app.session.screen import Answer, Position
from study_app.session.screens import SCREENS
from study_app.session.signals import note_signals


def store(active: ActiveStudy, position: Position, answer: Answer) -> Verdict:
    """Store an answer to the open screen, and finish the session when it was the last one.

    Raises:
        FaultyAnswers: with every answer to a question that cannot be one; nothing is stored then.
    """
    participant, screen = position.participant, position.screen
    if answer.tab and participant.tab not in (None, answer.tab):
        return Verdict.ELSEWHERE
    if screen is None or (screen.name, position.key) != (answer.screen, answer.key):
        return Verdict.ALREADY if _was_answered(participant, answer) else Verdict.REFUSED
    lapsed = has_lapsed(participant)
    screen.store(active, position, answer)
    _finish_if_over(active, participant, position.trial)
    if active.study.behaviour.record:
        note_signals(participant, answer.screen, answer.signals)
    if participant.outcome is None and not keep_place(active, participant, lapsed=lapsed):
        finish(participant, Outcome.QUOTA_FULL)
    return Verdict.STORED


def _was_answered(participant: Participant, answer: Answer) -> bool:
    """Whether this screen was answered before: the reply was lost, and the answer came again."""
    return any(
        screen.was_answered(participant, answer.key)
        for screen in SCREENS
        if screen.name == answer.screen
    )


def _finish_if_over(active: ActiveStudy, participant: Participant, trial: Trial | None) -> None:
    """End the session at the gate, or after the last screen.

    Args:
        trial: that was open before the answer.
    """
    if trial and not trial.steps_left:
        if trial.trial_index + 1 < active.counted[active.study.counted_in(trial.phase)]:
            return
        db.session.flush()
        phase, trial = trial.phase, first_open_trial(participant)
        if trial and trial.phase is phase:
            return
        is_gate = phase is Phase.VALIDATION and active.study.gate.live
        if is_gate and not passes_gate(active, participant):
            finish(participant, Outcome.FAILED_VALIDATION)
    if participant.outcome is None and position_of(active.study, participant, trial).screen is None:
        db.session.flush()
        failed = grounds(active.study, participant)
        if qualified := not failed and passes_gate(active, participant):
            keep_for_good(active, participant)
        outcome = Outcome.FAILED_ATTENTION if failed else Outcome.COMPLETED
        finish(participant, outcome, qualified=qualified)
