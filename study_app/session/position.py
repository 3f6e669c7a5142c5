"""Where a participant is: the stored state decides, so a reload returns to the same screen.

One query finds the participant behind a link and the trial that is open.
"""

from flask import abort
from sqlalchemy import and_, bindparam, select

from stimuli.study import Study
from study_app.answer_models import Trial
from study_app.database import db
from study_app.models import Participant
from study_app.session.screen import Position
from study_app.session.screens import SCREENS

# Statements are built once: building one costs as much as running it.
OPEN = Trial.steps_left > 0
OPEN_TRIAL = (
    select(Trial)
    .where(Trial.participant == bindparam("participant"), OPEN)
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
LOCKED_POSITION = POSITION.with_for_update(of=Participant, key_share=True)


def find_position(study: Study, token: str, *, lock: bool = False) -> Position | None:
    """Where the holder of a link is; None if nobody holds it.

    Args:
        lock: keeps other answers of this participant out until the transaction ends.
    """
    statement = LOCKED_POSITION if lock else POSITION
    row = db.session.execute(statement, {"token": token}).first()
    return None if row is None else position_of(study, *row)


def position_or_404(study: Study, token: str, *, lock: bool = False) -> Position:
    """As `find_position`; a link that nobody holds is a page that is not there."""
    position = find_position(study, token, lock=lock)
    if position is None:
        abort(404)
    return position


def next_position(study: Study, position: Position) -> Position:
    """Where a participant is after an answer was stored; asks the database as little as it can."""
    participant, trial = position.participant, position.trial
    if trial and not trial.steps_left:
        trial = first_open_trial(participant)
    return position_of(study, participant, trial)


def position_of(study: Study, participant: Participant, trial: Trial | None) -> Position:
    """Where a participant is with this as the first open trial, None after the last."""
    if participant.outcome is None:
        for screen in SCREENS:
            key = screen.due(study, participant, trial)
            if key is not None:
                return Position(participant=participant, trial=trial, screen=screen, key=key)
    return Position(participant=participant, trial=trial, screen=None, key="")


def first_open_trial(participant: Participant) -> Trial | None:
    """The trial a participant is at; None after the last one."""
    return db.session.scalar(OPEN_TRIAL, {"participant": participant.id})
