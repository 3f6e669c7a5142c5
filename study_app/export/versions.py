"""The versions of the study file that the people of an export met."""

from sqlalchemy import func, select

from study_app.active_study import ActiveStudy, in_version
from study_app.database import db
from study_app.enrolment.recruiting import is_real
from study_app.export.participations import Selection
from study_app.models import Participant


def versions_met(active: ActiveStudy, selection: Selection) -> dict[int, ActiveStudy]:
    """The study in each of them, by number."""
    numbers = select(Participant.version).where(selection.participants).distinct()
    return {number: in_version(active, number) for number in sorted(db.session.scalars(numbers))}


def version_of_wave(active: ActiveStudy, selection: Selection) -> ActiveStudy:
    """The study as the wave's real people met it, who met one version.

    Where none came, as whoever came last; where nobody did, as it is in force.
    """
    newest = select(func.max(Participant.version)).where(selection.participants)
    number = db.session.scalar(newest.where(is_real())) or db.session.scalar(newest)
    return in_version(active, number) if number else active
