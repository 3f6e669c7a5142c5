"""What the database holds of some people's answers, in the words in which a page sends them."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import select

from stimuli.study import When
from study_app.database import db
from study_app.enums import Decision, Screen
from study_app.models import AttentionAnswer, Comment, Participant, QuestionnaireAnswer, Trial
from study_app.session.answer_form import CHOICES
from study_app.session.answers import ENDED, STEPS


class Answered(NamedTuple):
    """Which answer it is.

    Attributes:
        person: the token of the person's link.
        key: the trial's key, or as in `Position`; empty for an answer to a question.
        question: its name; empty for the button that was pressed.
    """

    participant: str
    screen: str
    key: str
    question: str


def stored_answers(tokens: Collection[str]) -> Iterator[tuple[Answered, str]]:
    """Every answer of the people with these links, and what was answered."""
    participants = db.session.scalars(select(Participant).where(Participant.token.in_(tokens)))
    known = {participant.id: participant for participant in participants}
    for participant in known.values():
        yield from _steps(participant)
    for trial in db.session.scalars(select(Trial).where(Trial.participant.in_(known))):
        for screen, answer in _of_trial(trial):
            yield Answered(known[trial.participant].token, screen, trial.key, ""), answer
    for participant_id, screen, key, question, value in _said(known):
        yield Answered(known[participant_id].token, screen, key, question), value


def _steps(participant: Participant) -> Iterator[tuple[Answered, str]]:
    """The screens outside trials that the person's own row tells of."""
    for screen, column in STEPS.items():
        yes, *no = CHOICES[screen]
        if getattr(participant, column) is not None:
            yield Answered(participant.token, screen, "", ""), yes
        elif participant.outcome is not None and participant.outcome is ENDED.get(screen):
            yield Answered(participant.token, screen, "", ""), no[0]
    asked = (
        (Screen.QUESTIONS, When.BEFORE.value, participant.asked_before_at),
        (Screen.QUESTIONS, When.AFTER.value, participant.asked_after_at),
        (Screen.COMMENTS, "", participant.commented_at),
    )
    for screen, key, at in asked:
        if at is not None:
            yield Answered(participant.token, screen, key, ""), "continue"


def _of_trial(trial: Trial) -> Iterator[tuple[Screen, str]]:
    if trial.seen_before is not None:
        yield Screen.SEEN, "yes" if trial.seen_before else "no"
    if trial.card_read_at is not None:
        yield Screen.CARD, "continue"
    if trial.decision is not None:
        yield Screen.JUDGE, "yes" if trial.decision is Decision.ACCEPT else "no"
    if trial.feedback_read_at is not None:
        yield Screen.FEEDBACK, "continue"


def _said(participants: Collection[int]) -> Iterator[tuple[int, Screen, str, str, str]]:
    """Participant, screen, key, question and answer of all that was asked."""
    own = QuestionnaireAnswer.participant.in_(participants)
    for asked in db.session.scalars(select(QuestionnaireAnswer).where(own)):
        yield asked.participant, Screen.QUESTIONS, "", asked.name, asked.value
    own = AttentionAnswer.participant.in_(participants)
    for check in db.session.scalars(select(AttentionAnswer).where(own)):
        yield check.participant, Screen.ATTENTION, check.name, "", "continue"
        yield check.participant, Screen.ATTENTION, "", check.name, check.value
    own = Comment.participant.in_(participants)
    for comment in db.session.scalars(select(Comment).where(own)):
        yield comment.participant, Screen.COMMENTS, "", "altered_noticed", comment.altered_noticed
        if comment.text is not None:
            yield comment.participant, Screen.COMMENTS, "", "comments", comment.text
