"""Team accuracy: accepted a right AI answer, or rejected a wrong one. All shares in per cent.

Accuracy is averaged over people where people are compared, and pooled over trials (sum right /
sum trials, never averaged per image or per person) where bins are (Nguyen et al. 2021, sections
3.1 and 3.2).
"""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.export.columns import BINS
from analysis.statistics.intervals import t_interval, wilson_percent
from analysis.statistics.sample.exclusions import ANALYSED
from analysis.statistics.sample.kinds import KINDS, POOLED


def test_trials(responses: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    """The rows that everything is computed from: answered test trials of analysed people.

    Args:
        responses: as in the export.
        participants: as `exclusions.dispositions` returns them.

    Returns:
        Rows of `responses`, all columns.
    """
    analysed = participants.loc[participants["step"] == ANALYSED, "participant_id"]
    is_test_answer = responses["team_right"].notna() & (responses["phase"] == "test")
    rows = responses[is_test_answer & responses["participant_id"].isin(analysed)]
    return rows.sort_values(["participant_id", "trial_index"], ignore_index=True)


def per_user(trials: pd.DataFrame) -> pd.DataFrame:
    """Each person's accuracy over all of their answered test trials, natural and adversarial.

    Returns:
        participant_id, condition, n_trials, n_right, accuracy_percent.
    """
    users = _pooled(trials, ["participant_id", "condition"])
    users["accuracy_percent"] = 100 * users["n_right"] / users["n_trials"]
    return users.sort_values(["condition", "participant_id"], ignore_index=True)


def per_condition(users: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Mean and spread of the people's accuracy (Table 1 of the paper; std over n - 1).

    Args:
        users: as `per_user` returns them.
        conditions: a row for each, in this order.

    Returns:
        condition, n_participants, mean_percent, std_percent, low_percent, high_percent (95 % t
        interval of the mean). What cannot be computed from so few people is missing.
    """
    rows = []
    for condition in conditions:
        accuracy = users.loc[users["condition"] == condition, "accuracy_percent"]
        mean = float(accuracy.mean()) if len(accuracy) else math.nan
        std = float(accuracy.std(ddof=1)) if len(accuracy) > 1 else math.nan
        rows.append((condition, len(accuracy), mean, std, *t_interval(accuracy)))
    columns = ["condition", "n_participants", "mean_percent", "std_percent"]
    return pd.DataFrame(rows, columns=[*columns, "low_percent", "high_percent"])


def by_bin(trials: pd.DataFrame, conditions: Sequence[str], *, kind: str) -> pd.DataFrame:
    """Pooled accuracy in each bin, where the AI is right and where it is wrong.

    Args:
        trials: as `test_trials` returns them.
        conditions: in the order in which they are reported.
        kind: "natural" or "adversarial"; the paper keeps them apart.

    Returns:
        condition, ai_right, bin, n_trials, n_right, accuracy_percent, low_percent, high_percent
        (95 % Wilson interval): six rows for each condition, with n_trials 0 where nobody saw
        such a stimulus. Trials outside the confidence bands are in no row.
    """
    binned = trials[(trials["kind"] == kind) & trials["bin"].notna()]
    keys = ["condition", "ai_right", "bin"]
    grid = pd.MultiIndex.from_product([conditions, [True, False], BINS], names=keys)
    return _shares(_on_grid(_pooled(binned, keys), grid), "n_right", "accuracy_percent")


def by_kind(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Pooled accuracy over the stimuli of each kind (Table 1 of the paper has two).

    Args:
        trials: `Analysed.answered`, of all kinds.

    Returns:
        condition, kind, n_trials, n_right, accuracy_percent, low_percent, high_percent (95 %
        Wilson interval); natural and adversarial stimuli have a row for each condition where
        anybody saw some, other kinds only where people of the condition did.
    """
    keys = ["condition", "kind"]
    grid = pd.MultiIndex.from_product([conditions, KINDS], names=keys)
    counts = _on_grid(_pooled(trials, keys), grid)
    anywhere = counts["kind"].isin(POOLED) & counts["kind"].isin(trials["kind"])
    counts = counts[anywhere | (counts["n_trials"] > 0)].reset_index(drop=True)
    return _shares(counts, "n_right", "accuracy_percent")


def acceptance(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How often people accept the AI's answer on natural stimuli, when it is right and wrong.

    Returns:
        condition, ai_right (missing in the row of both together, which is what the authors'
        analysis has, cell A#10), n_trials, n_accepted, accepted_percent, low_percent,
        high_percent (95 % Wilson interval).
    """
    natural = trials[trials["kind"] == "natural"]
    natural = natural.assign(accepted=natural["decision"] == "accept")
    keys = ["condition", "ai_right"]
    grid = pd.MultiIndex.from_product([conditions, [True, False]], names=keys)
    counts = natural.groupby(keys, observed=True)["accepted"].agg(["size", "sum"])
    counts = counts.set_axis(["n_trials", "n_accepted"], axis="columns").reset_index()
    apart = _on_grid(counts, grid).astype({"ai_right": "boolean"})
    both = apart.groupby("condition", sort=False)[["n_trials", "n_accepted"]].sum().reset_index()
    rows = pd.concat([apart, both]).set_index("condition").loc[list(conditions)].reset_index()
    return _shares(rows, "n_accepted", "accepted_percent")


def _pooled(trials: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    right = trials.assign(team_right=trials["team_right"].astype("int64"))
    counts = right.groupby(keys, observed=True)["team_right"].agg(["size", "sum"])
    return counts.set_axis(["n_trials", "n_right"], axis="columns").reset_index()


def _on_grid(counts: pd.DataFrame, grid: pd.MultiIndex) -> pd.DataFrame:
    full = counts.set_index(list(grid.names)).reindex(grid, fill_value=0)
    return full.astype("int64").reset_index()


def _shares(counts: pd.DataFrame, successes: str, share: str) -> pd.DataFrame:
    low, high = wilson_percent(counts[successes], counts["n_trials"])
    counts[share] = 100 * counts[successes] / counts["n_trials"].where(counts["n_trials"] > 0)
    return counts.assign(low_percent=low, high_percent=high)
