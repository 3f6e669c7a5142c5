"""How long people took: for the whole session, and for each decision.

Nobody is left out for being slow or fast, as in the authors' analysis (Nguyen et al. 2021, cells
A#4 and A#11), so medians are reported beside means.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.correlation import MIN_PAIRS, pearson, varies


def per_user(participants: pd.DataFrame, users: pd.DataFrame) -> pd.DataFrame:
    """Each person's session, from Start to the end, with all breaks.

    Args:
        participants: as in the export.
        users: as `accuracy.per_user` returns them.

    Returns:
        participant_id, condition, minutes (missing where a time is) and n_right (of test trials).
    """
    times = participants[["participant_id", "started_at", "finished_at"]]
    sessions = users.merge(times, on="participant_id", how="left")
    duration = sessions["finished_at"] - sessions["started_at"]
    sessions["minutes"] = duration.dt.total_seconds() / 60
    return sessions[["participant_id", "condition", "minutes", "n_right"]]


def per_condition(sessions: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Session times of each condition, and whether those who took longer judged better.

    Args:
        sessions: as `per_user` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, n_participants (with both times), median_minutes, mean_minutes, std_minutes
        (over n - 1), min_minutes, max_minutes, and r, r_low, r_high as `correlation` returns
        them. What cannot be computed from so few people is missing.
    """
    with_times = sessions.dropna(subset=["minutes"])
    rows = []
    for condition in conditions:
        group = with_times[with_times["condition"] == condition]
        minutes = group["minutes"]
        spread = minutes.std(ddof=1) if len(group) > 1 else math.nan
        location = (minutes.median(), minutes.mean(), spread, minutes.min(), minutes.max())
        rows.append((condition, len(group), *location, *correlation(minutes, group["n_right"])))
    measures = [f"{name}_minutes" for name in ("median", "mean", "std", "min", "max")]
    columns = ["condition", "n_participants", *measures, "r", "r_low", "r_high"]
    return pd.DataFrame(rows, columns=columns)


def correlation(x: pd.Series, y: pd.Series) -> tuple[float, float, float]:
    """Pearson's r with its interval, as `correlation.pearson` has them, from two people on.

    All are missing (NaN) for fewer than two people or where all x or all y are equal; the
    interval also for fewer than `correlation.MIN_PAIRS`.
    """
    first, second = (values.to_numpy(dtype="float64") for values in (x, y))
    if not (varies(first) and varies(second)):
        return math.nan, math.nan, math.nan
    if len(first) < MIN_PAIRS:
        return float(np.corrcoef(first, second)[0, 1]), math.nan, math.nan
    return pearson(first, second)


def decisions(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How long a decision took, from the moment when the picture and the question were shown.

    Args:
        trials: as `accuracy.test_trials` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, n_trials (with a time), lower_quartile_s, median_s, upper_quartile_s (pooled
        over trials) and median_of_people_s (the median of the people's medians), in seconds.
    """
    with_times = trials.dropna(subset=["decision_rt_ms"])
    rows = []
    for condition in conditions:
        group = with_times[with_times["condition"] == condition]
        seconds = group["decision_rt_ms"] / 1000
        medians = seconds.groupby(group["participant_id"]).median()
        quartiles = (float(seconds.quantile(share)) for share in (0.25, 0.5, 0.75))
        rows.append((condition, len(group), *quartiles, float(medians.median())))
    columns = ["condition", "n_trials", "lower_quartile_s", "median_s", "upper_quartile_s"]
    return pd.DataFrame(rows, columns=[*columns, "median_of_people_s"])
