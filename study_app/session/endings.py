"""How a session ends for its participant: the words, and the code that the provider asks for."""

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select

from stimuli.study import Outcome
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db
from study_app.identity_models import Identity
from study_app.models import Participant
from study_app.tokens import made_up_code

# Who returned a submission or let it time out has no use for a code.
WITH_A_CODE = tuple(o for o in Outcome if o not in (Outcome.RETURNED, Outcome.TIMED_OUT))


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What the last page says.

    Attributes:
        code: None where there is nothing to enter it for.
        return_url: where the code counts; None for participants whom no provider sent.
        is_erased: whether the answers were deleted.
        took_part: whether a picture was judged.
    """

    outcome: Outcome
    code: str | None
    return_url: str | None
    is_erased: bool
    took_part: bool


def ending(active: ActiveStudy, participant: Participant) -> Ending:
    """The end of a session that is over."""
    # Where no screen is left, yet nothing ended the session, something is wrong.
    outcome = participant.outcome or Outcome.ERROR
    code = completion_code(active, outcome) if outcome in WITH_A_CODE else None
    pid = db.session.scalar(
        select(Identity.prolific_pid).where(Identity.participant == participant.id)
    )
    url = None
    if code and pid:
        url = active.study.provider.return_url.replace("{code}", quote(code, safe=""))
        url = url.replace("{person}", quote(pid, safe=""))
    trials = select(Trial.id).where(Trial.participant == participant.id).limit(1)
    return Ending(
        outcome=outcome,
        code=code,
        return_url=url,
        is_erased=db.session.scalar(trials) is None,
        took_part=db.session.scalar(trials.where(Trial.answered_at.is_not(None))) is not None,
    )


def completion_code(active: ActiveStudy, outcome: Outcome) -> str:
    """The study file's code for an outcome, or one that only this server can make."""
    code = active.study.prolific.codes.get(outcome)
    return code or made_up_code(active.study_digest, outcome)
