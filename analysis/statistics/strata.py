"""Means over cells of stimuli with fixed weights, for other people and other stimuli of each cell.

A study fixes how many stimuli each cell (such as a bin) has, or practice says how often it occurs.
Other stimuli are then others of the same cells, so that stimuli differ within cells only, and a
heavy cell of few stimuli leaves few degrees of freedom however many the others have.
"""

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.clusters import clusters_of, variance_over
from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import score_interval
from analysis.statistics.shares import MIN_PEOPLE, MIN_STIMULI

TOO_FEW_PEOPLE = f"fewer than {MIN_PEOPLE} people"
TOO_FEW_STIMULI = f"fewer than {MIN_STIMULI} stimuli"
LONELY = "one stimulus only in a cell"
CONSTANT = "every answer is the same"


def weighted_mean(
    trials: pd.DataFrame, weights: pd.Series, fixed: pd.DataFrame | None = None
) -> tuple[Estimate, str]:
    """The weighted mean of the cells' pooled means, and its error over people and stimuli.

    A trial moves it by w (y - mean) / n, with the weight, the mean and the trials of its cell.

    Args:
        trials: participant_id, stimulus_id, cell and value.
        weights: of each cell that has trials, by cell; they need not sum to 1.
        fixed: stimulus_id, cell and value of something that is taken off once for each stimulus, as
            the mean over its stimuli: what the AI alone makes of it. None takes nothing off.

    Returns:
        The estimate, in the unit of the values, and why it has no error; empty where it has one.
    """
    share, cells = weights / weights.sum(), trials["cell"]
    in_cell = trials.groupby("cell")["value"]
    left = cells.map(share) * (trials["value"] - in_cell.transform("mean"))
    influence = (left / in_cell.transform("size")).to_numpy(dtype="float64")
    value = float((share * in_cell.mean()).sum())
    stimuli = trials[["stimulus_id", "cell"]].assign(moved=influence)
    if fixed is not None:
        value -= float(fixed["value"].mean())
        off = fixed.groupby("cell")["value"].transform("mean") - fixed["value"]
        own = fixed[["stimulus_id", "cell"]].assign(moved=off / len(fixed))
        stimuli = pd.concat([stimuli, own], ignore_index=True)
    moved = stimuli.groupby(["cell", "stimulus_id"])["moved"].sum()
    error, df, reason = error_of(trials, influence, moved, share)
    return Estimate(value=value, error=error, df=df), reason


def interval_of_share(estimate: Estimate) -> tuple[float, float]:
    """Wilson's interval with as many trials as the error of a weighted share is worth.

    As `shares.effective_interval`: near 1 it is not symmetric, as the error is not.
    """
    if math.isnan(estimate.error):
        return math.nan, math.nan
    effective = estimate.value * (1 - estimate.value) / estimate.error**2
    return score_interval(estimate.value, effective, df=estimate.df)


def error_of(
    trials: pd.DataFrame, influence: NDArray[np.float64], moved: pd.Series, share: pd.Series
) -> tuple[float, float, str]:
    """Standard error, degrees of freedom, and why there is none.

    The variance is what people share, plus what stimuli share within their cells, less what both
    share (Cameron, Gelbach and Miller 2011, equation 2.12), but not less than the smaller of the
    first two. (Not less than the first, as in `clusters.combined`, is too much where a cell has
    eight stimuli, whose part is mostly noise: where neither people nor stimuli differ much,
    intervals then hold 97.5 % of truths, and 96 to 97 as they are.) The
    degrees of freedom are Satterthwaite's (1946), those of stimuli as if they differed alike in all
    cells, which are too small to tell; at most those of the smaller number of clusters.

    Args:
        trials: participant_id and stimulus_id.
        influence: how far each trial moves the estimate.
        moved: how far each stimulus does, by cell and stimulus_id.
        share: weight of each cell, by cell; they sum to 1.
    """
    clusters = clusters_of(trials)
    in_cell = (moved**2).groupby("cell").agg(["sum", "size"])
    sum_of_squares, size = in_cell["sum"], in_cell["size"]
    for is_missing, reason in (
        (clusters.n_people < MIN_PEOPLE, TOO_FEW_PEOPLE),
        (clusters.n_stimuli < MIN_STIMULI, TOO_FEW_STIMULI),
        (size.min() < 2, LONELY),
    ):
        if is_missing:
            return math.nan, 1.0, reason
    people = variance_over(influence, clusters.person)
    stimuli = float((sum_of_squares * size / (size - 1)).sum())
    meetings = variance_over(influence, clusters.meeting)
    variance = max(people + stimuli - meetings, min(people, stimuli))
    if not variance > 0:
        return math.nan, 1.0, CONSTANT
    parts = share**2 / size
    df_stimuli = float(parts.sum() ** 2 / (parts**2 / (size - 1)).sum())
    doubt = people**2 / (clusters.n_people - 1) + stimuli**2 / df_stimuli
    df = min(variance**2 / doubt, min(clusters.n_people, clusters.n_stimuli) - 1)
    return math.sqrt(variance), df, ""
