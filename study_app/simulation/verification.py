"""What the server acknowledged to simulated people beside what the database holds of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from study_app.database import db
from study_app.models import Participant
from study_app.session.screens import CHECK
from study_app.simulation.participant import SimulatedParticipant
from study_app.simulation.stored_answers import Answered, stored_answers

PART = 1000  # people in one query; databases take no list of any length


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What became of the acknowledged answers.

    Attributes:
        answers: how many were acknowledged.
        mismatches: those that are not in the database exactly once, as they were sent, and those
            in the database that nobody sent; in words.
    """

    answers: int
    mismatches: tuple[str, ...]


def compare(participants: Sequence[SimulatedParticipant]) -> Comparison:
    """Compare every answer of people who have come to an end, or left."""
    db.session.rollback()  # what the server wrote since
    parts = [
        _compare(participants[first : first + PART]) for first in range(0, len(participants), PART)
    ]
    return Comparison(
        answers=sum(part.answers for part in parts),
        mismatches=tuple(mismatch for part in parts for mismatch in part.mismatches),
    )


def _compare(participants: Sequence[SimulatedParticipant]) -> Comparison:
    tokens = [participant.token for participant in participants]
    sent, held = _by_answer(_acknowledged(participants)), _by_answer(stored_answers(tokens))
    query = select(Participant.token, Participant.participant_id)
    names = dict(db.session.execute(query.where(Participant.token.in_(tokens))).all())
    return Comparison(
        answers=sum(map(len, sent.values())),
        mismatches=tuple(
            _told(names.get(which.participant, "not there"), which, sent[which], held[which])
            for which in dict.fromkeys((*sent, *held))
            if sent[which] != held[which] and not _is_automatic(which, sent[which])
        ),
    )


def _is_automatic(which: Answered, sent: Sequence[str]) -> bool:
    """Whether nobody pressed a button: where all is well, a script answers the device check."""
    return which.screen == CHECK.name and not sent


def _acknowledged(participants: Iterable[SimulatedParticipant]) -> Iterator[tuple[Answered, str]]:
    for participant in participants:
        for one in participant.acknowledged:
            yield Answered(participant.token, one.screen, one.trial, ""), one.answer
            for question, text in one.replies.items():
                yield Answered(participant.token, one.screen, "", question), text


def _by_answer(answers: Iterable[tuple[Answered, str]]) -> defaultdict[Answered, list[str]]:
    values = defaultdict[Answered, list[str]](list)
    for which, value in answers:
        values[which].append(value)
    return values


def _told(name: str, which: Answered, sent: Sequence[str], held: Sequence[str]) -> str:
    where = " ".join(filter(None, (which.screen, which.key, which.question)))
    return f"participant {name}, {where}: acknowledged {_listed(sent)}, stored {_listed(held)}"


def _listed(values: Sequence[str]) -> str:
    return " and ".join(map(repr, map(str, values))) or "nothing"
