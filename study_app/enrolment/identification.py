"""Who presses Start: somebody who is known, who was invited, or who is new."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from stimuli.study import Outcome, Returning
from study_app.active_study import ActiveStudy
from study_app.database import db
from study_app.enums import Again, Wave
from study_app.errors import RefusalError
from study_app.identity_models import Identity, ProviderSession
from study_app.models import Invitation, Participant

# Those who ended so have seen nothing of the study; they may try again.
SAW_NOTHING = (Outcome.QUOTA_FULL, Outcome.DUPLICATE, Outcome.DECLINED, Outcome.INCOMPATIBLE)

# Statements are built once: building one costs as much as running it.
BY_START_KEY = select(Participant).where(Participant.start_key == bindparam("start_key"))
BY_INVITATION = (
    select(Participant)
    .join(Invitation, Invitation.participant == Participant.id)
    .where(Invitation.token == bindparam("token"))
)
BY_PID = (
    select(Participant)
    .join(Identity, Identity.participant == Participant.id)
    .where(Identity.prolific_pid == bindparam("prolific_pid"))
)
BY_SUBMISSION = BY_PID.join(ProviderSession, ProviderSession.participant == Participant.id).where(
    ProviderSession.session_id == bindparam("session_id")
)
# Whoever has ids is known by them, and a try is no participation.
OWN = (
    select(Participant)
    .outerjoin(Identity, Identity.participant == Participant.id)
    .where(Participant.token == bindparam("own_link"), Identity.participant.is_(None))
    .where(Participant.wave.not_in((Wave.PREVIEW, Wave.TEST)))
    .where(Participant.outcome.is_(None) | Participant.outcome.not_in(SAW_NOTHING))
)
NEWEST = (
    BY_PID.where(Participant.outcome.is_(None) | Participant.outcome.not_in(SAW_NOTHING))
    .order_by(Participant.id.desc())
    .limit(1)
)


class UnidentifiedError(Exception):
    """Somebody without an id pressed Start, though the main wave asks for one."""


class UndecidedError(Exception):
    """Nobody knows who pressed Start: who began in this browser, or somebody else."""


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
        simulated_sort: of simulated people; None of real ones.
        source: stands for where the request came from; None where that is not limited.
        own_link: the token of the link that this browser started last, as its cookie has it.
        again: whether it is the same person as then; None where nobody was asked.
    """

    start_key: str
    prolific: ProlificId | None = None
    invitation: str | None = None
    aside: Wave | None = None
    simulated_sort: str | None = None
    source: str | None = None
    own_link: str | None = None
    again: Again | None = None

    @property
    def simulated(self) -> bool:
        """Whether it is a simulated person who presses."""
        return self.simulated_sort is not None


def known_participant(arrival: Arrival) -> Participant | None:
    """Who came before by the same link or submission, or pressed the same Start."""
    if arrival.invitation:
        return db.session.scalar(BY_INVITATION, {"token": arrival.invitation})
    if arrival.prolific:
        return db.session.scalar(BY_SUBMISSION, vars(arrival.prolific))
    return db.session.scalar(BY_START_KEY, {"start_key": arrival.start_key})


def invitation_of(arrival: Arrival) -> Invitation | None:
    """The personal link that somebody came by.

    Raises:
        UnknownInvitationError: if it was never made.
    """
    if arrival.invitation is None:
        return None
    invitation = db.session.get(Invitation, arrival.invitation)
    if invitation is None:
        raise UnknownInvitationError("invitation", ["was never made"])
    return invitation


def earlier_of(arrival: Arrival) -> Participant | None:
    """The newest participation of the same person by another submission, in any wave."""
    if arrival.prolific is None or arrival.aside:
        return None
    return db.session.scalar(NEWEST, vars(arrival.prolific))


def own_of(arrival: Arrival) -> Participant | None:
    """Whose participation this browser started last, where somebody comes whom no id names.

    It may be the same person, or another one at the same device: that has to be asked.
    """
    is_known = arrival.prolific or arrival.invitation or arrival.aside or arrival.simulated
    if is_known or arrival.own_link is None:
        return None
    return db.session.scalar(OWN, {"own_link": arrival.own_link})


def may_return(active: ActiveStudy, earlier: Participant, wave: Wave) -> bool:
    """Whether somebody who comes with a new submission may take part: where they were, or anew."""
    policy = active.study.prolific.returning
    return policy is Returning.RESUME and earlier.outcome is None and earlier.wave is wave


def lacks_id(active: ActiveStudy, arrival: Arrival, wave: Wave) -> bool:
    """Whether somebody comes to the main wave without the id that it asks for."""
    is_exempt = arrival.simulated or arrival.prolific is not None
    return active.study.needs_ids and wave is Wave.MAIN and not is_exempt


def is_own(arrival: Arrival, earlier: Participant) -> bool:
    """Whether the browser is that of an earlier participation: an id alone proves nothing."""
    return arrival.own_link == earlier.token
