"""Shares of trials with 95 % intervals that hold though trials go together.

Wilson's interval takes trials as independent. Where people differ, or stimuli do, so many trials
say less: as many as would have the variance that the clusters show. Wilson's interval with that
effective number of trials, and Student's t in place of the normal quantile, is what survey
sampling uses (Korn and Graubard 1998; compared with others by Franco et al. 2019).
"""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.statistics import clusters as clustered
from analysis.statistics.clusters import clusters_of, combined
from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import score_interval

MIN_PEOPLE = 20  # with fewer, no clustered error is reported (Cameron and Miller 2015, section VI)
MIN_STIMULI = 30
TOO_FEW = "too few"  # what tables show in place of an interval
COUNTS = ["n_participants", "n_trials", "n_true"]
ENDS = ["low_percent", "high_percent"]


def over_people(trials: pd.DataFrame, keys: Sequence[str], flag: str) -> pd.DataFrame:
    """Pooled share of trials in which a flag is true, group by group, for other people.

    Args:
        trials: with participant_id, the keys and the flag.
        keys: columns of which each combination is a group.
        flag: a column of yes and no, without missing ones.

    Returns:
        The keys, n_participants, n_trials, n_true, percent, low_percent and high_percent (95 %,
        clustered by participant; missing for fewer than `MIN_PEOPLE`). Only groups with trials.
    """
    flags = trials[[*keys, "participant_id"]].assign(flag=trials[flag].astype("int64"))
    by_person = flags.groupby([*keys, "participant_id"], observed=True)["flag"]
    people = by_person.agg(["size", "sum"]).reset_index()
    rows = [
        (*_tuple(name), *_of_people(group["sum"], group["size"]))
        for name, group in people.groupby(list(keys), observed=True)
    ]
    return pd.DataFrame(rows, columns=[*keys, *COUNTS, "percent", *ENDS])


def over_people_and_stimuli(trials: pd.DataFrame, keys: Sequence[str], flag: str) -> pd.DataFrame:
    """The same for other people and other stimuli; also missing for fewer than `MIN_STIMULI`."""
    rows = []
    needed = trials[[*keys, "participant_id", "stimulus_id", flag]]
    for name, group in needed.groupby(list(keys), observed=True):
        clusters, values = clusters_of(group), group[flag].to_numpy(dtype="float64")
        share, n = float(values.mean()), len(values)
        counts, ends = (clusters.n_people, n, int(values.sum())), (math.nan, math.nan)
        if clusters.n_people >= MIN_PEOPLE and clusters.n_stimuli >= MIN_STIMULI:
            influence = (values - share) / n
            estimate = clustered.over_people_and_stimuli(share, influence, clusters)
            ends = effective_interval(estimate, n, n_clusters=min(clusters.sizes))
        rows.append((*_tuple(name), *counts, *(100 * x for x in (share, *ends))))
    return pd.DataFrame(rows, columns=[*keys, *COUNTS, "percent", *ENDS])


def on_grid(rows: pd.DataFrame, grid: pd.Index) -> pd.DataFrame:
    """A row for each entry of the grid, in its order; counts are 0 where there are no trials."""
    full = rows.set_index(list(grid.names)).reindex(grid)
    counts = dict.fromkeys(full.columns[full.columns.str.startswith("n_")], 0)
    return full.fillna(counts).astype(dict.fromkeys(counts, "int64")).reset_index()


def effective_interval(estimate: Estimate, n: float, *, n_clusters: int) -> tuple[float, float]:
    """Wilson's interval of a share with the number of trials that its error is worth.

    Never more than there are trials; where no cluster differs from another, so that there is no
    error, as many as there are clusters.

    Args:
        estimate: of a share, 0 to 1.
        n: trials.
        n_clusters: the smaller number of people and stimuli, as far as they count.
    """
    share = estimate.value
    if not estimate.error > 0:
        return score_interval(share, n_clusters, df=n_clusters - 1)
    effective = share * (1 - share) / estimate.error**2
    return score_interval(share, min(effective, n), df=estimate.df)


def _of_people(n_true: pd.Series, n: pd.Series) -> tuple[float, ...]:
    people, total = len(n), int(n.sum())
    share = int(n_true.sum()) / total
    counts = (people, total, int(n_true.sum()))
    if people < MIN_PEOPLE:
        return (*counts, 100 * share, math.nan, math.nan)
    left = (n_true - share * n).to_numpy(dtype="float64") / total
    variance = float(left @ left) * people / (people - 1)
    estimate = combined(share, people=variance, stimuli=0, sizes=(people, people))
    low, high = effective_interval(estimate, total, n_clusters=people)
    return (*counts, 100 * share, 100 * low, 100 * high)


def _tuple(name: object) -> tuple[object, ...]:
    return name if isinstance(name, tuple) else (name,)
