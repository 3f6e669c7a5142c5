"""Taking a person in: a condition, a place in it, and every trial, in one transaction.

The transaction holds the write lock of SQLite, or the loaded study's row on PostgreSQL, so people
who press Start in the same moment are taken in one after the other.
"""

import secrets
from collections import Counter

from sqlalchemy import insert

from stimuli.study import Outcome, Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db, now, writing
from study_app.enrolment.allocation import allocate
from study_app.enrolment.identification import (
    Arrival,
    ProlificId,
    UndecidedError,
    UnidentifiedError,
    earlier_of,
    invitation_of,
    is_own,
    known_participant,
    lacks_id,
    may_return,
    own_of,
)
from study_app.enrolment.leases import READING
from study_app.enrolment.openings import hold_unconsented
from study_app.enrolment.quota import count_place
from study_app.enrolment.recruiting import PausedError, hold_study
from study_app.enrolment.trial_rows import trial_rows
from study_app.enums import Again, Wave
from study_app.identity_models import Identity, ProviderSession
from study_app.models import LoadedStudy, Participant
from study_app.outcomes import finish


def enrol(active: ActiveStudy, arrival: Arrival) -> Participant:
    """The participant behind one press of Start; the same person comes back to the same row.

    Whoever may not take part, since there is no place or this is a second time, is a participant
    whose session ended at once, with a code of its own.

    Raises:
        PausedError, UndecidedError, UnidentifiedError, UnknownInvitationError, TooManyRequests:
            with nothing stored.
    """
    with writing():
        loaded = hold_study(active)
        if participant := known_participant(arrival):
            return participant
        if own := _who_goes_on(arrival):
            return own
        invitation = invitation_of(arrival)
        earlier = earlier_of(arrival)
        wave = arrival.aside or (Wave.INVITED if invitation else loaded.wave)
        returns = earlier is not None and may_return(active, earlier, wave)
        if earlier and arrival.prolific and returns and is_own(arrival, earlier):
            _note_submission(earlier, arrival.prolific)
            return earlier
        if lacks_id(active, arrival, wave):
            raise UnidentifiedError
        if loaded.paused and wave is loaded.wave and not arrival.simulated:
            raise PausedError
        participant = _newcomer(
            active, arrival, wave, loaded, duplicate=earlier is not None and not returns
        )
        if invitation:
            invitation.participant = participant.id
        return participant


def _who_goes_on(arrival: Arrival) -> Participant | None:
    """Whose participation goes on in this browser; None where somebody new begins.

    Raises:
        UndecidedError: if it may be either, or there is nothing with which to go on.
    """
    if arrival.again is Again.SOMEBODY_ELSE:
        return None
    own = own_of(arrival)
    if arrival.again is None and own is None:
        return None
    if arrival.again is None or own is None:
        raise UndecidedError
    return own


def _note_submission(participant: Participant, prolific: ProlificId) -> None:
    """The newest submission is the one that will be paid; the others still lead here.

    A link without the id of a submission leaves the one that is known.
    """
    identity = db.session.get(Identity, participant.id)
    if identity is None:
        db.session.add(Identity(participant=participant.id, **vars(prolific)))
    elif prolific.session_id:
        identity.study_id, identity.session_id = prolific.study_id, prolific.session_id
    session = ProviderSession(
        participant=participant.id,
        session_id=prolific.session_id,
        study_id=prolific.study_id,
        came_at=now(),
    )
    db.session.add(session)


def _newcomer(
    active: ActiveStudy, arrival: Arrival, wave: Wave, loaded: LoadedStudy, *, duplicate: bool
) -> Participant:
    quota = loaded.quota if wave is loaded.wave else None
    allocation = None
    if not duplicate:
        allocation = allocate(active, wave, simulated=arrival.simulated, quota=quota)
    participant = Participant(
        participant_id=secrets.token_hex(6),
        token=secrets.token_urlsafe(24),
        version=active.version,
        start_key=arrival.start_key,
        condition=allocation.tally.condition if allocation else None,
        wave=wave,
        simulated=arrival.simulated,
        simulated_sort=arrival.simulated_sort,
        started_at=now(),
        seen_at=now(),
    )
    db.session.add(participant)
    if allocation is None:
        finish(participant, Outcome.DUPLICATE if duplicate else Outcome.QUOTA_FULL)
    else:
        participant.place_until = participant.started_at + READING
        stimuli = map(active.bundle.stimulus_by_id.__getitem__, allocation.trials)
        views = Counter(s.stimulus_id for s in stimuli if s.phase is Phase.TEST)
        count_place(allocation.tally, views)
    db.session.flush()
    if arrival.prolific:
        _note_submission(participant, arrival.prolific)
    if allocation:
        allocation.draw.participant = participant.id
        db.session.add(allocation.draw)
        if arrival.source and wave is loaded.wave and not arrival.simulated:
            hold_unconsented(participant, arrival.source)
        trials = trial_rows(active, participant, allocation.trials)
        db.session.connection().execute(insert(Trial), list(trials))
    return participant
