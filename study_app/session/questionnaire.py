"""Answers to declared questions: read from a form, checked, kept as the words of the study file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from babel.numbers import format_decimal

from stimuli.study import Response, Saying, Study, When
from study_app.active_study import ActiveStudy
from study_app.answer_models import QuestionnaireAnswer
from study_app.database import db
from study_app.i18n.sentences import locale_of, say
from study_app.models import Participant
from study_app.session.screen import Answer


class FaultyAnswers(ValueError):
    """Answers that cannot be taken as they are.

    Attributes:
        problems: what to do about each, in words for the participant, by the question's name.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(f"answers to {', '.join(problems)}")
        self.problems = dict(problems)


@dataclass(frozen=True, kw_only=True)
class QuestionField:
    """A question on a page.

    Attributes:
        name: what the form calls the answer.
        text: what was answered before the page was sent back; empty at first.
        problem: why it was sent back; empty where nothing is wrong.
        hint: what can be answered; empty where nothing has to be said.
    """

    question: Response
    name: str
    text: str = ""
    problem: str = ""
    hint: str = ""


def question_fields(
    study: Study,
    questions: Iterable[Response],
    fields: Mapping[str, str],
    problems: Mapping[str, str],
) -> list[list[QuestionField]]:
    """Questions with what was answered and what is wrong with it, by the question's name.

    Those that follow each other with the same columns make a group, every other one is alone.
    """
    groups: list[list[QuestionField]] = []
    for question in questions:
        asked = QuestionField(
            question=question,
            name=field_name(question.name),
            text=_entry(question, fields),
            problem=problems.get(question.name, ""),
            hint=in_words(study, question.hint) if question.hint else "",
        )
        if groups and question.columns and groups[-1][-1].question.columns == question.columns:
            groups[-1].append(asked)
        else:
            groups.append([asked])
    return groups


def field_name(name: str) -> str:
    """What the form calls the answer to a question."""
    return f"question-{name}"


def _entry(question: Response, fields: Mapping[str, str]) -> str:
    """What was chosen or typed, as the page shows it again."""
    # Browsers send line ends as two characters, and PostgreSQL takes no null character.
    text = fields.get(field_name(question.name), "")
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def read_values(
    study: Study, questions: Iterable[Response], fields: Mapping[str, str]
) -> dict[str, str]:
    """The answers by the question's name, without those that were left open.

    Raises:
        FaultyAnswers: with every question whose answer is missing or cannot be one.
    """
    values: dict[str, str] = {}
    problems: dict[str, str] = {}
    for question in questions:
        text = _entry(question, fields)
        if not text and question.required:
            problems[question.name] = say(study, question.MISSING)
        elif text and (problem := question.problem(text)):
            problems[question.name] = in_words(study, problem)
        elif text:
            values[question.name] = question.value(text)
    if problems:
        raise FaultyAnswers(problems)
    return values


def in_words(study: Study, saying: Saying) -> str:
    """In the study's language: counts with its groups of digits, others as people may type them."""
    facts = {
        name: format_decimal(fact, locale=locale_of(study), group_separator=isinstance(fact, int))
        if isinstance(fact, int | float)
        else fact
        for name, fact in saying.facts.items()
    }
    return say(study, saying.english, **facts)


def questions_of(study: Study, key: str) -> tuple[Response, ...]:
    """The questions of the study file that are asked then: `before` or `after`."""
    return study.asked(When(key))


def store_questions(
    active: ActiveStudy, participant: Participant, answer: Answer, at: datetime
) -> None:
    """Store the answers to all of `[[questions]]` that are asked then, once.

    Raises:
        FaultyAnswers: as in `read_values`; nothing is stored then.
    """
    questions = questions_of(active.study, answer.key)
    db.session.add_all(
        QuestionnaireAnswer(participant=participant.id, name=name, value=value, answered_at=at)
        for name, value in read_values(active.study, questions, answer.fields).items()
    )
