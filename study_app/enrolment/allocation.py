"""A participant's condition and test trials: drawn, noted, and drawn again from what was noted."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy, in_version
from study_app.answer_models import Trial
from study_app.database import db
from study_app.enrolment.quota import tallies
from study_app.enums import Wave
from study_app.models import ConditionTally, Draw, Participant
from study_app.randomisation import choose_condition, interleave, trial_list


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """What one participant gets.

    Attributes:
        trials: test stimuli in their order, with an interleaved validation's items among them.
        tally: of the condition.
        draw: what it depended on, its participant still to be named.
    """

    tally: ConditionTally
    trials: list[str]
    draw: Draw


def allocate(
    active: ActiveStudy, wave: Wave, *, simulated: bool, quota: int | None
) -> Allocation | None:
    """What the next participant gets, who counts as started; None where there is no place.

    The caller holds the study.
    """
    tally_of = tallies(active, wave, simulated=simulated)
    number = sum(tally.started for tally in tally_of.values())
    # A version of before may have had conditions that nobody got.
    places = {name: tally.places for name, tally in tally_of.items() if name in active.conditions}
    rng = _rng(active, wave, simulated=simulated, number=number)
    condition = choose_condition(places, quota=quota, rng=rng)
    if condition is None:
        return None
    tally = tally_of[condition]
    views = tally.views
    tally.started += 1
    return Allocation(
        tally=tally,
        trials=_trials(active, condition, views, rng),
        draw=Draw(number=number, quota=quota, places=places, views=views),
    )


def _trials(
    active: ActiveStudy, condition: str, counts: Mapping[str, int], rng: random.Random
) -> list[str]:
    test_trials = trial_list(active.groups[condition], views=counts, rng=rng)
    if not active.study.gate.interleaved:
        return test_trials
    return interleave(test_trials, active.items(Phase.VALIDATION), rng=rng)


def _rng(active: ActiveStudy, wave: Wave, *, simulated: bool, number: int) -> random.Random:
    return active.rng("assignment", wave, f"{simulated:d}", number)


def replay(active: ActiveStudy) -> tuple[int, list[str]]:
    """Draw again what every participant got, each by the version of the study file of then.

    Returns:
        How many were drawn, and the participant ids of those who have something else in the
        database. People whose answers were erased are left out.
    """
    # Whether the validation is interleaved stays, once anybody has trials.
    drawn_phases = [phase for phase in Phase if active.study.counted_in(phase) is Phase.TEST]
    query = select(Participant, Draw).join(Draw, Draw.participant == Participant.id)
    repeated, others = 0, []
    for participant, draw in db.session.execute(query.order_by(Participant.id)).all():
        own = (Trial.participant == participant.id, Trial.phase.in_(drawn_phases))
        stored = select(Trial.stimulus_id).where(*own).order_by(Trial.trial_index)
        if not (trials := list(db.session.scalars(stored))):
            continue
        repeated += 1
        met = in_version(active, participant.version)
        rng = _rng(met, participant.wave, simulated=participant.simulated, number=draw.number)
        condition = choose_condition(draw.places, quota=draw.quota, rng=rng)
        drawn = _trials(met, condition, draw.views, rng) if condition else []
        if (participant.condition, trials) != (condition, drawn):
            others.append(participant.participant_id)
    return repeated, others
