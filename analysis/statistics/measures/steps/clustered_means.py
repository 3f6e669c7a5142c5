"""Means, medians and shares of trials, with 95 % intervals for other people and other stimuli.

A study fixes on how many of its stimuli the AI is right. Other stimuli are others in the same mix,
so that errors are those of people and of stimuli within these two groups (`strata.mean_in_cells`).
Who took the mix as drawn would find intervals far too wide wherever much depends on whether the AI
is right, as what its answer changes does.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.clusters import Codes, clusters_of
from analysis.statistics.estimate import Estimate
from analysis.statistics.shares import effective_interval
from analysis.statistics.strata import CONSTANT, Numbers, mean_in_cells

NEEDED = ("participant_id", "stimulus_id", "ai_right")
Ends = tuple[float, float]
NOTHING = (math.nan, math.nan)


def mean_of(trials: pd.DataFrame, column: str) -> tuple[float, Ends]:
    """The mean over trials with its interval.

    Args:
        trials: with participant_id, stimulus_id, ai_right and the column.
        column: of numbers or flags; trials in which it is missing do not count.

    Returns:
        The mean, missing without trials; the ends, missing for fewer than `shares.MIN_PEOPLE`
        people or `shares.MIN_STIMULI` stimuli, and where no trial differs from another.
    """
    known = trials.loc[trials[column].notna(), [*NEEDED, column]]
    if known.empty:
        return math.nan, NOTHING
    estimate, _ = _estimate(known, known[column].to_numpy(dtype="float64"))
    return estimate.value, estimate.interval()


def median_of(trials: pd.DataFrame, column: str) -> tuple[float, Ends]:
    """The median over trials with its interval (Woodruff 1952).

    The share of trials at or below the median has an error; the ends are the quantiles that lie as
    far from one half as its interval reaches.

    Args:
        trials: as `mean_of` takes them.
        column: likewise.
    """
    known = trials.loc[trials[column].notna(), [*NEEDED, column]]
    values = known[column].to_numpy(dtype="float64")
    if not len(values):
        return math.nan, NOTHING
    median = float(np.median(values))
    share, _ = _estimate(known, (values <= median).astype("float64"))
    if math.isnan(share.error):
        return median, NOTHING
    low, high = Estimate(value=0.5, error=share.error, df=share.df).interval()
    ends = np.quantile(values, np.clip([low, high], 0, 1), method="inverted_cdf")
    return median, (float(ends[0]), float(ends[1]))


def share_of(trials: pd.DataFrame, flag: str) -> tuple[float, ...]:
    """How many people, trials, and trials with a flag; their share in per cent with its interval.

    The interval is Wilson's with as many trials as the error is worth, and never more than trials
    would be worth that hang together in no other way than by their group
    (`shares.effective_interval`).

    Args:
        trials: one at least, with participant_id, stimulus_id, ai_right and the flag.
        flag: a column of yes and no, without missing ones.
    """
    values, ends = trials[flag].to_numpy(dtype="float64"), NOTHING
    estimate, reason = _estimate(trials, values)
    if reason in ("", CONSTANT):
        n_clusters = min(clusters_of(trials).sizes)
        ends = effective_interval(estimate, _worth(trials, values), n_clusters=n_clusters)
    numbers = (100 * number for number in (estimate.value, *ends))
    return (*sizes_of(trials), int(values.sum()), *numbers)


def sizes_of(trials: pd.DataFrame) -> tuple[int, int]:
    """How many people there are, and how many trials."""
    return trials["participant_id"].nunique(), len(trials)


def groups_of(
    trials: pd.DataFrame, conditions: Sequence[str], *keys: str
) -> list[tuple[str, tuple[object, ...], pd.DataFrame]]:
    """The groups that have trials: conditions in their order, within them as the trials come.

    Returns:
        The condition, the values of the other keys, and the trials of each.
    """
    groups = []
    for condition in conditions:
        own = trials[trials["condition"] == condition]
        for values, group in own.groupby(list(keys), sort=False, observed=True, dropna=False):
            groups.append((condition, tuple(values), group))
    return groups


def _estimate(trials: pd.DataFrame, values: Numbers) -> tuple[Estimate, str]:
    """The mean, and why it has no error."""
    clusters, cells = clusters_of(trials), _cells(trials)
    return mean_in_cells(values, cells, clusters, np.bincount(cells) / len(cells))


def _cells(trials: pd.DataFrame) -> Codes:
    """Whether the AI is right, numbered; a group with a single stimulus joins the other one."""
    cells, _ = pd.factorize(trials["ai_right"].to_numpy(dtype="int64"))
    n_stimuli = trials["stimulus_id"].groupby(cells).nunique()
    return cells if n_stimuli.min() > 1 else np.zeros_like(cells)


def _worth(trials: pd.DataFrame, values: Numbers) -> float:
    """As many trials of one group tell a share as surely as these do of both, if all are apart."""
    within = values - pd.Series(values).groupby(_cells(trials)).transform("mean").to_numpy()
    varies = float((within**2).mean())
    return len(values) * float(values.var()) / varies if varies else float(len(values))
