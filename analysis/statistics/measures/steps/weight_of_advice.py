"""How far people move their number towards that of the AI, and whether they come nearer the truth.

The weight of advice is the share of the way from the own first number to the AI's that the last
one has gone: (last - first) / (AI's - first) (Harvey and Fischer 1997). It says nothing where the
AI's number is the own one. Below 0 people move away, above 1 beyond; Yaniv (2004) counts such a
weight as 0 or 1. As it is, one trial in which both numbers lie close together can decide a mean, so
that the median stands beside it, and the mean of weights between 0 and 1.
"""

import math
from collections.abc import Collection, Sequence

import pandas as pd

from analysis.statistics.measures.steps.answered_steps import latest_before
from analysis.statistics.measures.steps.clustered_means import (
    groups_of,
    mean_of,
    median_of,
    sizes_of,
)

WEIGHT_COLUMNS = (
    *("condition", "step", "n_participants", "n_trials", "n_undefined"),
    *("median", "median_low", "median_high", "bounded", "bounded_low", "bounded_high"),
    *("mean", "mean_low", "mean_high", "n_away", "n_beyond"),
)
ERROR_COLUMNS = (
    *("condition", "step", "n_participants", "n_trials", "before", "before_low", "before_high"),
    *("after", "after_low", "after_high", "gain", "gain_low", "gain_high", "ai_error"),
)


def revised(steps: pd.DataFrame, predicting: Collection[str] = ()) -> pd.DataFrame:
    """Numbers that were given after the AI's, each with the latest one before it.

    A number, or a place on a slider that can be right, is such a number; a slider of which nothing
    is right asks for something else, such as how sure people are.

    Args:
        steps: as `answered_steps.of_the_test` returns them.
        predicting: steps that ask for what the AI will say, which are no estimates.

    Returns:
        participant_id, condition, stimulus_id, ai_right, step, first, last, ai, true (missing where
        nothing is right) and weight (missing where the AI's number is the first one).
    """
    is_estimate = (steps["kind"] == "number") | (
        (steps["kind"] == "slider") & steps["truth"].notna()
    )
    rows = steps[is_estimate & ~steps["step"].isin(list(predicting))]
    numbers = {
        name: pd.to_numeric(rows[column].astype("object"), errors="coerce").astype("float64")
        for name, column in (("last", "value"), ("ai", "advice"), ("true", "truth"))
    }
    rows = rows.assign(**numbers)
    rows["first"] = latest_before(rows, "last", ~rows["advised"]).astype("float64")
    rows = rows[rows["advised"]].dropna(subset=["first", "last", "ai"])
    way = (rows["ai"] - rows["first"]).replace(0.0, math.nan)
    rows["weight"] = (rows["last"] - rows["first"]) / way
    columns = ["participant_id", "condition", "stimulus_id", "ai_right", "step"]
    return rows[[*columns, "first", "last", "ai", "true", "weight"]].reset_index(drop=True)


def per_condition(numbers: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """The weight of advice of each condition.

    Args:
        numbers: as `revised` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, step, n_participants, n_trials (with a weight), n_undefined (the AI's number is
        the first one), median, bounded (mean of weights, those below 0 as 0 and those above 1 as 1)
        and mean (as they are), each with low and high (95 %, for other people and other stimuli),
        n_away (below 0) and n_beyond (above 1). Only conditions with such numbers.
    """
    rows = []
    for condition, (step,), group in groups_of(numbers, conditions, "step"):
        known = group.dropna(subset=["weight"])
        known = known.assign(bounded=known["weight"].clip(0, 1))
        median, of_median = median_of(known, "weight")
        bounded, of_bounded = mean_of(known, "bounded")
        mean, of_mean = mean_of(known, "weight")
        counts = (int((known["weight"] < 0).sum()), int((known["weight"] > 1).sum()))
        sizes = (*sizes_of(known), len(group) - len(known))
        numbers_of = (median, *of_median, bounded, *of_bounded, mean, *of_mean)
        rows.append((condition, step, *sizes, *numbers_of, *counts))
    return pd.DataFrame(rows, columns=list(WEIGHT_COLUMNS))


def errors(numbers: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How far from the truth numbers are, before and after the AI's.

    Args:
        numbers: as `revised` returns them; those that can be right count.
        conditions: in the order in which they are reported.

    Returns:
        condition, step, n_participants, n_trials; the mean absolute error before, after, and how
        much smaller it has become (gain), each with low and high (95 %, for other people and other
        stimuli); ai_error, that of the AI's numbers over the same trials. In the numbers' own unit.
    """
    known = numbers.dropna(subset=["true"])
    known = known.assign(
        before=(known["first"] - known["true"]).abs(),
        after=(known["last"] - known["true"]).abs(),
        ai_error=(known["ai"] - known["true"]).abs(),
    )
    known["gain"] = known["before"] - known["after"]
    rows = []
    for condition, (step,), group in groups_of(known, conditions, "step"):
        means = [mean_of(group, name) for name in ("before", "after", "gain")]
        flat = [number for mean, ends in means for number in (mean, *ends)]
        rows.append((condition, step, *sizes_of(group), *flat, group["ai_error"].mean()))
    return pd.DataFrame(rows, columns=list(ERROR_COLUMNS))
