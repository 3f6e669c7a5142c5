"""The lease of a place: how it is kept, and what happens to somebody whose lease ran out.

Whoever agreed and gives no sign of life for the study's `lease_minutes` loses the place to the next
who comes; whoever has not agreed yet, a minute after Start. They go on if it is still free when
they return, or agree; otherwise the session ends, and what they gave is kept.
"""

from datetime import timedelta

from study_app.active_study import ActiveStudy
from study_app.database import now
from study_app.enrolment.quota import count_place, tallies, views_of
from study_app.enrolment.recruiting import lock_study
from study_app.models import Participant

SIGN_EVERY = timedelta(seconds=20)
READING = timedelta(minutes=1)  # how long a place waits for somebody who reads the consent


def has_lapsed(participant: Participant) -> bool:
    """Whether somebody under way holds a place no longer."""
    return participant.place_until is None or participant.place_until <= now()


def keep_place(active: ActiveStudy, participant: Participant, *, lapsed: bool) -> bool:
    """Note a sign of life of somebody under way, whose row the caller holds.

    Args:
        lapsed: as `has_lapsed` before what is a sign of life. Of somebody who has not agreed, that
            is decided when they do.

    Returns:
        False if the place was lost to somebody else.
    """
    has_agreed = participant.consented_at is not None
    if has_agreed and lapsed and not _take_again(active, participant):
        return False
    if is_sign_due(participant):
        participant.seen_at = now()
    if has_agreed:
        lease = timedelta(minutes=active.study.assignment.lease_minutes)
        participant.place_until = participant.seen_at + lease
    return True


def is_sign_due(participant: Participant) -> bool:
    """Whether a sign of life is worth noting: pages and answers give more than are needed."""
    return now() - participant.seen_at >= SIGN_EVERY


def keep_for_good(active: ActiveStudy, participant: Participant) -> None:
    """Give somebody whose data count a place that is never over, even if it was lost before."""
    if has_lapsed(participant):
        lock_study()
        tally_of = tallies(active, participant.wave, simulated=participant.simulated)
        count_place(tally_of[participant.condition], views_of(participant))
    participant.place_until = None


def _take_again(active: ActiveStudy, participant: Participant) -> bool:
    """Whether nobody took the place of somebody whose lease ran out: then it is theirs again."""
    loaded = lock_study()
    tally_of = tallies(active, participant.wave, simulated=participant.simulated)
    tally = tally_of[participant.condition]
    quota = loaded.quota if participant.wave is loaded.wave else None
    if quota is not None and tally.places >= quota:
        return False
    count_place(tally, views_of(participant))
    return True
