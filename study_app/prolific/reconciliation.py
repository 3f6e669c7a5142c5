"""`study reconcile`: what Prolific knows of people beside what this server knows of them.

A submission is a participation by the id that Prolific put into the link (SESSION_ID). Whoever
returned it or let it time out gives the place back, unless everything was answered: such answers
are kept, and the report names them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from stimuli.study import Outcome
from study_app.active_study import ActiveStudy
from study_app.audit import note
from study_app.database import db, now, writing
from study_app.enums import SubmissionStatus
from study_app.identity_models import Demographic, Identity, ProviderSession, Submission
from study_app.models import Participant
from study_app.outcomes import finish
from study_app.prolific.submissions import ListedSubmission
from study_app.session.endings import completion_code

# Those who will not be paid as they are: a complete data set with one of these is to be looked at.
INVALID = (SubmissionStatus.RETURNED, SubmissionStatus.TIMED_OUT, SubmissionStatus.REJECTED)
VALID = (
    SubmissionStatus.AWAITING_REVIEW,
    SubmissionStatus.APPROVED,
    SubmissionStatus.PARTIALLY_APPROVED,
)
LEFT = {
    SubmissionStatus.RETURNED: Outcome.RETURNED,
    SubmissionStatus.TIMED_OUT: Outcome.TIMED_OUT,
}


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """What a list of submissions told. People are named by their participant ids.

    Attributes:
        statuses: how many submissions have each status.
        released: people under way whose places are free again.
        complete_but_invalid: people who answered everything, with statuses of `INVALID`.
        valid_but_incomplete: people who did not, with statuses of `VALID`.
        other_codes: people who entered a code that is not that of their outcome, or none.
        other_participants: submissions that came here under another participant id of Prolific.
        unknown: submissions of which nobody pressed Start here.
        unlisted: people from the same study on Prolific whom the list does not have.
    """

    statuses: Counter[SubmissionStatus]
    released: tuple[str, ...]
    complete_but_invalid: tuple[str, ...]
    valid_but_incomplete: tuple[str, ...]
    other_codes: tuple[str, ...]
    other_participants: tuple[str, ...]
    unknown: tuple[str, ...]
    unlisted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A submission and the person it belongs to."""

    listed: ListedSubmission
    participant: Participant
    identity: Identity


def reconcile(active: ActiveStudy, listed: Sequence[ListedSubmission]) -> Reconciliation:
    """Keep what a list says, in place of what an earlier one said, and release places."""
    with writing():
        participants = _participants()
        pairs = [
            Pair(
                listed=one,
                identity=participants[one.submission_id][0],
                participant=participants[one.submission_id][1],
            )
            for one in listed
            if one.submission_id in participants
        ]
        participants_by_submission = {pair.listed.submission_id: pair.participant for pair in pairs}
        for one in listed:
            _store(one, participants_by_submission.get(one.submission_id))
        released = []
        for pair in pairs:
            outcome = LEFT.get(pair.listed.status)
            if outcome is not None and pair.participant.outcome is None:  # under way until now
                finish(pair.participant, outcome)
                released.append(pair.participant.participant_id)
        note(f"reconciled {len(listed)} submissions of Prolific; {len(released)} places released")
    return _compare(active, listed, pairs, tuple(released))


def _participants() -> dict[str, tuple[Identity, Participant]]:
    query = select(Identity, Participant).join(Participant, Participant.id == Identity.participant)
    return {
        identity.session_id: (identity, participant)
        for identity, participant in db.session.execute(query)
    }


def _store(one: ListedSubmission, participant: Participant | None) -> None:
    """Demographics only of people who agreed and did not withdraw: erased, they stay away."""
    db.session.merge(
        Submission(
            submission_id=one.submission_id,
            participant=participant.id if participant else None,
            status=one.status,
            completion_code=one.completion_code,
            started_at=one.started_at,
            completed_at=one.completed_at,
            reconciled_at=now(),
        )
    )
    db.session.flush()
    db.session.execute(delete(Demographic).where(Demographic.submission_id == one.submission_id))
    if participant and participant.consented_at and participant.outcome is not Outcome.WITHDRAWN:
        db.session.add_all(
            Demographic(submission_id=one.submission_id, name=name, value=value)
            for name, value in one.demographics.items()
        )


def _compare(
    active: ActiveStudy,
    listed: Sequence[ListedSubmission],
    pairs: Sequence[Pair],
    released: tuple[str, ...],
) -> Reconciliation:
    listed_ids = {one.submission_id for one in listed}
    studies = {pair.identity.study_id for pair in pairs}
    # Somebody who went on by a new submission is paid for that one.
    earlier_ids = set(db.session.scalars(select(ProviderSession.session_id)))
    paired_ids = {pair.listed.submission_id for pair in pairs}
    complete = [pair for pair in pairs if pair.participant.outcome is Outcome.COMPLETED]
    under_way = [pair for pair in pairs if pair.participant.outcome is None]
    # Where Prolific awaits a review, a code was due; elsewhere it may not have been entered.
    other_codes = [
        pair
        for pair in pairs
        if pair.listed.status is SubmissionStatus.AWAITING_REVIEW
        and (outcome := pair.participant.outcome) is not None
        and pair.listed.completion_code != completion_code(active, outcome)
    ]
    return Reconciliation(
        statuses=Counter(one.status for one in listed),
        released=released,
        complete_but_invalid=_named([p for p in complete if p.listed.status in INVALID]),
        valid_but_incomplete=_named([p for p in under_way if p.listed.status in VALID]),
        other_codes=_named(other_codes),
        other_participants=_named(
            [p for p in pairs if p.listed.prolific_pid != p.identity.prolific_pid]
        ),
        unknown=tuple(
            one.submission_id for one in listed if one.submission_id not in paired_ids | earlier_ids
        ),
        unlisted=tuple(
            participant.participant_id
            for identity, participant in _participants().values()
            if identity.study_id in studies and identity.session_id not in listed_ids
        ),
    )


def _named(pairs: Sequence[Pair]) -> tuple[str, ...]:
    return tuple(pair.participant.participant_id for pair in pairs)


def reconciliation_text(reconciliation: Reconciliation) -> str:
    """What a reconciliation found, for the terminal."""
    lines = [", ".join(f"{n} {status}" for status, n in sorted(reconciliation.statuses.items()))]
    lines += [
        f"{words}: {', '.join(who)}"
        for words, who in (
            ("Left, their places are free again", reconciliation.released),
            (
                "Answered everything, though Prolific calls it invalid",
                reconciliation.complete_but_invalid,
            ),
            (
                "Await a review or were approved, but did not finish",
                reconciliation.valid_but_incomplete,
            ),
            ("Entered no code, or that of another outcome", reconciliation.other_codes),
            ("Came under another Prolific id than the list has", reconciliation.other_participants),
            ("Submissions of nobody who pressed Start here", reconciliation.unknown),
            ("Came from Prolific, but the list does not have them", reconciliation.unlisted),
        )
        if who
    ]
    return "\n".join(lines)
