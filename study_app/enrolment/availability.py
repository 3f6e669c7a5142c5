"""What a press of Start would meet, for the landing page to tell beforehand. Changes nothing."""

from study_app.active_study import ActiveStudy
from study_app.enrolment.identification import (
    Arrival,
    earlier_of,
    is_own,
    known_participant,
    lacks_id,
    may_return,
)
from study_app.enrolment.quota import qualified_participants, taken_places
from study_app.enrolment.recruiting import recruiting
from study_app.enums import Outlook


def outlook(active: ActiveStudy, arrival: Arrival) -> Outlook:
    """What somebody would meet; who is taking part already goes on in any case."""
    state = recruiting()
    apart = arrival.simulated or arrival.aside or arrival.invitation
    if apart or known_participant(arrival):
        return Outlook.OPEN
    earlier = earlier_of(arrival)
    if earlier is not None and is_own(arrival, earlier) and may_return(active, earlier, state.wave):
        return Outlook.OPEN
    if lacks_id(active, arrival, state.wave):
        return Outlook.UNKNOWN
    if state.paused:
        return Outlook.PAUSED
    if state.quota is None:
        return Outlook.OPEN
    if min(taken_places(active, state.wave, simulated=False).values()) < state.quota:
        return Outlook.OPEN
    qualified = qualified_participants(active, state.wave, simulated=False)
    return Outlook.COMPLETE if min(qualified.values()) >= state.quota else Outlook.TAKEN
