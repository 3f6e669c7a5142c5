"""Accuracy on natural stimuli as one number: pooled, and the plain mean over the six bins.

Pooled accuracy counts every trial alike, and so depends on how often people met each bin. The
plain mean gives the six bins the same weight, whoever met what ("on average over 6 controlled
bins", Nguyen et al. 2021, section 3.2).
"""

import pandas as pd

N_BINS = 6


def natural_accuracy(kinds: pd.DataFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """Both accuracies of each condition, in per cent.

    Args:
        kinds: as `accuracy.by_kind` returns them.
        bins: natural stimuli, as `accuracy.by_bin` returns them.

    Returns:
        condition, n_trials, n_right, accuracy_percent (pooled), low_percent, high_percent (95 %
        Wilson interval), n_bins (of the six, those with trials) and bin_mean_percent (mean of the
        pooled accuracies of the six bins; missing where one of them has no trials, since a mean
        over fewer is another number). Trials outside the confidence bands count in the pooled
        accuracy only. Without natural trials there are no rows.
    """
    pooled = kinds[kinds["kind"] == "natural"].drop(columns="kind")
    means = bins.groupby("condition")["accuracy_percent"].agg(["count", "mean"])
    means = means.set_axis(["n_bins", "bin_mean_percent"], axis="columns")
    whole = means["n_bins"] == N_BINS
    means["bin_mean_percent"] = means["bin_mean_percent"].where(whole)
    return pooled.merge(means, left_on="condition", right_index=True).reset_index(drop=True)
