"""Storing an answer. An answer to a screen that is no longer open changes nothing.

Callers hold the participant's row inside `writing()`, so two answers never cross.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from stimuli.study import Outcome, Phase
from study_app.database import db, now
from study_app.models import Participant, Trial
from study_app.places import keep_place
from study_app.position import Position, first_open_trial
from study_app.running import RunningStudy
from study_app.scoring import team_right
from study_app.words import Decision, Input, Screen

CHOICES = {
    Screen.CONSENT: ("agree", "decline"),
    Screen.INSTRUCTIONS: ("continue",),
    Screen.SEEN: ("yes", "no"),
    Screen.CARD: ("continue",),
    Screen.JUDGE: ("yes", "no"),
    Screen.FEEDBACK: ("continue",),
}


class MalformedAnswer(ValueError):
    """A form that none of our pages sends."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One form of a participant.

    Attributes:
        trial: the trial's key, empty for screens outside trials.
        rt_ms: from the moment the pictures were visible; None if the browser could not tell.
    """

    screen: Screen
    trial: str
    choice: str
    rt_ms: float | None
    input: Input | None


def read_answer(form: Mapping[str, str]) -> Answer:
    """An answer from the fields of a form.

    Raises:
        MalformedAnswer: if the screen or the choice is none of ours.
    """
    screen, choice = form.get("screen", ""), form.get("answer", "")
    if screen not in set(CHOICES) or choice not in CHOICES[Screen(screen)]:
        raise MalformedAnswer(f"screen {screen!r}, answer {choice!r}")
    given = form.get("input", "")
    return Answer(
        screen=Screen(screen),
        trial=form.get("trial", ""),
        choice=choice,
        rt_ms=_rt_ms(form.get("rt_ms", "")),
        input=Input(given) if given in set(Input) else None,
    )


def _rt_ms(text: str) -> float | None:
    """A time that can be one. The browser is not trusted: anything else is missing."""
    try:
        rt_ms = float(text)
    except ValueError:
        return None
    return rt_ms if math.isfinite(rt_ms) and rt_ms >= 0 else None


def store(running: RunningStudy, position: Position, answer: Answer) -> None:
    """Store an answer to the open screen, and finish the session when it was the last one."""
    person, trial = position.person, position.trial
    if position.screen is not answer.screen:
        return
    if answer.screen is Screen.CONSENT:
        _consent(person, answer)
    elif answer.screen is Screen.INSTRUCTIONS:
        person.instructed_at = now()
    elif trial and trial.key == answer.trial:
        TRIAL_ANSWERS[answer.screen](trial, answer)
        _finish_if_over(running, person, trial)
    if person.outcome is None and not keep_place(running, person):
        finish(person, Outcome.QUOTA_FULL)


def _consent(participant: Participant, answer: Answer) -> None:
    if answer.choice == "agree":
        participant.consented_at = now()
    else:
        finish(participant, Outcome.DECLINED)


def finish(participant: Participant, outcome: Outcome) -> None:
    """End a session."""
    participant.outcome, participant.finished_at = outcome, now()
    participant.qualified = False


def _seen(trial: Trial, answer: Answer) -> None:
    trial.seen_before, trial.seen_rt_ms = answer.choice == "yes", answer.rt_ms


def _card(trial: Trial, answer: Answer) -> None:
    trial.card_read_at, trial.card_rt_ms = now(), answer.rt_ms


def _judge(trial: Trial, answer: Answer) -> None:
    trial.decision = Decision.ACCEPT if answer.choice == "yes" else Decision.REJECT
    trial.decision_rt_ms, trial.input = answer.rt_ms, answer.input
    trial.answered_at = now()


def _feedback(trial: Trial, answer: Answer) -> None:
    trial.feedback_read_at = now()


TRIAL_ANSWERS: dict[Screen, Callable[[Trial, Answer], None]] = {
    Screen.SEEN: _seen,
    Screen.CARD: _card,
    Screen.JUDGE: _judge,
    Screen.FEEDBACK: _feedback,
}


def _finish_if_over(running: RunningStudy, participant: Participant, trial: Trial) -> None:
    if trial.trial_index + 1 < running.trial_counts[trial.phase]:
        return
    db.session.flush()
    following = first_open_trial(participant)
    if following and following.phase is trial.phase:
        return
    if trial.phase is Phase.VALIDATION and _stopped_at_gate(running, participant):
        finish(participant, Outcome.FAILED_VALIDATION)
    elif following is None:
        finish(participant, Outcome.COMPLETED)
        participant.qualified = _passes(running, participant)


def _stopped_at_gate(running: RunningStudy, participant: Participant) -> bool:
    return running.study.gate.live and not _passes(running, participant)


def _passes(running: RunningStudy, participant: Participant) -> bool:
    """Whether the validation was good enough; without one, everybody's is."""
    if Phase.VALIDATION not in running.trial_counts:
        return True
    return validation_right(running, participant) >= running.study.gate.min_correct


def validation_right(running: RunningStudy, participant: Participant) -> int:
    """How many validation items a participant judged rightly."""
    query = select(Trial.stimulus_id, Trial.decision).where(
        Trial.participant == participant.id,
        Trial.phase == Phase.VALIDATION,
        Trial.decision.is_not(None),
    )
    return sum(
        team_right(decision, ai_right=running.prediction(stimulus, participant.condition).right)
        for stimulus, decision in db.session.execute(query)
        if decision
    )
