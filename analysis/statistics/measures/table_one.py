"""Table 1 of Nguyen et al. 2021 in its shape: who judged, how well in validation and by kind."""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.statistics.measures import accuracy
from analysis.statistics.sample.exclusions import ANALYSED

KINDS = ("natural", "adversarial")


def table_one(
    participants: pd.DataFrame, trials: pd.DataFrame, users: pd.DataFrame, conditions: Sequence[str]
) -> pd.DataFrame:
    """A row for each condition; accuracy by kind is pooled over trials, the rest is per person.

    Args:
        participants: as `exclusions.dispositions` returns them.
        trials: as `accuracy.test_trials` returns them.
        users: as `accuracy.per_user` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, n_participants, mean_validation_right (of the people analysed), n_validation
        (validation trials of a person: the most that any of them answered), natural_percent,
        natural_right, natural_trials, the same for adversarial, mean_percent and std_percent of
        the per-user accuracy (over n - 1). What has no people or no trials is missing.
    """
    analysed = participants[participants["step"] == ANALYSED]
    summary = accuracy.per_condition(users, conditions).set_index("condition")
    rows = []
    for condition in conditions:
        group = analysed[analysed["condition"] == condition]
        row: list[object] = [condition, len(group)]
        n_validation = int(group["n_validation"].max()) if len(group) else 0
        mean = float(group["validation_right"].mean()) if n_validation else math.nan
        row += [mean, n_validation or pd.NA]
        for kind in KINDS:
            in_cell = (trials["condition"] == condition) & (trials["kind"] == kind)
            n, n_right = int(in_cell.sum()), int(trials.loc[in_cell, "team_right"].sum())
            row += [100 * n_right / n, n_right, n] if n else [math.nan, pd.NA, pd.NA]
        rows.append([*row, *summary.loc[condition, ["mean_percent", "std_percent"]]])
    columns = [f"{kind}_{name}" for kind in KINDS for name in ("percent", "right", "trials")]
    per_person = ["condition", "n_participants", "mean_validation_right", "n_validation"]
    table = pd.DataFrame(rows, columns=[*per_person, *columns, "mean_percent", "std_percent"])
    counts = ["n_validation", *(name for name in columns if not name.endswith("percent"))]
    return table.astype(dict.fromkeys(counts, "Int64"))
