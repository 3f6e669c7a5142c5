"""Taking a person in: a condition, a place in it, and every trial, in one transaction.

The transaction holds the write lock of SQLite, or the loaded study's row on PostgreSQL, so people
who press Start in the same moment are taken in one after the other.
"""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from stimuli.study import Outcome, Phase, Returning
from study_app.answers import finish
from study_app.database import db, now, writing
from study_app.draws import draw
from study_app.models import Identity, Invitation, LoadedStudy, Participant, Trial
from study_app.places import hold_study
from study_app.recruiting import PausedError
from study_app.refusals import RefusalError
from study_app.running import RunningStudy
from study_app.words import Wave

# Those who ended so have seen nothing of the study; they may try again.
SAW_NOTHING = (Outcome.QUOTA_FULL, Outcome.DUPLICATE, Outcome.DECLINED, Outcome.INCOMPATIBLE)


class UnknownInvitationError(RefusalError):
    """A personal link that was never made."""


@dataclass(frozen=True, kw_only=True)
class ProlificId:
    """The three parameters of a Prolific link."""

    prolific_pid: str
    study_id: str
    session_id: str


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One press of Start.

    Attributes:
        start_key: of the landing page, so that two presses make one person.
        invitation: the token of a personal link.
        aside: PREVIEW or TEST for people who are not part of the study.
    """

    start_key: str
    prolific: ProlificId | None = None
    invitation: str | None = None
    aside: Wave | None = None
    simulated: bool = False


def enrol(running: RunningStudy, arrival: Arrival) -> Participant:
    """The participant behind one press of Start; the same person comes back to the same row.

    Whoever may not take part, since there is no place or this is a second time, is a participant
    whose session ended at once, with a code of its own.

    Raises:
        PausedError, UnknownInvitationError: with nothing stored.
    """
    with writing():
        loaded = hold_study(running)
        found = _known(arrival)
        if found:
            return found
        invitation = _invitation(arrival)
        earlier = _earlier(arrival)
        wave = arrival.aside or (Wave.INVITED if invitation else loaded.wave)
        if earlier and arrival.prolific and _resumes(running, earlier, wave):
            _come_with(earlier, arrival.prolific)
            return earlier
        if loaded.paused and wave is loaded.wave and not arrival.simulated:
            raise PausedError
        person = _new(running, arrival, wave, loaded, duplicate=earlier is not None)
        if invitation:
            invitation.participant = person.id
        return person


def _known(arrival: Arrival) -> Participant | None:
    query = select(Participant)
    if arrival.invitation:
        query = query.join(Invitation, Invitation.participant == Participant.id).where(
            Invitation.token == arrival.invitation
        )
    elif arrival.prolific:
        query = query.join(Identity, Identity.participant == Participant.id).where(
            Identity.prolific_pid == arrival.prolific.prolific_pid,
            Identity.session_id == arrival.prolific.session_id,
        )
    else:
        query = query.where(Participant.start_key == arrival.start_key)
    return db.session.scalar(query)


def _invitation(arrival: Arrival) -> Invitation | None:
    if arrival.invitation is None:
        return None
    invitation = db.session.get(Invitation, arrival.invitation)
    if invitation is None:
        raise UnknownInvitationError("invitation", ["was never made"])
    return invitation


def _earlier(arrival: Arrival) -> Participant | None:
    """The newest participation of the same person by another submission, in any wave."""
    if arrival.prolific is None or arrival.aside:
        return None
    query = (
        select(Participant)
        .join(Identity, Identity.participant == Participant.id)
        .where(Identity.prolific_pid == arrival.prolific.prolific_pid)
        .where(Participant.outcome.is_(None) | Participant.outcome.not_in(SAW_NOTHING))
        .order_by(Participant.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def _resumes(running: RunningStudy, earlier: Participant, wave: Wave) -> bool:
    policy = running.study.prolific.returning
    return policy is Returning.RESUME and earlier.outcome is None and earlier.wave is wave


def _come_with(person: Participant, prolific: ProlificId) -> None:
    """The new submission is the one that will be paid."""
    identity = db.session.get_one(Identity, person.id)
    identity.study_id, identity.session_id = prolific.study_id, prolific.session_id


def _new(
    running: RunningStudy,
    arrival: Arrival,
    wave: Wave,
    loaded: LoadedStudy,
    *,
    duplicate: bool,
) -> Participant:
    quota = loaded.quota if wave is loaded.wave else None
    drawn = draw(running, wave, simulated=arrival.simulated, quota=quota)
    person = Participant(
        participant_id=secrets.token_hex(6),
        token=secrets.token_urlsafe(24),
        start_key=arrival.start_key,
        condition=drawn.condition,
        wave=wave,
        simulated=arrival.simulated,
        started_at=now(),
        seen_at=now(),
    )
    db.session.add(person)
    db.session.flush()
    if arrival.prolific:
        db.session.add(Identity(participant=person.id, **vars(arrival.prolific)))
    if duplicate or not drawn.has_place:
        finish(person, Outcome.DUPLICATE if duplicate else Outcome.QUOTA_FULL)
        return person
    drawn.note.participant = person.id
    db.session.add(drawn.note)
    db.session.execute(insert(Trial), list(_trials(running, person, drawn.trials)))
    return person


def _trials(
    running: RunningStudy, person: Participant, drawn: Sequence[str]
) -> Iterator[dict[str, object]]:
    before = Counter[Phase]()
    for stimulus_id in _shown(running, drawn):
        stimulus = running.bundle.stimulus_by_id[stimulus_id]
        counted_in = running.study.counted_in(stimulus.phase)
        yield {
            "participant": person.id,
            "phase": stimulus.phase,
            "trial_index": before[counted_in],
            "stimulus_id": stimulus_id,
            "image_sha256": running.bundle.checksums[stimulus.image],
            "key": secrets.token_hex(8),
        }
        before[counted_in] += 1


def _shown(running: RunningStudy, drawn: Sequence[str]) -> Iterator[str]:
    """Every stimulus of a session: first the items of those phases that nothing is drawn for."""
    for phase in running.counted:
        yield from drawn if phase is Phase.TEST else running.items(phase)
