"""Where a participant is: the stored state decides, so a reload returns to the same screen.

One query finds the participant behind a link and the trial that is open. Whoever started before
another version of the study file was put in force goes on in the one that they began with.
"""

from flask import abort
from sqlalchemy import and_, bindparam, select

from stimuli.study import Study
from study_app.active_study import ActiveStudy, in_version
from study_app.answer_models import Trial
from study_app.database import db
from study_app.i18n.jinja import speak_as
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


def find_session(
    newest: ActiveStudy, token: str, *, lock: bool = False
) -> tuple[ActiveStudy, Position] | None:
    """The study as the holder of a link meets it, and where they are; None if nobody holds it.

    Args:
        newest: the study in force.
        lock: keeps other answers of this participant out until the transaction ends.
    """
    statement = LOCKED_POSITION if lock else POSITION
    row = db.session.execute(statement, {"token": token}).first()
    if row is None:
        return None
    active = in_version(newest, row.Participant.version)
    return active, position_of(active.study, *row)


def session_or_404(
    newest: ActiveStudy, token: str, *, lock: bool = False
) -> tuple[ActiveStudy, Position]:
    """As `find_session`, in the language of its pages; a link that nobody holds is no page."""
    found = find_session(newest, token, lock=lock)
    if found is None:
        abort(404)
    speak_as(found[0].study)
    return found


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
