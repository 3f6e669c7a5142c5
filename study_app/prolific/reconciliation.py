"""`study reconcile`: what Prolific knows of people beside what this server knows of them.

`pairing` says which submission is whose. Whoever returned it or let it time out gives the place
back, unless everything was answered: such answers are kept, and the report names them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from stimuli.study import Outcome
from study_app.active_study import ActiveStudy, in_version
from study_app.audit import note
from study_app.database import db, now, writing
from study_app.enums import SubmissionStatus
from study_app.identity_models import Demographic, Submission
from study_app.outcomes import finish
from study_app.prolific.pairing import INVALID, Known, Pair, known_people, paired
from study_app.prolific.submissions import ListedSubmission
from study_app.session.endings import completion_code

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
        by_person: people whose links had no id of a submission, found by their own.
        others: submissions of people who are paid by another one.
        unknown: submissions of which nobody pressed Start here.
        unlisted: people from the same study on Prolific whom the list does not have.
    """

    statuses: Counter[SubmissionStatus]
    released: tuple[str, ...]
    complete_but_invalid: tuple[str, ...]
    valid_but_incomplete: tuple[str, ...]
    other_codes: tuple[str, ...]
    other_participants: tuple[str, ...]
    by_person: tuple[str, ...]
    others: tuple[str, ...]
    unknown: tuple[str, ...]
    unlisted: tuple[str, ...]


def reconcile(active: ActiveStudy, listed: Sequence[ListedSubmission]) -> Reconciliation:
    """Keep what a list says, in place of what an earlier one said, and release places."""
    with writing():
        people = known_people()
        pairs = paired(listed, people)
        by_submission = {pair.listed.submission_id: pair for pair in pairs}
        for one in listed:
            _store(one, by_submission.get(one.submission_id))
        _set_others_aside(pairs)
        released = []
        for pair in pairs:
            outcome = LEFT.get(pair.listed.status) if pair.tells_the_end else None
            if outcome is not None and pair.participant.outcome is None:  # under way until now
                finish(pair.participant, outcome)
                released.append(pair.participant.participant_id)
        note(f"reconciled {len(listed)} submissions of Prolific; {len(released)} places released")
    return _compare(active, listed, pairs, people, tuple(released))


def _store(one: ListedSubmission, pair: Pair | None) -> None:
    """Demographics only of people who agreed and did not withdraw: erased, they stay away."""
    participant = pair.participant if pair else None
    db.session.merge(
        Submission(
            submission_id=one.submission_id,
            participant=participant.id if participant else None,
            instead=pair.instead if pair else None,
            status=one.status,
            completion_code=one.completion_code,
            started_at=one.started_at,
            completed_at=one.completed_at,
            reconciled_at=now(),
        )
    )
    db.session.flush()
    db.session.execute(delete(Demographic).where(Demographic.submission_id == one.submission_id))
    if pair is None or pair.instead or participant is None:
        return
    if participant.consented_at and participant.outcome is not Outcome.WITHDRAWN:
        db.session.add_all(
            Demographic(submission_id=one.submission_id, name=name, value=value)
            for name, value in one.demographics.items()
        )


def _set_others_aside(pairs: Sequence[Pair]) -> None:
    """Submissions of earlier lists whose people are paid by one of this list."""
    for pair in pairs:
        if pair.instead is None:
            chosen = pair.listed.submission_id
            others = select(Submission.submission_id).where(
                Submission.participant == pair.participant.id, Submission.submission_id != chosen
            )
            names = db.session.scalars(others).all()
            own = Submission.submission_id.in_(names)
            db.session.execute(update(Submission).where(own).values(instead=chosen))
            db.session.execute(delete(Demographic).where(Demographic.submission_id.in_(names)))


def _compare(
    active: ActiveStudy,
    listed: Sequence[ListedSubmission],
    pairs: Sequence[Pair],
    people: Sequence[Known],
    released: tuple[str, ...],
) -> Reconciliation:
    owned = {pair.listed.submission_id for pair in pairs}
    found = {pair.participant.id for pair in pairs}
    studies = {pair.known.identity.study_id for pair in pairs}
    counted = [pair for pair in pairs if pair.instead is None]
    complete = [pair for pair in counted if pair.participant.outcome is Outcome.COMPLETED]
    under_way = [pair for pair in counted if pair.participant.outcome is None]
    # Where Prolific awaits a review, a code was due; elsewhere it may not have been entered.
    other_codes = [
        pair
        for pair in counted
        if pair.listed.status is SubmissionStatus.AWAITING_REVIEW
        and (outcome := pair.participant.outcome) is not None
        and pair.listed.completion_code
        != completion_code(in_version(active, pair.participant.version), outcome)
    ]
    return Reconciliation(
        statuses=Counter(one.status for one in listed),
        released=released,
        complete_but_invalid=_named([p for p in complete if p.listed.status in INVALID]),
        valid_but_incomplete=_named([p for p in under_way if p.listed.status in VALID]),
        other_codes=_named(other_codes),
        other_participants=_named(
            [p for p in pairs if p.listed.prolific_pid != p.known.identity.prolific_pid]
        ),
        by_person=_named([pair for pair in counted if not pair.has_session]),
        others=tuple(pair.listed.submission_id for pair in pairs if pair.instead),
        unknown=tuple(one.submission_id for one in listed if one.submission_id not in owned),
        unlisted=tuple(
            known.participant.participant_id
            for known in people
            if known.identity.study_id in studies and known.participant.id not in found
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
            (
                "Came without the id of a submission, found by their own",
                reconciliation.by_person,
            ),
            ("Submissions of people who are paid by another one", reconciliation.others),
            ("Submissions of nobody who pressed Start here", reconciliation.unknown),
            ("Came from Prolific, but the list does not have them", reconciliation.unlisted),
        )
        if who
    ]
    return "\n".join(lines)
