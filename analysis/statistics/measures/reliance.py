"""Reliance: whether people tell right AI answers from wrong ones, and how readily they accept.

Signal detection: an answer is a signal where the AI is right, and accepting it is saying yes
(Macmillan and Creelman 2005, chapters 1 and 2). Nguyen et al. 2021 report acceptance rates only.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.statistics.intervals import t_interval

MEASURES = ("hit_rate", "over_reliance", "under_reliance", "d_prime", "criterion")


def per_user(trials: pd.DataFrame) -> pd.DataFrame:
    """Each person's reliance, over the natural test trials they answered.

    H and F count a half in each cell, (k + 0.5) / (n + 1) (Hautus 1995), so nobody is infinite.

    Args:
        trials: as `accuracy.test_trials` returns them; those without a decision do not count.

    Returns:
        participant_id, condition, n_ai_right, n_ai_wrong, hit_rate (H, accepted where the AI is
        right, 0 to 1), over_reliance (F, accepted where it is wrong), under_reliance (1 - H),
        d_prime (z(H) - z(F)) and criterion (-(z(H) + z(F)) / 2; below 0: accepts readily). A
        person who saw no right or no wrong answer has no row.
    """
    natural = trials[(trials["kind"] == "natural") & trials["decision"].notna()]
    accepted = natural.assign(accepted=natural["decision"] == "accept")
    keys = ["participant_id", "condition", "ai_right"]
    counts = accepted.groupby(keys, observed=True)["accepted"].agg(["sum", "size"])
    counts = pd.DataFrame(counts.unstack("ai_right")).reindex(
        columns=pd.MultiIndex.from_product([["sum", "size"], [True, False]])
    )
    n, rates = counts["size"], (counts["sum"] + 0.5) / (counts["size"] + 1)
    hits, false_alarms = ndtri(rates[True]), ndtri(rates[False])
    users = pd.DataFrame(
        {
            "n_ai_right": n[True],
            "n_ai_wrong": n[False],
            "hit_rate": rates[True],
            "over_reliance": rates[False],
            "under_reliance": 1 - rates[True],
            "d_prime": hits - false_alarms,
            "criterion": -(hits + false_alarms) / 2,
        }
    ).dropna()
    users = users.astype({"n_ai_right": "int64", "n_ai_wrong": "int64"}).reset_index()
    return users.sort_values(["condition", "participant_id"], ignore_index=True)


def per_condition(users: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Mean and spread of every measure over the people of a condition.

    Args:
        users: as `per_user` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, measure (of `MEASURES`), n_participants, mean, std (over n - 1), low, high
        (95 % t interval of the mean). What cannot be computed from so few people is missing.
    """
    rows = []
    for condition in conditions:
        group = users[users["condition"] == condition]
        for measure in MEASURES:
            values = group[measure]
            std = values.std(ddof=1) if len(values) > 1 else np.nan
            rows.append((condition, measure, len(group), values.mean(), std, *t_interval(values)))
    columns = ["condition", "measure", "n_participants", "mean", "std", "low", "high"]
    return pd.DataFrame(rows, columns=columns)
