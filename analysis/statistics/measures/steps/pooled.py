"""Shares and means of trials with both intervals: for these stimuli, and for others of the sort."""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.statistics import clusters as clustered
from analysis.statistics import shares
from analysis.statistics.clusters import clusters_of, combined, variance_over
from analysis.statistics.estimate import Estimate
from analysis.statistics.shares import MIN_PEOPLE, MIN_STIMULI

ENDS = ("people_low", "people_high", "low", "high")


def both_intervals(trials: pd.DataFrame, keys: Sequence[str], flag: str) -> pd.DataFrame:
    """Pooled shares of trials in which a flag is true, group by group.

    A share of trials of which not everybody has equally many, or any, is a ratio of two sums; its
    influences are those of `shares`.

    Args:
        trials: with participant_id, stimulus_id, the keys and the flag.
        keys: columns of which each combination is a group.
        flag: a column of yes and no, without missing ones.

    Returns:
        The keys, n_participants, n_trials, n_true, percent, people_low_percent and
        people_high_percent (95 %, other people and these stimuli; `shares.over_people`),
        low_percent and high_percent (other stimuli too; `shares.over_people_and_stimuli`).
    """
    people = shares.over_people(trials, keys, flag)
    people = people.rename(columns={end: f"people_{end}" for end in shares.ENDS})
    both = shares.over_people_and_stimuli(trials, keys, flag)
    return people.merge(both[[*keys, *shares.ENDS]], on=list(keys))


def mean_with_intervals(trials: pd.DataFrame, value: str) -> tuple[float, ...]:
    """The mean over trials, and the ends of both intervals, missing for too few.

    Args:
        trials: with participant_id, stimulus_id and the value.
        value: a number for each trial.

    Returns:
        The mean, then `ENDS`.
    """
    if trials.empty:
        return (math.nan,) * 5
    values = trials[value].to_numpy(dtype="float64")
    mean = float(values.mean())
    influence, clusters = (values - mean) / len(values), clusters_of(trials)
    n_people, n_stimuli = clusters.sizes
    unknown = Estimate(value=mean, error=math.nan, df=1)
    people = both = unknown
    if n_people >= MIN_PEOPLE:
        over_people = variance_over(influence, clusters.person)
        people = combined(mean, people=over_people, stimuli=0, sizes=(n_people, n_people))
        if n_stimuli >= MIN_STIMULI:
            both = clustered.over_people_and_stimuli(mean, influence, clusters)
    return (mean, *people.interval(), *both.interval())
