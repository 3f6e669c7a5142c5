"""Which pictures a browser fetches ahead while a screen is on: those of the next, at most.

They tell no more than those screens will: what the AI says of the pictures, and nothing of whether
it is right. The order of the trials does not depend on that either.
"""

from sqlalchemy import bindparam, select

from stimuli.study import SCREEN_NAMES, Part
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db
from study_app.models import Participant
from study_app.session.screen import Position
from study_app.session.steps import parts_shown, step_named
from study_app.session.trial_context import Guess, card_at_hand, example_guess, guess_about

# Built once: building a statement costs as much as running it.
FOLLOWING_TRIAL = (
    select(Trial)
    .where(Trial.participant == bindparam("participant"), Trial.id > bindparam("trial"))
    .order_by(Trial.id)
    .limit(1)
)


def no_pictures(active: ActiveStudy, position: Position) -> tuple[str, ...]:
    """None."""
    return ()


def example_pictures(active: ActiveStudy, position: Position) -> tuple[str, ...]:
    """Those of the instructions' example."""
    guess = example_guess(active, position.participant.condition)
    return _decision_addresses(guess) if guess else ()


def open_trial_pictures(active: ActiveStudy, position: Position) -> tuple[str, ...]:
    """Those of the open trial: its card, and what is decided on."""
    return _trial_addresses(active, position.participant, position.trial)


def following_pictures(active: ActiveStudy, position: Position) -> tuple[str, ...]:
    """Those of the trial after the open one."""
    trial, following = position.trial, None
    if trial:
        key = {"participant": trial.participant, "trial": trial.id}
        following = db.session.scalar(FOLLOWING_TRIAL, key)
    return _trial_addresses(active, position.participant, following)


def coming_pictures(active: ActiveStudy, position: Position) -> tuple[str, ...]:
    """Those of the next of the study's own steps in the open trial, else of the trial after it."""
    trial = position.open_trial
    if trial.steps_left > 1:
        following = trial.steps[1 - trial.steps_left]
        return _step_addresses(active, position.participant, trial, following)
    return following_pictures(active, position)


def decision_pictures(active: ActiveStudy, position: Position) -> tuple[str, ...]:
    """Those that are decided on in the open trial."""
    trial, condition = position.trial, position.participant.condition
    return _decision_addresses(guess_about(active, trial.stimulus_id, condition)) if trial else ()


def _trial_addresses(
    active: ActiveStudy, participant: Participant, trial: Trial | None
) -> tuple[str, ...]:
    if trial is None:
        return ()
    if active.study.trial.steps:
        return _step_addresses(active, participant, trial, trial.step)
    guess = guess_about(active, trial.stimulus_id, participant.condition)
    shows_card = trial.card_shown or card_at_hand(active, trial)
    return (*(guess.card.pictures if shows_card else ()), *_decision_addresses(guess))


def _step_addresses(
    active: ActiveStudy, participant: Participant, trial: Trial, name: str
) -> tuple[str, ...]:
    """Those of one step, as the participant's group sees it; of feedback none."""
    if name in SCREEN_NAMES:
        return ()
    condition = active.conditions[participant.condition]
    parts = parts_shown(active.study, condition, step_named(active.study, name))
    guess = guess_about(active, trial.stimulus_id, condition.name)
    of_parts = {
        Part.PHOTO: (guess.photo,),
        Part.PANELS: tuple(picture for panel in guess.panels for picture in panel.pictures),
        Part.CARD: guess.card.pictures,
    }
    return tuple(address for part in parts for address in of_parts.get(part, ()))


def _decision_addresses(guess: Guess) -> tuple[str, ...]:
    return (guess.photo, *(picture for panel in guess.panels for picture in panel.pictures))
