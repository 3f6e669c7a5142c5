"""Table 1 of Nguyen et al. 2021 in its shape: who judged, how well in validation and by kind."""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.statistics.measures import accuracy
from analysis.statistics.sample.exclusions import ANALYSED

KINDS = ("natural", "adversarial")


def table_one(
    people: pd.DataFrame, trials: pd.DataFrame, users: pd.DataFrame, conditions: Sequence[str]
) -> pd.DataFrame:
    """A row for each condition; accuracy by kind is pooled over trials, the rest is per person.

    Args:
        people: as `exclusions.dispositions` returns them.
        trials: as `accuracy.test_trials` returns them.
        users: as `accuracy.per_user` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, n_participants, mean_validation_right (of the people analysed), n_validation
        (validation trials of a person: the most that any of them answered), natural_percent,
        natural_right, natural_trials, the same for adversarial, mean_percent and std_percent of
        the per-user accuracy (over n - 1). What has no people or no trials is missing.
    """
    summary = accuracy.per_condition(users, conditions).set_index("condition")
    rows = []
    for condition in conditions:
        own = people[(people["step"] == ANALYSED) & (people["condition"] == condition)]
        seen = trials[trials["condition"] == condition]
        per_user = summary.loc[condition, ["mean_percent", "std_percent"]]
        kinds = [value for kind in KINDS for value in _pooled(seen[seen["kind"] == kind])]
        rows.append((condition, len(own), *_validation(own), *kinds, *per_user))
    columns = [f"{kind}_{name}" for kind in KINDS for name in ("percent", "right", "trials")]
    table = pd.DataFrame(
        rows,
        columns=[
            "condition",
            "n_participants",
            "mean_validation_right",
            "n_validation",
            *columns,
            "mean_percent",
            "std_percent",
        ],
    )
    counts = ["n_validation", *(name for name in columns if not name.endswith("percent"))]
    return table.astype(dict.fromkeys(counts, "Int64"))


def _validation(people: pd.DataFrame) -> tuple[float, object]:
    n = int(people["n_validation"].max()) if len(people) else 0
    if n == 0:
        return math.nan, pd.NA
    return float(people["validation_right"].mean()), n


def _pooled(trials: pd.DataFrame) -> tuple[float, object, object]:
    if trials.empty:
        return math.nan, pd.NA, pd.NA
    n_right = int(trials["team_right"].sum())
    return 100 * n_right / len(trials), n_right, len(trials)
