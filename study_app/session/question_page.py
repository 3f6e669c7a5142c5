"""The questions on a page: those of the study file, an attention check, or those at the end."""

from collections.abc import Mapping
from dataclasses import dataclass

from stimuli.study import Question, Study, When
from study_app.enums import Screen
from study_app.models import Participant
from study_app.session import comments
from study_app.session.attention import as_question, due_check, is_checked, store_attention
from study_app.session.position import Position
from study_app.session.questionnaire import field_name, store_questions, typed


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question on a page.

    Attributes:
        field: what the form calls the answer.
        given: what was answered before the page was sent back; empty at first.
        problem: why it was sent back; empty where nothing is wrong.
    """

    question: Question
    field: str
    given: str = ""
    problem: str = ""


def questions_on(study: Study, position: Position) -> tuple[Question, ...]:
    """The questions of the screen at which a participant is."""
    if position.screen is Screen.QUESTIONS:
        return study.asked(When(position.key))
    if position.screen is Screen.COMMENTS:
        return comments.questions(study)
    check = due_check(study, position.participant, position.trial)
    return (as_question(check),) if check and position.screen is Screen.ATTENTION else ()


def asked(
    questions: tuple[Question, ...], fields: Mapping[str, str], problems: Mapping[str, str]
) -> list[Asked]:
    """Questions with what was answered and what is wrong with it, by the question's name."""
    given = typed(questions, fields)
    return [
        Asked(
            question=q,
            field=field_name(q.name),
            given=given[q.name],
            problem=problems.get(q.name, ""),
        )
        for q in questions
    ]


def store_asked(study: Study, position: Position, fields: Mapping[str, str]) -> None:
    """Store the answers to the questions of the screen at which a participant is.

    Raises:
        FaultyAnswers: with every answer that cannot be one; nothing is stored then.
    """
    participant, check = (
        position.participant,
        due_check(study, position.participant, position.trial),
    )
    if position.screen is Screen.QUESTIONS:
        when = When(position.key)
        store_questions(study, participant, when, fields)
    elif position.screen is Screen.COMMENTS:
        comments.store_comments(study, participant, fields)
    elif check:
        store_attention(study, participant, check, fields)


def was_asked(participant: Participant, screen: Screen, key: str) -> bool:
    """Whether the questions of a screen were answered before, `key` as in `Position`."""
    if screen is Screen.COMMENTS:
        return participant.commented_at is not None
    if screen is Screen.QUESTIONS:
        times = {When.BEFORE: participant.asked_before_at, When.AFTER: participant.asked_after_at}
        return key in set(When) and times[When(key)] is not None
    return screen is Screen.ATTENTION and is_checked(participant, key)
