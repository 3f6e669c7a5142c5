"""Storing an answer. An answer to a screen that is no longer open changes nothing.

Callers hold the participant's row inside `writing()`, so two answers never cross.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from stimuli.study import Outcome, Phase
from study_app.database import db, now
from study_app.devices import device_facts
from study_app.models import Device, Participant, Trial
from study_app.position import Position, first_open_trial
from study_app.running import RunningStudy
from study_app.scoring import team_right
from study_app.words import Decision, Input, Screen, Verdict

MOST_AWAY = 1_000_000  # more is nonsense, and would not fit the column
CHOICES = {
    Screen.CONSENT: ("agree", "decline"),
    Screen.CHECK: ("continue", "incompatible"),
    Screen.INSTRUCTIONS: ("continue",),
    Screen.SEEN: ("yes", "no"),
    Screen.CARD: ("continue",),
    Screen.JUDGE: ("yes", "no"),
    Screen.FEEDBACK: ("continue",),
}


# What tells that a screen was answered, in the person's row and in the trial's.
STEPS = {
    Screen.CONSENT: "consented_at",
    Screen.CHECK: "checked_at",
    Screen.INSTRUCTIONS: "instructed_at",
}
PARTS = {
    Screen.SEEN: "seen_before",
    Screen.CARD: "card_read_at",
    Screen.JUDGE: "decision",
    Screen.FEEDBACK: "feedback_read_at",
}


class MalformedAnswer(ValueError):
    """A form that none of our pages sends."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One form of a participant.

    Attributes:
        trial: the trial's key, empty for screens outside trials.
        rt_ms: from the moment the pictures were visible; None if the browser could not tell.
        away_ms: how much of it the page was hidden or not in front.
        away_count: how often that began.
        view: the page that sent it, by its own name; empty where no script runs.
        device: what it was shown on, as in the columns of `Device`.
    """

    screen: Screen
    trial: str
    choice: str
    rt_ms: float | None
    input: Input | None
    away_ms: float | None
    away_count: int | None
    view: str
    device: Mapping[str, int | float | str | None]


def read_answer(form: Mapping[str, str], *, user_agent: str = "") -> Answer:
    """An answer from the fields of a form.

    Raises:
        MalformedAnswer: if the screen or the choice is none of ours.
    """
    screen, choice = form.get("screen", ""), form.get("answer", "")
    if screen not in set(CHOICES) or choice not in CHOICES[Screen(screen)]:
        raise MalformedAnswer(f"screen {screen!r}, answer {choice!r}")
    given = form.get("input", "")
    away_count = _duration(form.get("away_count", ""))
    return Answer(
        screen=Screen(screen),
        trial=form.get("trial", ""),
        choice=choice,
        rt_ms=_duration(form.get("rt_ms", "")),
        input=Input(given) if given in set(Input) else None,
        away_ms=_duration(form.get("away_ms", "")),
        away_count=None if away_count is None else min(int(away_count), MOST_AWAY),
        view=form.get("view", ""),
        device=device_facts(form, user_agent),
    )


def _duration(text: str) -> float | None:
    """A time that can be one. The browser is not trusted: anything else is missing."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def store(running: RunningStudy, position: Position, answer: Answer) -> Verdict:
    """Store an answer to the open screen, and finish the session when it was the last one."""
    person, trial = position.person, position.trial
    if answer.view and person.view not in (None, answer.view):
        return Verdict.ELSEWHERE
    if not _is_open(position, answer):
        return Verdict.ALREADY if _is_answered(person, answer) else Verdict.REFUSED
    person.seen_at = now()
    if trial and answer.screen in TRIAL_ANSWERS:
        TRIAL_ANSWERS[answer.screen](trial, answer)
        _finish_if_over(running, person, trial)
    else:
        STEP_ANSWERS[answer.screen](person, answer)
    return Verdict.STORED


def _is_open(position: Position, answer: Answer) -> bool:
    if position.screen is not answer.screen:
        return False
    if answer.screen not in TRIAL_ANSWERS:
        return True
    return position.trial is not None and position.trial.key == answer.trial


def _is_answered(person: Participant, answer: Answer) -> bool:
    """Whether this screen was answered before: the reply was lost, and the answer came again."""
    if answer.screen is Screen.CONSENT and person.outcome is Outcome.DECLINED:
        return True
    if answer.screen is Screen.CHECK and person.outcome is Outcome.INCOMPATIBLE:
        return True
    if answer.screen in STEPS:
        return getattr(person, STEPS[answer.screen]) is not None
    own = (Trial.participant == person.id, Trial.key == answer.trial)
    trial = db.session.scalar(select(Trial).where(*own))
    return trial is not None and getattr(trial, PARTS[answer.screen]) is not None


def _consent(participant: Participant, answer: Answer) -> None:
    if answer.choice == "agree":
        participant.consented_at = now()
    else:
        finish(participant, Outcome.DECLINED)


def _check(participant: Participant, answer: Answer) -> None:
    db.session.add(Device(participant=participant.id, **answer.device))
    if answer.choice == "continue":
        participant.checked_at = now()
    else:
        finish(participant, Outcome.INCOMPATIBLE)


def _instructed(participant: Participant, answer: Answer) -> None:
    participant.instructed_at = now()


def finish(participant: Participant, outcome: Outcome) -> None:
    """End a session."""
    participant.outcome, participant.finished_at = outcome, now()


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


STEP_ANSWERS: dict[Screen, Callable[[Participant, Answer], None]] = {
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


def _stopped_at_gate(running: RunningStudy, participant: Participant) -> bool:
    gate = running.study.gate
    return gate.live and validation_right(running, participant) < gate.min_correct


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
