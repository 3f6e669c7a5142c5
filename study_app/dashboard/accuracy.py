"""How well people judge in the test phase: what the experimenter should not know while it runs."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import and_

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.decisions import decision_scores
from study_app.enrolment.quota import in_wave
from study_app.enums import Wave
from study_app.models import Participant


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """The qualified people of one condition.

    Attributes:
        mean: of the people's shares of right decisions, from 0 to 1.
    """

    participants: int
    mean: float


def accuracy(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, Accuracy]:
    """Of the conditions that have qualified people."""
    participants = and_(Participant.qualified.is_(True), in_wave(wave, simulated=simulated))
    shares = defaultdict[str, list[float]](list)
    for score in decision_scores(active, Phase.TEST, participants).values():
        shares[score.condition].append(score.n_right / score.n_decided)
    return {
        condition: Accuracy(participants=len(of_condition), mean=fmean(of_condition))
        for condition, of_condition in shares.items()
    }
