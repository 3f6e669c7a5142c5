"""What the database holds of some participants' answers, in the words of a page."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import select

from study_app.answer_models import AttentionAnswer, Comment, QuestionnaireAnswer, Trial
from study_app.database import db
from study_app.enums import Decision
from study_app.models import Participant
from study_app.session.screen import SessionScreen
from study_app.session.screens import ATTENTION, COMMENTS, QUESTIONS_BEFORE, SCREENS, TRIAL_SCREENS

SESSION_SCREENS = tuple(screen for screen in SCREENS if isinstance(screen, SessionScreen))


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


def stored_answers(tokens: Collection[str]) -> Iterator[tuple[AnswerKey, str]]:
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
    for trial in db.session.scalars(select(Trial).where(Trial.participant.in_(participants))):
        token = participants[trial.participant].token
        for trial_screen in TRIAL_SCREENS:
            value = getattr(trial, trial_screen.answered_by.key)
            if value is not None:  # yes and no are stored as such, or as a decision
                button = trial_screen.buttons[value in (False, Decision.REJECT)]
                yield AnswerKey(token, trial_screen.name, trial.key, ""), button
    for row_id, screen_name, key, question, value in _question_answers(participants):
        yield AnswerKey(participants[row_id].token, screen_name, key, question), value


def _question_answers(
    participants: Collection[int],
) -> Iterator[tuple[int, str, str, str, str]]:
    """Participant, screen, key, question and answer of all that was asked."""
    theirs = QuestionnaireAnswer.participant.in_(participants)
    for answer in db.session.scalars(select(QuestionnaireAnswer).where(theirs)):
        yield answer.participant, QUESTIONS_BEFORE.name, "", answer.name, answer.value
    theirs = AttentionAnswer.participant.in_(participants)
    for check in db.session.scalars(select(AttentionAnswer).where(theirs)):
        yield check.participant, ATTENTION.name, check.name, "", "continue"
        yield check.participant, ATTENTION.name, "", check.name, check.value
    theirs = Comment.participant.in_(participants)
    for comment in db.session.scalars(select(Comment).where(theirs)):
        yield comment.participant, COMMENTS.name, "", "altered_noticed", comment.altered_noticed
        if comment.text is not None:
            yield comment.participant, COMMENTS.name, "", "comments", comment.text
