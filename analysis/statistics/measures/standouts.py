"""Stimuli that stand out: those judged rightly with one condition alone, the hardest, the easiest.

Nguyen et al. 2021 show such pictures (Figure 3: hard images that only 3-NN users accepted rightly;
A14). They name no rule; here everything follows from one, so that nobody picks.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.statistics.sample.coverage import ENOUGH

HALF = 50.0  # per cent of right decisions: more is judged rightly, less wrongly


def right_with_one_alone(answers: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Stimuli that most people of one condition judged rightly, and fewer than half of any other.

    Args:
        answers: as `stimulus_answers.per_stimulus` returns them.
        conditions: those that judged the same AI. A stimulus counts where at least `ENOUGH` people
            of each of them judged it.

    Returns:
        condition, stimulus_id, right_percent, next_percent (the largest share of another
        condition): by condition, the largest lead first, then by id.
    """
    counted = answers[(answers["n_people"] >= ENOUGH) & answers["condition"].isin(conditions)]
    shares = counted.pivot(index="stimulus_id", columns="condition", values="right_percent")
    shares = shares.reindex(columns=list(conditions)).dropna().astype("float64")
    parts = []
    for condition in conditions if len(conditions) > 1 else ():
        others = shares.drop(columns=condition).max(axis="columns")
        table = pd.DataFrame({"right_percent": shares[condition], "next_percent": others})
        table = table[(table["right_percent"] > HALF) & (table["next_percent"] < HALF)]
        lead = table["right_percent"] - table["next_percent"]
        order = table.assign(lead=-lead).reset_index().sort_values(["lead", "stimulus_id"])
        order.insert(0, "condition", condition)
        parts.append(order.drop(columns="lead"))
    columns = ["condition", "stimulus_id", "right_percent", "next_percent"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def by_difficulty(
    answers: pd.DataFrame, conditions: Sequence[str], *, easiest_first: bool
) -> pd.DataFrame:
    """Stimuli by how many of all people of the conditions judged them rightly.

    Args:
        answers: as `stimulus_answers.per_stimulus` returns them.
        conditions: those that judged the same AI. Of each stimulus only those conditions count of
            which at least `ENOUGH` people judged it.
        easiest_first: from the largest share on, not from the smallest.

    Returns:
        stimulus_id, n_people, n_right, right_percent; of one share the more people first, then by
        id.
    """
    counted = answers[(answers["n_people"] >= ENOUGH) & answers["condition"].isin(conditions)]
    sums = counted.groupby("stimulus_id")[["n_people", "n_right"]].sum().reset_index()
    table = sums.assign(right_percent=100 * sums["n_right"] / sums["n_people"])
    order = ["right_percent", "n_people", "stimulus_id"]
    return table.sort_values(order, ascending=[not easiest_first, False, True], ignore_index=True)
