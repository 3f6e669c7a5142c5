"""What the database holds of some participants' answers, in the words of a page."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import select

from stimuli.study import Study
from study_app.answer_models import (
    AttentionAnswer,
    Comment,
    ComprehensionAnswer,
    QuestionnaireAnswer,
    StepAnswer,
    Trial,
)
from study_app.database import db
from study_app.enums import Decision
from study_app.models import Participant
from study_app.session.screen import SessionScreen, TrialScreen
from study_app.session.screens import (
    ATTENTION,
    COMMENTS,
    COMPREHENSION,
    QUESTIONS_BEFORE,
    SCREENS,
    STEP,
)
from study_app.session.steps import IN_KEY, step_named

SESSION_SCREENS = tuple(screen for screen in SCREENS if isinstance(screen, SessionScreen))
PAPER_SCREENS = tuple(screen for screen in SCREENS if isinstance(screen, TrialScreen))
NEGATIVE: dict[str, Callable[[Trial], bool]] = {
    "seen": lambda trial: trial.seen_before is False,
    "judge": lambda trial: trial.decision is Decision.REJECT,
}
"""Whether the second button was pressed, of screens that have one."""


class AnswerKey(NamedTuple):
    """Which answer it is.

    Attributes:
        participant: the token of the participant's link.
        key: the trial's key, or as in `Position`; empty for an answer to a question.
        question: its name; empty for the button that was pressed.
    """

    participant: str
    screen: str
    key: str
    question: str


def stored_answers(study: Study, tokens: Collection[str]) -> Iterator[tuple[AnswerKey, str]]:
    """Every answer of the participants with these links, and what was answered."""
    rows = db.session.scalars(select(Participant).where(Participant.token.in_(tokens)))
    participants = {participant.id: participant for participant in rows}
    for participant in participants.values():
        for screen in SESSION_SCREENS:
            if getattr(participant, screen.answered_at.key) is not None:
                button = screen.buttons[0]
            elif screen.refusal is not None and participant.outcome is screen.refusal:
                button = screen.buttons[1]
            else:
                continue
            yield AnswerKey(participant.token, screen.name, screen.key, ""), button
        for chance in range(1, participant.n_comprehension + 1):
            yield AnswerKey(participant.token, COMPREHENSION.name, str(chance), ""), "continue"
    for trial in db.session.scalars(select(Trial).where(Trial.participant.in_(participants))):
        token = participants[trial.participant].token
        for paper_screen in PAPER_SCREENS:
            name, buttons = paper_screen.name, paper_screen.buttons
            if name in trial.steps[: len(trial.steps) - trial.steps_left]:
                is_second = name in NEGATIVE and NEGATIVE[name](trial)
                yield AnswerKey(token, name, trial.key, ""), buttons[is_second]
    yield from _step_answers(study, participants)
    for row_id, screen_name, key, question, value in _question_answers(participants):
        yield AnswerKey(participants[row_id].token, screen_name, key, question), value


def _step_answers(
    study: Study, participants: Mapping[int, Participant]
) -> Iterator[tuple[AnswerKey, str]]:
    """Of a study's own steps: the button, and what was filled in where that only goes on."""
    query = (
        select(Trial.participant, Trial.key, StepAnswer.name, StepAnswer.value)
        .join(Trial, Trial.id == StepAnswer.trial)
        .where(Trial.participant.in_(participants))
        .order_by(Trial.id, StepAnswer.answered_at)
    )
    for row_id, key, name, value in db.session.execute(query):
        token, response = participants[row_id].token, step_named(study, name).response
        fills = not response.buttons and not response.names_classes
        button = "continue" if fills or response.kind == "continue" else value
        yield AnswerKey(token, STEP.name, f"{key}{IN_KEY}{name}", ""), button
        if fills and value:
            yield AnswerKey(token, STEP.name, "", name), value


def _question_answers(
    participants: Collection[int],
) -> Iterator[tuple[int, str, str, str, str]]:
    """Participant, screen, key, question and answer of all that was asked."""
    theirs = QuestionnaireAnswer.participant.in_(participants)
    for answer in db.session.scalars(select(QuestionnaireAnswer).where(theirs)):
        yield answer.participant, QUESTIONS_BEFORE.name, "", answer.name, answer.value
    theirs = ComprehensionAnswer.participant.in_(participants)
    query = select(ComprehensionAnswer).where(theirs).order_by(ComprehensionAnswer.chance)
    for one in db.session.scalars(query):
        yield one.participant, COMPREHENSION.name, "", one.name, one.value
    theirs = AttentionAnswer.participant.in_(participants)
    for check in db.session.scalars(select(AttentionAnswer).where(theirs)):
        yield check.participant, ATTENTION.name, check.name, "", "continue"
        yield check.participant, ATTENTION.name, "", check.name, check.value
    theirs = Comment.participant.in_(participants)
    for comment in db.session.scalars(select(Comment).where(theirs)):
        yield comment.participant, COMMENTS.name, "", "altered_noticed", comment.altered_noticed
        if comment.text is not None:
            yield comment.participant, COMMENTS.name, "", "comments", comment.text
