"""What a participant's page sends: read from the fields of its form, and not trusted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from study_app.enums import Input, Screen
from study_app.session.devices import device_facts
from study_app.session.signals import read_signals

MOST_AWAY = 1_000_000  # more is nonsense, and would not fit the column
CHOICES = {
    Screen.CONSENT: ("agree", "decline"),
    Screen.QUESTIONS: ("continue",),
    Screen.CHECK: ("continue", "incompatible"),
    Screen.INSTRUCTIONS: ("continue",),
    Screen.SEEN: ("yes", "no"),
    Screen.CARD: ("continue",),
    Screen.JUDGE: ("yes", "no"),
    Screen.FEEDBACK: ("continue",),
    Screen.ATTENTION: ("continue",),
    Screen.COMMENTS: ("continue",),
}


class MalformedAnswer(ValueError):
    """A form that none of our pages sends."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One form of a participant.

    Attributes:
        key: the trial's key, or as in `Position`.
        rt_ms: from the moment the pictures were visible; None if the browser could not tell.
        fields: the whole form, for answers to questions.
        away_ms: how much of it the page was hidden or not in front.
        away_count: how often that began.
        view: the page that sent it, by its own name; empty where no script runs.
        device: what it was shown on, as in the columns of `Device`.
        signals: what was noticed about how it was given, as in the columns of `Signals`.
    """

    screen: Screen
    key: str
    choice: str
    rt_ms: float | None
    input: Input | None
    fields: Mapping[str, str]
    away_ms: float | None
    away_count: int | None
    view: str
    device: Mapping[str, int | float | str | None]
    signals: Mapping[str, int]


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
        key=form.get("trial", ""),
        choice=choice,
        rt_ms=_duration(form.get("rt_ms", "")),
        input=Input(given) if given in set(Input) else None,
        fields=form,
        away_ms=_duration(form.get("away_ms", "")),
        away_count=None if away_count is None else min(int(away_count), MOST_AWAY),
        view=form.get("view", ""),
        device=device_facts(form, user_agent),
        signals=read_signals(form),
    )


def _duration(text: str) -> float | None:
    """A time that can be one. The browser is not trusted: anything else is missing."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
