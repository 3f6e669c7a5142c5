"""Which participations an export holds."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_

from study_app.enums import Wave
from study_app.models import Participant


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The participations of one export: waves are never pooled.

    Attributes:
        simulated: whether simulated participants are there too, marked as such.
    """

    wave: Wave
    simulated: bool

    @property
    def participants(self) -> ColumnElement[bool]:
        """Of the participants."""
        of_wave = Participant.wave == self.wave
        return of_wave if self.simulated else and_(of_wave, Participant.simulated.is_(False))
