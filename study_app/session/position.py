"""Where a participant is: one query finds the person behind a link and the trial that is open."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select

from stimuli.study import Phase, Study
from study_app.database import db
from study_app.enums import Screen
from study_app.models import Participant, Trial
from study_app.session.flow import next_screen, screen_key

# Statements are built once: building one costs as much as running it.
UNREAD = and_(Trial.phase == Phase.PRACTICE, Trial.feedback_read_at.is_(None))
OPEN = or_(Trial.decision.is_(None), UNREAD)  # as `is_open`
OPEN_TRIAL = (
    select(Trial)
    .where(Trial.participant == bindparam("participant"), OPEN)
    .order_by(Trial.id)
    .limit(1)
)
FOLLOWING_TRIAL = (
    select(Trial)
    .where(Trial.participant == bindparam("participant"), Trial.id > bindparam("trial"))
    .order_by(Trial.id)
    .limit(1)
)
POSITION = (
    select(Participant, Trial)
    .outerjoin(Trial, and_(Trial.participant == Participant.id, OPEN))
    .where(Participant.token == bindparam("token"))
    .order_by(Trial.id)
    .limit(1)
)
LOCKED_POSITION = POSITION.with_for_update(of=Participant)


@dataclass(frozen=True, kw_only=True)
class Position:
    """A participant, the first trial with a screen to answer (None after the last), the screen.

    Attributes:
        key: which one of several screens of its kind; empty where there is one only.
    """

    participant: Participant
    trial: Trial | None
    screen: Screen
    key: str


def find_position(study: Study, token: str, *, lock: bool = False) -> Position | None:
    """Where the holder of a link is; None if nobody holds it.

    Args:
        lock: keeps other answers of this person out until the transaction ends.
    """
    statement = LOCKED_POSITION if lock else POSITION
    row = db.session.execute(statement, {"token": token}).first()
    if row is None:
        return None
    return _position(study, *row)


def moved_on(study: Study, position: Position) -> Position:
    """Where a participant is after an answer was stored; asks the database as little as it can."""
    participant, trial = position.participant, position.trial
    if trial and not is_open(trial):
        trial = first_open_trial(participant)
    return _position(study, participant, trial)


def _position(study: Study, participant: Participant, trial: Trial | None) -> Position:
    screen = next_screen(study, participant, trial)
    key = screen_key(study, participant, trial, screen)
    return Position(participant=participant, trial=trial, screen=screen, key=key)


def is_open(trial: Trial) -> bool:
    """Whether a trial has a screen to answer."""
    unread = trial.phase is Phase.PRACTICE and trial.feedback_read_at is None
    return trial.decision is None or unread


def first_open_trial(participant: Participant) -> Trial | None:
    """The trial a participant is at; None after the last one."""
    return db.session.scalar(OPEN_TRIAL, {"participant": participant.id})


def following_trial(trial: Trial) -> Trial | None:
    """The trial that comes after one; None after the last one."""
    return db.session.scalar(FOLLOWING_TRIAL, {"participant": trial.participant, "trial": trial.id})
