"""Taking a person in: a condition, a place in it, and every trial, in one transaction.

The transaction holds the write lock of SQLite, or the loaded study's row on PostgreSQL, so people
who press Start in the same moment are taken in one after the other.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import insert, or_, select

from stimuli.study import Outcome, Phase
from study_app.assignment import choose_condition, free_number, trial_list
from study_app.database import db, now, writing
from study_app.models import Identity, LoadedStudy, Participant, Trial
from study_app.recruiting import PausedError
from study_app.refusals import RefusalError
from study_app.running import RunningStudy


@dataclass(frozen=True, kw_only=True)
class ProlificId:
    """The three parameters of a Prolific link."""

    prolific_pid: str
    study_id: str
    session_id: str


def enrol(
    running: RunningStudy, *, start_key: str, prolific: ProlificId | None, simulated: bool
) -> Participant:
    """The participant behind one press of Start; the same person comes back to the same row.

    Raises:
        PausedError: if somebody new comes while recruiting is paused. Rehearsals go on.
    """
    with writing():
        loaded = _hold_study(running)
        found = _known(start_key, prolific)
        if found is None and loaded.paused and not simulated:
            raise PausedError
        return found or _new(running, start_key, prolific, simulated)


def _hold_study(running: RunningStudy) -> LoadedStudy:
    """Keep others who start, and `study load`, waiting until the transaction ends."""
    loaded = db.session.scalars(select(LoadedStudy).with_for_update()).one()
    if (loaded.bundle_digest, loaded.study_digest) != running.digests:
        raise RefusalError("study", ["was replaced a moment ago; try again"])
    return loaded


def _known(start_key: str, prolific: ProlificId | None) -> Participant | None:
    query = select(Participant).where(Participant.start_key == start_key)
    if prolific:
        query = (
            select(Participant)
            .join(Identity, Identity.participant == Participant.id)
            .where(Identity.prolific_pid == prolific.prolific_pid)
            .where(Identity.session_id == prolific.session_id)
        )
    return db.session.scalar(query)


def _new(
    running: RunningStudy, start_key: str, prolific: ProlificId | None, simulated: bool
) -> Participant:
    places = _places(running, simulated)
    taken = sum(map(len, places.values()))
    rng = running.rng("condition", f"{simulated:d}", taken)
    condition = choose_condition(places, rng=rng)
    person = Participant(
        participant_id=secrets.token_hex(6),
        token=secrets.token_urlsafe(24),
        start_key=start_key,
        number=free_number(places[condition]),
        condition=condition,
        simulated=simulated,
        started_at=now(),
    )
    db.session.add(person)
    db.session.flush()
    if prolific:
        db.session.add(Identity(participant=person.id, **vars(prolific)))
    db.session.execute(insert(Trial), list(_trials(running, person)))
    return person


def _places(running: RunningStudy, simulated: bool) -> dict[str, set[int]]:
    """The numbers held in each condition: those under way and those who completed hold one."""
    holds = or_(Participant.outcome.is_(None), Participant.outcome == Outcome.COMPLETED)
    query = select(Participant.condition, Participant.number).where(
        holds, Participant.simulated == simulated
    )
    places = defaultdict[str, set[int]](set)
    for condition, number in db.session.execute(query):
        places[condition].add(number)
    return {name: places[name] for name in running.conditions}


def _trials(running: RunningStudy, person: Participant) -> Iterator[dict[str, object]]:
    for phase in running.trial_counts:
        for index, stimulus_id in enumerate(_stimuli(running, phase, person)):
            image = running.bundle.stimulus_by_id[stimulus_id].image
            yield {
                "participant": person.id,
                "phase": phase,
                "trial_index": index,
                "stimulus_id": stimulus_id,
                "image_sha256": running.bundle.checksums[image],
                "key": secrets.token_hex(8),
            }


def _stimuli(running: RunningStudy, phase: Phase, person: Participant) -> list[str]:
    if phase is not Phase.TEST:
        return running.items(phase)
    return trial_list(
        running.cells,
        trials=running.study.test_trials,
        number=person.number,
        condition=person.condition,
        seed=running.study.study.seed,
    )
