"""Storing an answer. An answer to a screen that is no longer open changes nothing.

Callers hold the participant's row inside `writing()`, so two answers never cross.
"""

from collections.abc import Callable

from sqlalchemy import select

from stimuli.study import Outcome, Phase
from study_app.active_study import ActiveStudy
from study_app.database import db, now
from study_app.enrolment.leases import keep_place
from study_app.enums import Decision, Screen, Verdict
from study_app.models import Device, Participant, Trial
from study_app.outcomes import finish
from study_app.scoring import team_right
from study_app.session.answer_form import Answer
from study_app.session.attention import grounds
from study_app.session.consent import consent_digest
from study_app.session.flow import next_screen
from study_app.session.position import Position, first_open_trial, is_open
from study_app.session.question_page import store_asked, was_asked
from study_app.session.signals import note_signals

# What tells that a screen was answered, in the person's row and in the trial's.
STEPS = {
    Screen.CONSENT: "consented_at",
    Screen.CHECK: "checked_at",
    Screen.INSTRUCTIONS: "instructed_at",
}
ENDED = {Screen.CONSENT: Outcome.DECLINED, Screen.CHECK: Outcome.INCOMPATIBLE}  # by saying no
PARTS = {
    Screen.SEEN: "seen_before",
    Screen.CARD: "card_read_at",
    Screen.JUDGE: "decision",
    Screen.FEEDBACK: "feedback_read_at",
}


def store(active: ActiveStudy, position: Position, answer: Answer) -> Verdict:
    """Store an answer to the open screen, and finish the session when it was the last one.

    Raises:
        FaultyAnswers: with every answer to a question that cannot be one; nothing is stored then.
    """
    participant = position.participant
    if answer.view and participant.view not in (None, answer.view):
        return Verdict.ELSEWHERE
    if (position.screen, position.key) != (answer.screen, answer.key):
        return Verdict.ALREADY if _is_answered(participant, answer) else Verdict.REFUSED
    _store_open(active, position, answer)
    note_signals(participant, answer.screen, answer.signals)
    if participant.outcome is None and not keep_place(active, participant):
        finish(participant, Outcome.QUOTA_FULL)
    return Verdict.STORED


def _store_open(active: ActiveStudy, position: Position, answer: Answer) -> None:
    participant, trial = position.participant, position.trial
    if answer.screen in STEP_ANSWERS:
        STEP_ANSWERS[answer.screen](active, participant, answer)
    elif answer.screen in TRIAL_ANSWERS and trial:
        TRIAL_ANSWERS[answer.screen](trial, answer)
        _finish_if_over(active, participant, trial)
    else:
        store_asked(active.study, position, answer.fields)
        _finish_at_end(active, participant, trial)


def _is_answered(participant: Participant, answer: Answer) -> bool:
    """Whether this screen was answered before: the reply was lost, and the answer came again."""
    if answer.screen in STEPS:
        done = getattr(participant, STEPS[answer.screen]) is not None
        return done or (
            participant.outcome is not None and participant.outcome is ENDED.get(answer.screen)
        )
    if answer.screen not in PARTS:
        return was_asked(participant, answer.screen, answer.key)
    own = (Trial.participant == participant.id, Trial.key == answer.key)
    trial = db.session.scalar(select(Trial).where(*own))
    return trial is not None and getattr(trial, PARTS[answer.screen]) is not None


def _consent(active: ActiveStudy, participant: Participant, answer: Answer) -> None:
    if answer.choice == "agree":
        participant.consented_at = now()
        participant.consent_digest = consent_digest(active.study)
    else:
        finish(participant, Outcome.DECLINED)


def _check(active: ActiveStudy, participant: Participant, answer: Answer) -> None:
    db.session.add(Device(participant=participant.id, **answer.device))
    if answer.choice == "continue":
        participant.checked_at = now()
    else:
        finish(participant, Outcome.INCOMPATIBLE)


def _instructed(active: ActiveStudy, participant: Participant, answer: Answer) -> None:
    participant.instructed_at = now()


def _seen(trial: Trial, answer: Answer) -> None:
    trial.seen_before, trial.seen_rt_ms = answer.choice == "yes", answer.rt_ms


def _card(trial: Trial, answer: Answer) -> None:
    trial.card_read_at, trial.card_rt_ms = now(), answer.rt_ms


def _judge(trial: Trial, answer: Answer) -> None:
    trial.decision = Decision.ACCEPT if answer.choice == "yes" else Decision.REJECT
    trial.decision_rt_ms, trial.input = answer.rt_ms, answer.input
    trial.away_ms, trial.away_count = answer.away_ms, answer.away_count
    trial.answered_at = now()


def _feedback(trial: Trial, answer: Answer) -> None:
    trial.feedback_read_at = now()


STEP_ANSWERS: dict[Screen, Callable[[ActiveStudy, Participant, Answer], None]] = {
    Screen.CONSENT: _consent,
    Screen.CHECK: _check,
    Screen.INSTRUCTIONS: _instructed,
}
TRIAL_ANSWERS: dict[Screen, Callable[[Trial, Answer], None]] = {
    Screen.SEEN: _seen,
    Screen.CARD: _card,
    Screen.JUDGE: _judge,
    Screen.FEEDBACK: _feedback,
}


def _finish_if_over(active: ActiveStudy, participant: Participant, trial: Trial) -> None:
    is_last = trial.trial_index + 1 == active.counted[active.study.counted_in(trial.phase)]
    if is_open(trial) or not is_last:
        return
    db.session.flush()
    following = first_open_trial(participant)
    if following and following.phase is trial.phase:
        return
    if trial.phase is Phase.VALIDATION and _stopped_at_gate(active, participant):
        finish(participant, Outcome.FAILED_VALIDATION)
    else:
        _finish_at_end(active, participant, following)


def _finish_at_end(active: ActiveStudy, participant: Participant, open_trial: Trial | None) -> None:
    if next_screen(active.study, participant, open_trial) is not Screen.DEBRIEF:
        return
    db.session.flush()
    failed = grounds(active.study, participant)
    finish(participant, Outcome.FAILED_ATTENTION if failed else Outcome.COMPLETED)
    participant.qualified = not failed and _passes(active, participant)


def _stopped_at_gate(active: ActiveStudy, participant: Participant) -> bool:
    return active.study.gate.live and not _passes(active, participant)


def _passes(active: ActiveStudy, participant: Participant) -> bool:
    """Whether the validation was good enough; without one, everybody's is."""
    if Phase.VALIDATION not in active.trial_counts:
        return True
    return validation_right(active, participant) >= active.study.gate.min_correct


def validation_right(active: ActiveStudy, participant: Participant) -> int:
    """How many validation items a participant judged rightly."""
    query = select(Trial.stimulus_id, Trial.decision).where(
        Trial.participant == participant.id,
        Trial.phase == Phase.VALIDATION,
        Trial.decision.is_not(None),
    )
    return sum(
        team_right(decision, ai_right=active.prediction(stimulus, participant.condition).right)
        for stimulus, decision in db.session.execute(query)
        if decision
    )
