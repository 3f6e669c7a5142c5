"""Which waves there are to look at: the one that recruits, and those that somebody came in."""

from sqlalchemy import case, func, select

from study_app.database import db
from study_app.enums import Wave
from study_app.models import Participant


def waves(recruiting_for: Wave) -> dict[Wave, int]:
    """How many real people got a condition in each, in the order of `Wave`.

    A wave of simulated people alone is there too, with 0.
    """
    has_begun = Participant.simulated.is_(False) & Participant.condition.is_not(None)
    real = func.count(case((has_begun, 1)))
    query = select(Participant.wave, real).group_by(Participant.wave)
    started = dict(db.session.execute(query).all())
    return {w: started.get(w, 0) for w in Wave if w in started or w is recruiting_for}
