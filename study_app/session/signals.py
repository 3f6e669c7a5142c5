"""Signals that a program may answer in a person's stead: counted and told, never acted upon.

Assistive technology, dictation, password managers and remote desktops give some of them too. That a
browser had translated the page is counted beside them, and is no such signal.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, or_, select

from study_app.answer_models import Signals
from study_app.database import db
from study_app.models import Participant
from study_app.session.screens import CHECK, CONSENT

TRAP = "more"  # the field that people neither see nor reach
FLAGS = ("webdriver", "trap")
MOST_CHARS = 100_000  # no answer has more; it would not fit the column either


def read_signals(form: Mapping[str, str]) -> dict[str, int]:
    """What a page noticed about one answer, by the columns of `Signals`.

    Nothing where no script ran, or where nobody has agreed yet to what is recorded.
    """
    if not form.get("view") or form.get("screen") == CONSENT.name:
        return {}
    return {
        "webdriver": _yes(form, "webdriver"),
        "scripted_answers": _yes(form, "scripted"),
        "still_clicks": _yes(form, "still"),
        "pasted_chars": _count(form, "pasted_chars"),
        "unkeyed_chars": _count(form, "unkeyed_chars"),
        "trap": int(bool(form.get(TRAP))),
        "translated_answers": _yes(form, "translated"),
    }


def _yes(form: Mapping[str, str], name: str) -> int:
    return int(form.get(name) == "1")


def _count(form: Mapping[str, str], name: str) -> int:
    """The browser is not trusted: what is no number is none."""
    text = form.get(name, "")[:9]
    return min(int(text), MOST_CHARS) if text.isascii() and text.isdigit() else 0


def note_signals(participant: Participant, screen: str, counts: Mapping[str, int]) -> None:
    """Add what was noticed about an answer that was just stored; the caller commits.

    The look at the device, the first screen after the consent, makes the row where a script ran; an
    answer with nothing to tell costs nothing.
    """
    is_first = screen == CHECK.name and counts
    if not is_first and not any(counts.values()):
        return
    signals = db.session.get(Signals, participant.id)
    if signals is None:
        signals = Signals(participant=participant.id, **dict.fromkeys(counts, 0))
        db.session.add(signals)
    for name, number in counts.items():
        before = getattr(signals, name)
        if before is not None:  # of people of before, who began uncounted
            setattr(signals, name, bool(before or number) if name in FLAGS else before + number)


def evidence(signals: Signals | None) -> str:
    """The strong ones in words, for who looks at a submission; empty where there are none."""
    if signals is None:
        return ""
    strong = (
        (signals.webdriver, "the browser was driven by a program"),
        (signals.scripted_answers, f"{signals.scripted_answers} scripted answers"),
        (signals.trap, "a hidden field was filled in"),
    )
    return ", ".join(words for is_set, words in strong if is_set)


def participants_with_evidence(participants: ColumnElement[bool]) -> int:
    """How many of these participants `evidence` says something of."""
    strong = or_(Signals.webdriver, Signals.scripted_answers > 0, Signals.trap)
    query = select(func.count()).select_from(Signals).join(Participant).where(participants, strong)
    return db.session.scalars(query).one()
