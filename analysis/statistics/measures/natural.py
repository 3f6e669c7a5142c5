"""Accuracy on natural stimuli as one number: pooled, and the plain mean over the six bins.

Pooled accuracy counts every trial alike, and so depends on how often people met each bin. The
plain mean gives the six bins the same weight, whoever met what ("on average over 6 controlled
bins", Nguyen et al. 2021, section 3.2).
"""

import pandas as pd

from analysis.statistics.measures.accuracy import RIGHT
from analysis.statistics.shares import on_grid, over_people_and_stimuli

N_BINS = 6


def natural_accuracy(trials: pd.DataFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """Both accuracies of each condition, in per cent.

    Args:
        trials: as `accuracy.test_trials` returns them.
        bins: natural stimuli, as `accuracy.by_bin` returns them.

    Returns:
        condition, n_participants, n_trials, n_right, accuracy_percent (pooled), low_percent,
        high_percent (95 %, as `shares.over_people_and_stimuli` has it), n_bins (of the six, those
        with trials) and bin_mean_percent (mean of the pooled accuracies of the six bins; missing
        where one of them has no trials, since a mean over fewer is another number). Trials outside
        the confidence bands count in the pooled accuracy only. Without natural trials there are no
        rows.
    """
    natural = trials[trials["kind"] == "natural"]
    if natural.empty:
        bins = bins.iloc[:0]
    means = bins.groupby("condition", sort=False)["accuracy_percent"].agg(["count", "mean"])
    means = means.set_axis(["n_bins", "bin_mean_percent"], axis="columns")
    whole = means["n_bins"] == N_BINS
    means["bin_mean_percent"] = means["bin_mean_percent"].where(whole)
    pooled = over_people_and_stimuli(natural, ["condition"], "team_right").rename(columns=RIGHT)
    pooled = on_grid(pooled, means.index)
    return pooled.merge(means, left_on="condition", right_index=True)
