"""Team accuracy: accepted a right AI answer, or rejected a wrong one. All shares in per cent.

Accuracy is averaged over people where people are compared, and pooled over trials (sum right /
sum trials, never averaged per image or per person) where bins are (Nguyen et al. 2021, sections
3.1 and 3.2).
"""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.export.columns import BINS
from analysis.statistics import shares
from analysis.statistics.intervals import t_interval
from analysis.statistics.sample.exclusions import ANALYSED
from analysis.statistics.sample.kinds import KINDS, POOLED

RIGHT = {"n_true": "n_right", "percent": "accuracy_percent"}
ACCEPTED = {"n_true": "n_accepted", "percent": "accepted_percent"}

UNREAD = (  # no statistic reads them, and a million answers take their room several times
    *("image_sha256", "simulated", "shown_at", "answered_at", "seen_rt_ms", "card_rt_ms"),
    *("away_ms", "away_count", "card_shown", "card_opened_ms", "enlarged_ms"),
)


def test_trials(responses: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    """The rows that everything is computed from: answered test trials of analysed people.

    Args:
        responses: as in the export.
        participants: as `exclusions.dispositions` returns them.

    Returns:
        Rows of `responses`, without the columns that no statistic reads.
    """
    analysed = participants.loc[participants["step"] == ANALYSED, "participant_id"]
    is_test_answer = responses["team_right"].notna() & (responses["phase"] == "test")
    keys = ["participant_id", "trial_index"]
    rows = responses.loc[is_test_answer & responses["participant_id"].isin(analysed), keys]
    read = [column for column in responses if column not in UNREAD]
    return responses.loc[rows.sort_values(keys).index, read].reset_index(drop=True)


def per_user(trials: pd.DataFrame) -> pd.DataFrame:
    """Each person's accuracy over all of their answered test trials, natural and adversarial.

    Returns:
        participant_id, condition, n_trials, n_right, accuracy_percent.
    """
    right = trials.assign(team_right=trials["team_right"].astype("int64"))
    groups = right.groupby(["participant_id", "condition"], observed=True)["team_right"]
    users = groups.agg(["size", "sum"]).set_axis(["n_trials", "n_right"], axis="columns")
    users = users.assign(accuracy_percent=100 * users["n_right"] / users["n_trials"]).reset_index()
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
        condition, ai_right, bin, n_participants, n_trials, n_right, accuracy_percent, low_percent,
        high_percent (95 %, as `shares.over_people` has it: for other people and these stimuli): six
        rows for each condition, with n_trials 0 where nobody saw such a stimulus. Trials outside
        the confidence bands are in no row.
    """
    binned = trials[(trials["kind"] == kind) & trials["bin"].notna()]
    keys = ["condition", "ai_right", "bin"]
    grid = pd.MultiIndex.from_product([conditions, [True, False], BINS], names=keys)
    return shares.on_grid(shares.over_people(binned, keys, "team_right"), grid).rename(
        columns=RIGHT
    )


def by_kind(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Pooled accuracy over the stimuli of each kind (Table 1 of the paper has two).

    Args:
        trials: `Analysed.answered`, of all kinds.

    Returns:
        condition, kind, n_participants, n_trials, n_right, accuracy_percent, low_percent,
        high_percent (95 %, as `shares.over_people` has it); natural and adversarial stimuli have a
        row for each condition where anybody saw some, other kinds only where people of the
        condition did.
    """
    keys = ["condition", "kind"]
    grid = pd.MultiIndex.from_product([conditions, KINDS], names=keys)
    counts = shares.on_grid(shares.over_people(trials, keys, "team_right"), grid)
    anywhere = counts["kind"].isin(POOLED) & counts["kind"].isin(trials["kind"])
    counts = counts[anywhere | (counts["n_trials"] > 0)].reset_index(drop=True)
    return counts.rename(columns=RIGHT)


def acceptance(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How often people accept the AI's answer on natural stimuli, when it is right and wrong.

    Returns:
        condition, ai_right (missing in the row of both together, which is what the authors'
        analysis has, cell A#10), n_participants, n_trials, n_accepted, accepted_percent,
        low_percent, high_percent (95 %, as `shares.over_people` has it).
    """
    natural = trials[trials["kind"] == "natural"]
    natural = natural.assign(accepted=natural["decision"] == "accept")
    keys = ["condition", "ai_right"]
    grid = pd.MultiIndex.from_product([conditions, [True, False]], names=keys)
    apart = shares.on_grid(shares.over_people(natural, keys, "accepted"), grid)
    either = pd.Index(conditions, name="condition")
    both = shares.on_grid(shares.over_people(natural, ["condition"], "accepted"), either)
    rows = pd.concat([apart.astype({"ai_right": "boolean"}), both]).set_index("condition")
    return rows.loc[list(conditions)].reset_index().rename(columns=ACCEPTED)
