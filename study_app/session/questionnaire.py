"""Answers to declared questions: read from a form, checked, kept as the words of the study file."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from babel.numbers import format_decimal

from stimuli.study import Question, Study, When
from study_app.database import db, now
from study_app.i18n.sentences import locale_of, say, sentence
from study_app.models import Participant, QuestionnaireAnswer

MOST_LETTERS = 2000
NUMBER = re.compile(r"[+-]?\d{1,12}([.,]\d{1,6})?")
MISSING = {
    "choice": sentence("Please choose an answer."),
    "scale": sentence("Please choose an answer."),
    "number": sentence("Please enter a number."),
    "text": sentence("Please write an answer."),
}
OUTSIDE = {  # by the bounds that a question has
    ("low", "high"): sentence("Please enter a number from %(low)s up to %(high)s."),
    ("low",): sentence("Please enter a number from %(low)s."),
    ("high",): sentence("Please enter a number up to %(high)s."),
}


class FaultyAnswers(ValueError):
    """Answers that cannot be taken as they are.

    Attributes:
        problems: what to do about each, in words for the participant, by the question's name.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(f"answers to {', '.join(problems)}")
        self.problems = dict(problems)


def field_name(name: str) -> str:
    """What the form calls the answer to a question."""
    return f"question-{name}"


def typed(questions: Iterable[Question], fields: Mapping[str, str]) -> dict[str, str]:
    """What was chosen or typed, by the question's name, as the page shows it again."""
    # Browsers send line ends as two characters, and PostgreSQL takes no null character.
    return {
        q.name: fields.get(field_name(q.name), "").replace("\r\n", "\n").replace("\0", "").strip()
        for q in questions
    }


def read_values(
    study: Study, questions: Iterable[Question], fields: Mapping[str, str]
) -> dict[str, str]:
    """The answers by the question's name, without those that were left open.

    Raises:
        FaultyAnswers: with every question whose answer is missing or cannot be one.
    """
    questions = tuple(questions)
    given = typed(questions, fields)
    problems = {
        q.name: problem for q in questions if (problem := _problem(study, q, given[q.name]))
    }
    if problems:
        raise FaultyAnswers(problems)
    return {q.name: _value(q, given[q.name]) for q in questions if given[q.name]}


def _problem(study: Study, question: Question, text: str) -> str:
    """What to do about an answer; empty if it is one."""
    if not text:
        return say(study, MISSING[question.kind]) if question.required else ""
    if question.kind == "number":
        return _number_problem(study, question, text)
    if question.kind == "text":
        return _length_problem(study, text)
    return "" if text in question.options else say(study, "Please choose one of the answers.")


def _number_problem(study: Study, question: Question, text: str) -> str:
    if not NUMBER.fullmatch(text):
        return say(study, "Please enter a number in digits, such as 34.")
    number, low, high = _number(text), question.low, question.high
    if (low is None or number >= low) and (high is None or number <= high):
        return ""
    bounds = {"low": low, "high": high}
    shown = {name: _shown(study, n) for name, n in bounds.items() if n is not None}
    return say(study, OUTSIDE[tuple(shown)], **shown)


def _shown(study: Study, number: float) -> str:
    """A bound as people may type it, without marks between the thousands."""
    return str(format_decimal(number, locale=locale_of(study), group_separator=False))


def _length_problem(study: Study, text: str) -> str:
    if len(text) <= MOST_LETTERS:
        return ""
    return say(
        study,
        "Please shorten this to %(most)s characters; it has %(now)s.",
        most=MOST_LETTERS,
        now=len(text),
    )


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _value(question: Question, text: str) -> str:
    return str(_number(text)) if question.kind == "number" else text


def store_questions(
    study: Study, participant: Participant, when: When, fields: Mapping[str, str]
) -> None:
    """Store the answers to all of `[[questions]]` that are asked then, once.

    Raises:
        FaultyAnswers: as in `read_values`; nothing is stored then.
    """
    at = now()
    db.session.add_all(
        QuestionnaireAnswer(participant=participant.id, name=name, value=value, answered_at=at)
        for name, value in read_values(study, study.asked(when), fields).items()
    )
    if when is When.BEFORE:
        participant.asked_before_at = at
    else:
        participant.asked_after_at = at
