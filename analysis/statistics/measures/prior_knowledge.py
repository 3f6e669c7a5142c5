"""What prior knowledge is worth: accuracy where people had seen such a thing before, and where not.

Before each decision people say whether they have ever seen a {predicted label} (Nguyen et al.
2021, section 5 and A5). As in the authors' analysis (cell A#7), accuracy is pooled over natural
and adversarial test trials by that answer, and conditions are then averaged plainly.
"""

import math
from collections.abc import Sequence
from itertools import product

import pandas as pd

from analysis.statistics.intervals import t_interval
from analysis.statistics.measures.accuracy import RIGHT
from analysis.statistics.sample.exclusions import ALL
from analysis.statistics.shares import on_grid, over_people

COLUMNS = (
    "condition",
    "difference_points",
    "seen_before",
    "n_trials",
    "n_right",
    "accuracy_percent",
    "low_percent",
    "high_percent",
)

CLASS_COLUMNS = (
    *("condition", "seen_before", "n_participants", "n_classes"),
    *("accuracy_percent", "low_percent", "high_percent"),
)


def by_answer(
    trials: pd.DataFrame, conditions: Sequence[str], *, first_answer: bool = False
) -> pd.DataFrame:
    """Pooled accuracy of the trials with a yes and of those with a no to "seen before?".

    Args:
        trials: as `accuracy.test_trials` returns them; those without an answer are left out.
        conditions: in the order in which they are reported.
        first_answer: whether a person's first answer for a label stands for their later ones
            for it (the authors' rule for their second batch, cell A#2).

    Returns:
        condition, difference_points (accuracy with a yes minus accuracy with a no, the same in
        both rows of a condition), seen_before, n_trials, n_right, accuracy_percent, low_percent,
        high_percent (95 %, as `shares.over_people` has it). Two rows for each condition, and two of
        "All": the plain mean of the percentages of the conditions that have both answers, without
        counts.
    """
    answers = trials[trials["seen_before"].notna()]
    if first_answer:
        in_order = answers.sort_values(["participant_id", "trial_index"])
        by_label = in_order.groupby(["participant_id", "label"], observed=True)
        answers = in_order.assign(seen_before=by_label["seen_before"].transform("first"))
    keys = ["condition", "seen_before"]
    grid = pd.MultiIndex.from_product([conditions, [True, False]], names=keys)
    table = on_grid(over_people(answers, keys, "team_right"), grid).rename(columns=RIGHT)
    wide = table.pivot(index="condition", columns="seen_before", values="accuracy_percent")
    both = wide.reindex(columns=[True, False], index=list(conditions)).dropna()
    means = pd.DataFrame({"seen_before": both.columns, "accuracy_percent": both.mean().to_numpy()})
    rows = pd.concat([table, means.assign(condition=ALL)], ignore_index=True)
    points = (both[True] - both[False]).to_dict() | {ALL: (both[True] - both[False]).mean()}
    rows["difference_points"] = rows["condition"].map(points).astype("float64")
    return rows.astype({"n_trials": "Int64", "n_right": "Int64"})[list(COLUMNS)]


def by_person_and_class(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """The same where a person was asked once for each class, and later trials carry the answer.

    A class counts once for a person, however many of its pictures the person judged; a condition's
    accuracy is the mean over its people of their mean over such classes, with a 95 % t interval.

    Args:
        trials: as `accuracy.test_trials` returns them; those without an answer are left out.
        conditions: in the order in which they are reported.

    Returns:
        condition, seen_before, n_participants, n_classes (pairs of a person and a class),
        accuracy_percent, low_percent, high_percent. Two rows for each condition.
    """
    answers = trials[trials["seen_before"].notna()]
    right = answers["team_right"].astype(float)
    keys = ["condition", "seen_before", "participant_id", "label"]
    classes = right.groupby([answers[key] for key in keys], observed=True).mean()
    rows = []
    for condition, seen in product(conditions, (True, False)):
        own = classes[
            (classes.index.get_level_values("condition") == condition)
            & (classes.index.get_level_values("seen_before") == seen)
        ]
        people = 100 * own.groupby(level="participant_id", observed=True).mean()
        mean = float(people.mean()) if len(people) else math.nan
        rows.append((condition, seen, len(people), len(own), mean, *t_interval(people)))
    return pd.DataFrame(rows, columns=CLASS_COLUMNS)
