"""What people do with advice: answers before the AI's answer was shown, and after it.

Who ends with the AI's answer may have given it before: that is agreement, and counted apart from
moving to it. Appropriate reliance is that of Schemmer, Kuehl, Benz, Bartos and Satzger (IUI 2023,
arXiv 2302.02187): of the cases in which the person was wrong alone and the advice right,
the share that ends right (RAIR, relative AI reliance); of those in which the person was right alone
and the advice wrong, the share that ends right (RSR, relative self-reliance). They take the ratio
of each person; here it is pooled over people, as some have no such case, with intervals clustered
by person and stimulus. Where there are more than two answers a person may leave a wrong one for
another wrong one, or a right one for another than the AI's: neither ends right, so neither counts
as appropriate. Reliance is not the quality of decisions (Schoeffer et al., arXiv 2304.08804), so
accuracy stands beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.statistics.measures.steps.pooled import (
    ENDS,
    both_intervals,
    mean_with_intervals,
)

Rows = Callable[[pd.DataFrame], pd.Series]
SHARE_ENDS = ("people_low_percent", "people_high_percent", "low_percent", "high_percent")
COLUMNS = (
    *("condition", "measure", "n_participants", "n_without", "n_stimuli", "n_trials", "n_true"),
    *("percent", *SHARE_ENDS),
)
CHANGE = ("before_percent", "after_percent", "change_points", *(f"{end}_points" for end in ENDS))


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of trials.

    Attributes:
        among: of which trials.
        flag: in which it is true.
        needs_advice: whether it means nothing unless the AI's answer came in between.
    """

    among: Rows
    flag: Rows
    needs_advice: bool = True


def _all(trials: pd.DataFrame) -> pd.Series:
    return pd.Series(True, index=trials.index)


def _switched(trials: pd.DataFrame) -> pd.Series:
    return trials["value_before"] != trials["value_after"]


MEASURES: Mapping[str, Share] = {
    "switched": Share(among=_all, flag=_switched, needs_advice=False),
    "switched_to_ai": Share(among=lambda t: ~t["agrees_before"], flag=lambda t: t["agrees_after"]),
    "switched_from_ai": Share(
        among=lambda t: t["agrees_before"], flag=lambda t: ~t["agrees_after"]
    ),
    "wrong_ended": Share(among=lambda t: ~t["advice_right"], flag=lambda t: t["agrees_after"]),
    "wrong_agreed_already": Share(
        among=lambda t: ~t["advice_right"], flag=lambda t: t["agrees_before"] & t["agrees_after"]
    ),
    "wrong_moved": Share(
        among=lambda t: ~t["advice_right"], flag=lambda t: ~t["agrees_before"] & t["agrees_after"]
    ),
    "right_ended": Share(among=lambda t: t["advice_right"], flag=lambda t: t["agrees_after"]),
    "right_agreed_already": Share(
        among=lambda t: t["advice_right"], flag=lambda t: t["agrees_before"] & t["agrees_after"]
    ),
    "right_moved": Share(
        among=lambda t: t["advice_right"], flag=lambda t: ~t["agrees_before"] & t["agrees_after"]
    ),
    "rair": Share(
        among=lambda t: ~t["right_before"] & t["advice_right"], flag=lambda t: t["right_after"]
    ),
    "rsr": Share(
        among=lambda t: t["right_before"] & ~t["advice_right"], flag=lambda t: t["right_after"]
    ),
}


def shares_of_advice(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How often people switched, ended with the AI's answer, and relied appropriately.

    Args:
        trials: as `judgements.paired` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, measure (of `MEASURES`), n_participants (who have such trials), n_without (who
        have none, and so no ratio of their own), n_stimuli, n_trials (such trials: what the share
        is of), n_true, percent and the ends of both intervals (`pooled.both_intervals`); for
        conditions with trials, and for those without advice in between only what needs none. Of
        wrong advice, agreed_already and moved add up to ended, and likewise of right advice.
    """
    parts = []
    for name, share in MEASURES.items():
        able = trials[trials["advised"]] if share.needs_advice else trials
        parts.append(_of_each_condition(able, share).assign(measure=name))
    table = pd.concat(parts, ignore_index=True)
    place = table["condition"].map({name: place for place, name in enumerate(conditions)})
    return table.loc[place.sort_values(kind="stable").index, list(COLUMNS)].reset_index(drop=True)


def _of_each_condition(able: pd.DataFrame, share: Share) -> pd.DataFrame:
    """A share in every condition that has trials, also where none of them is such a one."""
    such = able[share.among(able)]
    shares = both_intervals(such.assign(flag=share.flag(such)), ["condition"], "flag")
    n_people = able.groupby("condition")["participant_id"].nunique()
    rows = shares.set_index("condition").reindex(n_people.index)
    rows["n_stimuli"] = such.groupby("condition")["stimulus_id"].nunique()
    counts = dict.fromkeys(["n_participants", "n_stimuli", "n_trials", "n_true"], 0)
    rows = rows.fillna(counts).astype(dict.fromkeys(counts, "int64"))
    return rows.assign(n_without=n_people - rows["n_participants"]).reset_index()


def changes(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Accuracy before and after, and the difference, pooled over trials.

    Args:
        trials: as `judgements.paired` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, advice_right (missing in the row of both together), n_participants, n_stimuli,
        n_trials, before_percent, after_percent, change_points and its 95 % intervals:
        people_low_points and people_high_points for other people and these stimuli, low_points and
        high_points for other stimuli too, missing for too few. Rows with trials only.
    """
    moved = trials.assign(
        change=100
        * (trials["right_after"].astype("int64") - trials["right_before"].astype("int64"))
    )
    rows = []
    for condition in conditions:
        own = moved[moved["condition"] == condition]
        for advice_right in (pd.NA, True, False):
            such = own if advice_right is pd.NA else own[own["advice_right"] == advice_right]
            if len(such):
                rows.append((condition, advice_right, *_change(such)))
    counts = ("n_participants", "n_stimuli", "n_trials")
    table = pd.DataFrame(rows, columns=["condition", "advice_right", *counts, *CHANGE])
    return table.astype({"advice_right": "boolean"})


def _change(such: pd.DataFrame) -> tuple[float, ...]:
    people, stimuli = such["participant_id"].nunique(), such["stimulus_id"].nunique()
    accuracy = (100 * float(such[f"right_{when}"].mean()) for when in ("before", "after"))
    return (people, stimuli, len(such), *accuracy, *mean_with_intervals(such, "change"))
