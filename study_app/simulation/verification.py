"""What the server acknowledged to simulated people beside what the database holds of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from study_app.active_study import active_study
from study_app.database import db
from study_app.models import Participant
from study_app.session.screens import CHECK
from study_app.simulation.participant import SimulatedParticipant
from study_app.simulation.stored_answers import AnswerKey, stored_answers

PART = 1000  # people in one query; databases take no list of any length


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What became of the acknowledged answers.

    Attributes:
        answers: how many were acknowledged.
        mismatches: those that are not in the database exactly once, as they were sent, and those
            in the database that nobody sent; in words.
    """

    answers: int
    mismatches: tuple[str, ...]


def verify(participants: Sequence[SimulatedParticipant]) -> Verification:
    """Compare every answer of people who have come to an end, or left."""
    db.session.rollback()  # what the server wrote since
    study, n_answers, mismatches = active_study().study, 0, []
    for first in range(0, len(participants), PART):
        part = participants[first : first + PART]
        tokens = [participant.token for participant in part]
        sent, stored = _by_answer(_acknowledged(part)), _by_answer(stored_answers(study, tokens))
        query = select(Participant.token, Participant.participant_id)
        names = dict(db.session.execute(query.where(Participant.token.in_(tokens))).all())
        n_answers += sum(map(len, sent.values()))
        for which in dict.fromkeys((*sent, *stored)):
            # Where all is well, nobody presses a button: a script answers the device check.
            is_automatic = which.screen == CHECK.name and not sent[which]
            if sent[which] == stored[which] or is_automatic:
                continue
            name = names.get(which.participant, "not there")
            where = " ".join(filter(None, (which.screen, which.key, which.question)))
            values = f"acknowledged {_listed(sent[which])}, stored {_listed(stored[which])}"
            mismatches.append(f"participant {name}, {where}: {values}")
    return Verification(answers=n_answers, mismatches=tuple(mismatches))


def _acknowledged(participants: Iterable[SimulatedParticipant]) -> Iterator[tuple[AnswerKey, str]]:
    for participant in participants:
        for answer in participant.acknowledged_answers:
            yield AnswerKey(participant.token, answer.screen, answer.trial, ""), answer.answer
            for question, text in answer.replies.items():
                yield AnswerKey(participant.token, answer.screen, "", question), text


def _by_answer(answers: Iterable[tuple[AnswerKey, str]]) -> defaultdict[AnswerKey, list[str]]:
    values = defaultdict[AnswerKey, list[str]](list)
    for which, value in answers:
        values[which].append(value)
    return values


def _listed(values: Sequence[str]) -> str:
    return " and ".join(map(repr, map(str, values))) or "nothing"
