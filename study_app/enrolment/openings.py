"""Places of people who have not agreed yet: few at once for whoever comes from one place.

Otherwise one client would take every place of a study within seconds. No address is kept: a place
is a digest with a key that changes every hour, and it is forgotten after a minute.
"""

from sqlalchemy import delete, func, select
from werkzeug.exceptions import TooManyRequests

from study_app.database import db, now
from study_app.enrolment.leases import READING
from study_app.models import Opening, Participant

MOST = 10  # of a household or an institute within a minute; a class needs `[provider] open = true`


def hold_unconsented(participant: Participant, source: str) -> None:
    """Note where somebody comes from who holds a place without having agreed.

    Raises:
        TooManyRequests: if too many from there do.
    """
    db.session.execute(delete(Opening).where(Opening.at <= now() - READING))
    held = (
        select(func.count())
        .select_from(Opening)
        .join(Participant, Participant.id == Opening.participant)
        .where(Opening.source == source)
        .where(Participant.consented_at.is_(None), Participant.outcome.is_(None))
    )
    if db.session.scalars(held).one() >= MOST:
        raise TooManyRequests(retry_after=int(READING.total_seconds()))
    db.session.add(Opening(participant=participant.id, source=source, at=now()))
