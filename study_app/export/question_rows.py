"""The rows of the answers besides the trials. `columns` says what each cell means."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, false, select

from study_app.active_study import ActiveStudy, in_version
from study_app.answer_models import (
    AttentionAnswer,
    Comment,
    ComprehensionAnswer,
    QuestionnaireAnswer,
    StepAnswer,
    Trial,
)
from study_app.database import db
from study_app.export.columns import Row
from study_app.export.participations import Selection
from study_app.export.versions import versions_met
from study_app.models import Participant


def questionnaire(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per answer to a question of the study file, without free text."""
    yield from _answer_rows(active, selection, free=False)


def _answer_rows(active: ActiveStudy, selection: Selection, *, free: bool) -> Iterator[Row]:
    """Of questions that ask for free text, or of all others, as the version of each person has it.

    A question may have asked for text in one version, and for something else in another.
    """
    asked: ColumnElement[bool] = false()
    for number, met in versions_met(active, selection).items():
        names = [question.name for question in met.study.questions if question.IS_FREE is free]
        asked |= (Participant.version == number) & QuestionnaireAnswer.name.in_(names)
    query = (
        select(Participant.participant_id, QuestionnaireAnswer.name, QuestionnaireAnswer.value)
        .join(Participant, Participant.id == QuestionnaireAnswer.participant)
        .where(asked, selection.participants)
        .order_by(Participant.id, QuestionnaireAnswer.answered_at, QuestionnaireAnswer.name)
    )
    for row in db.session.execute(query):
        yield dict(row._mapping)


def comprehension(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per answer to a question on the instructions, at each chance."""
    checks = {check.name: check for check in active.study.comprehension}
    query = (
        select(Participant.participant_id, ComprehensionAnswer)
        .join(Participant, Participant.id == ComprehensionAnswer.participant)
        .where(selection.participants)
        .order_by(Participant.id, ComprehensionAnswer.chance, ComprehensionAnswer.name)
    )
    for participant, answer in db.session.execute(query):
        yield {
            "participant_id": participant,
            "chance": answer.chance,
            "name": answer.name,
            "value": answer.value,
            "right": checks[answer.name].passed_by(answer.value),
        }


def attention(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per answer to an attention check."""
    query = (
        select(Participant, AttentionAnswer.name, AttentionAnswer.value)
        .join(Participant, Participant.id == AttentionAnswer.participant)
        .where(selection.participants)
        .order_by(Participant.id, AttentionAnswer.answered_at)
    )
    for participant, name, value in db.session.execute(query):
        check = in_version(active, participant.version).checks[name]
        yield {
            "participant_id": participant.participant_id,
            "name": name,
            "kind": check.kind,
            "value": value,
            "passed": check.passed_by(value),
        }


def comments(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per free text, with the columns of `columns.COMMENTS`.

    People may write who they are, so this is no table of a pseudonymous export.
    """
    yield from _answer_rows(active, selection, free=True)
    yield from _step_texts(active, selection)
    query = (
        select(Participant.participant_id, Comment.text)
        .join(Participant, Participant.id == Comment.participant)
        .where(Comment.text.is_not(None), selection.participants)
        .order_by(Participant.id)
    )
    for participant, text in db.session.execute(query):
        yield {"participant_id": participant, "name": "comments", "value": text}


def _step_texts(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """What was written in steps of trials, each called by its trial and step."""
    names = [step.name for step in active.study.trial.steps if step.response.IS_FREE]
    query = (
        select(Participant.participant_id, Trial.phase, Trial.trial_index)
        .add_columns(StepAnswer.name, StepAnswer.value)
        .join(Trial, Trial.participant == Participant.id)
        .join(StepAnswer, StepAnswer.trial == Trial.id)
        .where(StepAnswer.name.in_(names), StepAnswer.value != "", selection.participants)
        .order_by(Participant.id, Trial.id, StepAnswer.answered_at)
    )
    for participant, phase, index, name, value in db.session.execute(query):
        yield {
            "participant_id": participant,
            "name": f"{phase} {index} {name}",
            "value": value,
        }
