"""Standard errors where trials go together: those of one person, and those of one stimulus.

An estimate's influence is how far each trial moves it, so that the influences of all trials sum to
0 and the sum over the trials of a cluster is how far that cluster moves it. The variance over
people holds for other people who judge these stimuli; that over people and stimuli for other
stimuli of the sort too (Cameron, Gelbach and Miller 2011).
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.estimate import Estimate

Codes = NDArray[np.int64]
Influence = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Clusters:
    """Whose each trial is, and of which stimulus; each numbered from 0 without a gap.

    Attributes:
        person: of shape (trials,).
        stimulus: of shape (trials,).
        meeting: of a person with a stimulus, of shape (trials,).
    """

    person: Codes
    stimulus: Codes
    meeting: Codes

    @property
    def sizes(self) -> tuple[int, int]:
        """How many people and how many stimuli there are."""
        return self.n_people, self.n_stimuli

    @property
    def n_people(self) -> int:
        """How many people there are."""
        return int(self.person.max(initial=-1)) + 1

    @property
    def n_stimuli(self) -> int:
        """How many stimuli there are."""
        return int(self.stimulus.max(initial=-1)) + 1


def clusters_of(trials: pd.DataFrame) -> Clusters:
    """The clusters of trials with participant_id and stimulus_id."""
    person, stimulus = (
        pd.factorize(trials[name])[0].astype("int64") for name in ("participant_id", "stimulus_id")
    )
    both = person * (stimulus.max(initial=0) + 1) + stimulus
    return Clusters(person=person, stimulus=stimulus, meeting=pd.factorize(both)[0])


def variance_over(influence: Influence, codes: Codes) -> float:
    """G / (G - 1) times the sum over the G clusters of the squared sum of their influences.

    (Liang and Zeger 1986, with the usual factor for few clusters.) NaN for fewer than two clusters.
    """
    sums = np.bincount(codes, weights=influence)
    return float(sums @ sums) * len(sums) / (len(sums) - 1) if len(sums) > 1 else np.nan


def over_people_and_stimuli(value: float, influence: Influence, clusters: Clusters) -> Estimate:
    """An estimate with its error over other people and other stimuli.

    What people share, plus what stimuli share, less what both share (Cameron, Gelbach and Miller
    2011, equation 2.12).
    """
    stimuli = variance_over(influence, clusters.stimulus)
    return combined(
        value,
        people=variance_over(influence, clusters.person),
        stimuli=stimuli - variance_over(influence, clusters.meeting),
        sizes=clusters.sizes,
    )


def combined(value: float, *, people: float, stimuli: float, sizes: tuple[int, int]) -> Estimate:
    """An estimate with the sum of two variances and Satterthwaite's (1946) degrees of freedom.

    Args:
        value: the estimate.
        people: what people share.
        stimuli: what stimuli share, less what both share. Where stimuli do not matter it is noise
            around 0, and below 0 it counts as 0.
        sizes: how many people and how many stimuli.
    """
    own = max(stimuli, 0.0)
    variance = people + own
    if not variance > 0:
        return Estimate(value=value, error=math.nan, df=1)
    parts = [part**2 / (n - 1) for part, n in zip((people, own), sizes, strict=True) if part > 0]
    return Estimate(value=value, error=math.sqrt(variance), df=variance**2 / sum(parts))
