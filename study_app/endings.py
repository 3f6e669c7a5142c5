"""How a session ends for its participant: the words, and the code that Prolific asks for."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import select

from stimuli.study import Outcome
from study_app.database import db
from study_app.models import Identity, Participant, Trial
from study_app.running import RunningStudy
from study_app.tokens import made_up_code

# Who returned a submission or let it time out has no use for a code.
WITH_A_CODE = tuple(o for o in Outcome if o not in (Outcome.RETURNED, Outcome.TIMED_OUT))
PROLIFIC_URL = "https://app.prolific.com/submissions/complete"


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What the last page says.

    Attributes:
        code: None where there is nothing to enter it for.
        prolific_url: where the code counts; None for people who came from elsewhere.
        erased: whether the answers were deleted.
        took_part: whether a picture was judged.
    """

    outcome: Outcome
    code: str | None
    prolific_url: str | None
    erased: bool
    took_part: bool


def ending(running: RunningStudy, person: Participant) -> Ending:
    """The end of a session that is over."""
    outcome = person.outcome or Outcome.ERROR  # no screen is left, yet nothing ended the session
    code = completion_code(running, outcome) if outcome in WITH_A_CODE else None
    came_from_prolific = db.session.scalar(
        select(Identity.participant).where(Identity.participant == person.id)
    )
    url = f"{PROLIFIC_URL}?{urlencode({'cc': code})}" if code and came_from_prolific else None
    trials = select(Trial.id).where(Trial.participant == person.id).limit(1)
    return Ending(
        outcome=outcome,
        code=code,
        prolific_url=url,
        erased=db.session.scalar(trials) is None,
        took_part=db.session.scalar(trials.where(Trial.decision.is_not(None))) is not None,
    )


def completion_code(running: RunningStudy, outcome: Outcome) -> str:
    """The study file's code for an outcome, or one that only this server can make."""
    given = running.study.prolific.codes.get(outcome)
    return given or made_up_code(running.study_digest, outcome)
