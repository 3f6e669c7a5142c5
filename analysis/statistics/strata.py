"""Means over cells of stimuli with fixed weights, for other people and other stimuli of each cell.

A study fixes how many stimuli each cell (such as a bin) has, or practice says how often it occurs.
Other stimuli are then others of the same cells, so that stimuli differ within cells only, and a
heavy cell of few stimuli leaves few degrees of freedom however many the others have.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.clusters import Clusters, Codes, clusters_of, variance_over
from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import score_interval
from analysis.statistics.shares import MIN_PEOPLE, MIN_STIMULI

TOO_FEW_PEOPLE = f"fewer than {MIN_PEOPLE} people"
TOO_FEW_STIMULI = f"fewer than {MIN_STIMULI} stimuli"
LONELY = "one stimulus only in a cell"
CONSTANT = "every answer is the same"

Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Moves:
    """How far stimuli move an estimate, a stimulus once or more often.

    Attributes:
        stimulus: its number, of shape (moves,).
        cell: the number of its cell, from 0 without a gap, likewise.
        moved: how far, likewise.
    """

    stimulus: Codes
    cell: Codes
    moved: Numbers

    @property
    def in_cells(self) -> tuple[Numbers, Codes]:
        """The squares of how far each stimulus of a cell moves it, summed, and their number."""
        n_ids = int(self.stimulus.max(initial=0)) + 1
        pairs, pair = np.unique(self.cell * n_ids + self.stimulus, return_inverse=True)
        moved, cell = np.bincount(pair, weights=self.moved), pairs // n_ids
        squares = np.bincount(cell, weights=moved**2)
        return np.asarray(squares, dtype="float64"), np.bincount(cell)


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
    cells, names = pd.factorize(trials["cell"])
    share = (weights / weights.sum()).reindex(names).to_numpy(dtype="float64")
    clusters, values = clusters_of(trials), trials["value"].to_numpy(dtype="float64")
    if fixed is None:
        return mean_in_cells(values, cells, clusters, share)
    influence, means = influence_of(values, cells, share)
    value = float(share @ means) - float(fixed["value"].mean())
    stimuli = trials[["stimulus_id", "cell"]].assign(moved=influence)
    off = fixed.groupby("cell")["value"].transform("mean") - fixed["value"]
    own = fixed[["stimulus_id", "cell"]].assign(moved=off / len(fixed))
    both = pd.concat([stimuli, own], ignore_index=True)
    all_cells, names = pd.factorize(both["cell"])
    moves = Moves(
        stimulus=pd.factorize(both["stimulus_id"])[0],
        cell=all_cells,
        moved=both["moved"].to_numpy(dtype="float64"),
    )
    of_all = weights.reindex(names, fill_value=0).to_numpy(dtype="float64")
    error, df, reason = error_of(clusters, influence, moves, of_all)
    return Estimate(value=value, error=error, df=df), reason


def mean_in_cells(
    values: Numbers, cells: Codes, clusters: Clusters, share: Numbers
) -> tuple[Estimate, str]:
    """The same without anything that is taken off.

    Args:
        values: of shape (trials,).
        cells: of each trial, numbered from 0 without a gap.
        clusters: whose each trial is, and of which stimulus.
        share: weight of each cell, of shape (cells,); they sum to 1.
    """
    influence, means = influence_of(values, cells, share)
    moves = Moves(stimulus=clusters.stimulus, cell=cells, moved=influence)
    error, df, reason = error_of(clusters, influence, moves, share)
    return Estimate(value=float(share @ means), error=error, df=df), reason


def influence_of(values: Numbers, cells: Codes, share: Numbers) -> tuple[Numbers, Numbers]:
    """How far each trial moves the weighted mean, and the mean of each cell."""
    n = np.bincount(cells)
    means = np.bincount(cells, weights=values) / n
    return (share / n)[cells] * (values - means[cells]), means


def interval_of_share(estimate: Estimate) -> tuple[float, float]:
    """Wilson's interval with as many trials as the error of a weighted share is worth.

    As `shares.effective_interval`: near 1 it is not symmetric, as the error is not.
    """
    if math.isnan(estimate.error):
        return math.nan, math.nan
    effective = estimate.value * (1 - estimate.value) / estimate.error**2
    return score_interval(estimate.value, effective, df=estimate.df)


def error_of(
    clusters: Clusters, influence: Numbers, moves: Moves, weights: Numbers
) -> tuple[float, float, str]:
    """Standard error, degrees of freedom, and why there is none.

    The variance is what people share, plus what stimuli share within their cells, less what both
    share (Cameron, Gelbach and Miller 2011, equation 2.12), but not less than the smaller of the
    first two. (Not less than the first, as in `clusters.combined`, is too much where the part of a
    cell's eight stimuli is mostly noise: intervals then hold 97.5 % of truths.) The degrees of
    freedom are Satterthwaite's (1946), those of stimuli as if they differed alike in all cells,
    which are too small to tell; at most those of the smaller number of clusters, and at least the
    lesser of people's and of stimuli's, since a sum of two variances has no fewer. (Where chance
    makes the variance small, it makes their estimate small too: without that end 97 to 98 %.)

    Args:
        clusters: of the trials.
        influence: how far each trial moves the estimate.
        moves: how far stimuli do.
        weights: of each cell that has moves.
    """
    sum_of_squares, size = moves.in_cells
    for is_missing, reason in (
        (clusters.n_people < MIN_PEOPLE, TOO_FEW_PEOPLE),
        (clusters.n_stimuli < MIN_STIMULI, TOO_FEW_STIMULI),
        (size.min() < 2, LONELY),
    ):
        if is_missing:
            return math.nan, 1.0, reason
    people = variance_over(influence, clusters.person)
    of_stimuli = float((sum_of_squares * size / (size - 1)).sum())
    meetings = variance_over(influence, clusters.meeting)
    variance = max(people + of_stimuli - meetings, min(people, of_stimuli))
    if not variance > 0:
        return math.nan, 1.0, CONSTANT
    parts = weights**2 / size
    df_stimuli = float(parts.sum() ** 2 / (parts**2 / (size - 1)).sum())
    df_people = clusters.n_people - 1
    df = variance**2 / (people**2 / df_people + of_stimuli**2 / df_stimuli)
    least, most = min(df_people, df_stimuli), min(df_people, clusters.n_stimuli - 1)
    return math.sqrt(variance), min(max(df, least), most), ""
