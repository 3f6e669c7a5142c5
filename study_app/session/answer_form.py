"""What a participant's page sends: read from the fields of its form, and not trusted."""

import math
import re
from collections.abc import Callable, Mapping

from stimuli.study import Study
from study_app.enums import Input
from study_app.session.devices import device_facts
from study_app.session.screen import Answer, Viewed, is_recorded
from study_app.session.screens import BUTTONS
from study_app.session.signals import read_signals

MOST_TIMES = 1_000_000  # more is nonsense, and would not fit the column
MOST_PANELS = 20
REVEALED = re.compile(r"(answer|best|panels|card):\d{1,9}")


class MalformedAnswer(ValueError):
    """A form that none of our pages sends."""


def read_answer(form: Mapping[str, str], *, user_agent: str = "") -> Answer:
    """An answer from the fields of a form.

    Raises:
        MalformedAnswer: if the screen or the choice is none of ours.
    """
    screen, choice = form.get("screen", ""), form.get("answer", "")
    buttons = BUTTONS.get(screen, ())
    if buttons is not None and choice not in buttons:
        raise MalformedAnswer(f"screen {screen!r}, answer {choice!r}")
    way = form.get("input", "")
    return Answer(
        screen=screen,
        key=form.get("trial", ""),
        choice=choice,
        rt_ms=_duration(form.get("rt_ms", "")),
        input=Input(way) if way in set(Input) else None,
        fields=form,
        viewing={name: read(form.get(name, "")) for name, read in VIEWING.items()},
        revealed=_revealed(form.get("revealed", "")),
        tab=form.get("view", ""),
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


def _count(text: str) -> int | None:
    """How often something happened, if it can be."""
    number = _duration(text)
    return None if number is None else min(int(number), MOST_TIMES)


def _share(text: str) -> float | None:
    """A share from 0 to 1, if it can be one."""
    number = _duration(text)
    return number if number is not None and number <= 1 else None


def _revealed(text: str) -> str:
    """What came later and when, each part once; nothing if that cannot be."""
    parts = text.split()
    names = [part.partition(":")[0] for part in parts]
    is_good = len(set(names)) == len(names) and all(map(REVEALED.fullmatch, parts))
    return " ".join(parts) if is_good else ""


def _each(read: Callable[[str], float | None]) -> Callable[[str], list[float] | None]:
    """One number for each panel; missing if there is none, or one of them cannot be."""

    def numbers(text: str) -> list[float] | None:
        values = [read(part) for part in text.split()[:MOST_PANELS]]
        known = [value for value in values if value is not None]
        return known if known and len(known) == len(values) else None

    return numbers


VIEWING: Mapping[str, Callable[[str], Viewed]] = {
    "away_ms": _duration,
    "away_count": _count,
    "card_opened_count": _count,
    "card_opened_ms": _duration,
    "enlarged_count": _count,
    "enlarged_ms": _duration,
    "photo_seen": _share,
    "photo_seen_ms": _duration,
    "panels_seen": _each(_share),
    "panels_seen_ms": _each(_duration),
    "window_w": _count,
    "window_h": _count,
    "zoom": _duration,
}
"""How the page was looked at: a field of the form and a column of `Trial` of the same name each."""


def script_fields(study: Study) -> tuple[str, ...]:
    """What the page's script fills in: nothing that the study does not record."""
    return ("rt_ms", "input", *(name for name in VIEWING if is_recorded(study, name)), "view")
