"""Which submission of Prolific's list is whose.

A submission is a participation by the id that came in the link (SESSION_ID), where the person is
the same. Links without one, or with one that different people have, as where somebody pasted an
address by hand, leave the person's id. Whoever came by several submissions is paid for one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from stimuli.study import Outcome
from study_app.database import db
from study_app.enums import SubmissionStatus
from study_app.identity_models import Identity, ProviderSession
from study_app.models import Participant
from study_app.prolific.submissions import ListedSubmission

# Those who will not be paid as they are: a complete data set with one of these is to be looked at.
INVALID = (SubmissionStatus.RETURNED, SubmissionStatus.TIMED_OUT, SubmissionStatus.REJECTED)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Known:
    """Somebody who came by a provider's link.

    Attributes:
        sessions: the ids of the submissions by which the person came, the newest last.
    """

    participant: Participant
    identity: Identity
    sessions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A submission and the person it belongs to.

    Attributes:
        instead: the submission by which the same person is paid; None if it is this one.
    """

    listed: ListedSubmission
    known: Known
    instead: str | None = None

    @property
    def participant(self) -> Participant:
        """Who answered."""
        return self.known.participant

    @property
    def has_session(self) -> bool:
        """Whether the person came by this very submission; else the person's id tells it."""
        return self.listed.submission_id in self.known.sessions

    @property
    def tells_the_end(self) -> bool:
        """Whether who leaves this submission leaves the study: nothing newer is known."""
        is_newest = not self.has_session or self.known.sessions[-1] == self.listed.submission_id
        return self.instead is None and is_newest


def known_people() -> list[Known]:
    """Everybody who came by a provider's link, in the order in which they came."""
    sessions = defaultdict[int, list[str]](list)
    came = select(ProviderSession).where(ProviderSession.session_id != "")
    for session in db.session.scalars(came.order_by(ProviderSession.came_at)):
        sessions[session.participant].append(session.session_id)
    query = select(Identity, Participant).join(Participant, Participant.id == Identity.participant)
    return [
        Known(
            participant=participant,
            identity=identity,
            sessions=tuple(sessions[participant.id]),
        )
        for identity, participant in db.session.execute(query.order_by(Participant.id))
    ]


def paired(listed: Sequence[ListedSubmission], people: Sequence[Known]) -> list[Pair]:
    """The submissions that are somebody's, person by person."""
    by_session, by_pid = defaultdict[str, list[Known]](list), defaultdict[str, list[Known]](list)
    for known in people:
        by_pid[known.identity.prolific_pid].append(known)
        for session in known.sessions:
            by_session[session].append(known)
    pairs = [
        pair
        for one in listed
        if (pair := pair_by_session(one, by_session) or pair_by_person(one, by_pid, by_session))
    ]
    return one_for_each(pairs)


def pair_by_session(
    one: ListedSubmission, by_session: Mapping[str, Sequence[Known]]
) -> Pair | None:
    """By the id that came in the link, of the same person, or of the only one who has it."""
    holders = by_session.get(one.submission_id, ())
    own = [known for known in holders if known.identity.prolific_pid == one.prolific_pid]
    if own or len(holders) == 1:
        return Pair(listed=one, known=(own or holders)[0])
    return None


def pair_by_person(
    one: ListedSubmission,
    by_pid: Mapping[str, Sequence[Known]],
    by_session: Mapping[str, Sequence[Known]],
) -> Pair | None:
    """By the person's id: who came by other submissions is paid for one of these."""
    pairs = []
    for known in by_pid.get(one.prolific_pid, ()):
        own = [session for session in known.sessions if len(by_session[session]) == 1]
        pairs.append(Pair(listed=one, known=known, instead=own[-1] if own else None))
    # First who has no other submission, and of these who answered everything.
    return min(
        pairs,
        key=lambda pair: (
            pair.instead is not None,
            pair.participant.outcome is not Outcome.COMPLETED,
        ),
        default=None,
    )


def one_for_each(pairs: Iterable[Pair]) -> list[Pair]:
    """Of several submissions of a person, the others name the one that counts."""
    of_person = defaultdict[int, list[Pair]](list)
    for pair in pairs:
        of_person[pair.participant.id].append(pair)
    chosen = {
        person: max(own, key=precedence).listed.submission_id for person, own in of_person.items()
    }
    return [
        Pair(
            listed=pair.listed,
            known=pair.known,
            instead=pair.instead if chosen[person] == pair.listed.submission_id else chosen[person],
        )
        for person, own in of_person.items()
        for pair in own
    ]


def precedence(pair: Pair) -> tuple[int, bool, datetime]:
    """The newest by which the person came; else one that is valid, and of these the newest."""
    place = pair.known.sessions.index(pair.listed.submission_id) + 1 if pair.has_session else 0
    is_valid = pair.listed.status not in INVALID
    return place, is_valid, pair.listed.started_at or LONG_AGO
