"""What dropout and gate may have done to a difference between conditions.

Both act after people met their condition. The difference of those who are analysed is then one of
two groups that were selected differently; for the people who would be analysed in either condition
it is known between bounds only (`trimming`).
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics import trimming
from analysis.statistics.imbens_manski import imbens_manski
from analysis.statistics.sample.completion import met_condition
from analysis.statistics.shares import MIN_PEOPLE
from analysis.statistics.trimming import Group

N_RESAMPLES = 1_000
ALIKE, MONOTONE, CROSSED = "alike", "one direction", "either direction"
NOTHING = (math.nan,) * 4  # neither bounds nor interval
COLUMNS = (
    "condition_a",
    "condition_b",
    "n_assigned_a",
    "n_analysed_a",
    "n_assigned_b",
    "n_analysed_b",
    "difference",
    "selection",
    "low",
    "high",
    "interval_low",
    "interval_high",
    "missing_because",
)


def selection_bounds(
    participants: pd.DataFrame,
    values: pd.Series,
    pairs: Sequence[tuple[str, str]],
    *,
    rehearsal: bool,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Bounds of the difference of means over people, for those analysed in either condition.

    Args:
        participants: as in the export.
        values: of each person who is analysed, by participant_id.
        pairs: a and b.
        rehearsal: whether simulated people are analysed.
        rng: resamples people.

    Returns:
        A row for each pair: condition_a, condition_b, n_assigned_a (who met the condition, those
        stopped by a live gate too), n_analysed_a, the same of b, difference (a - b, of those
        analysed), selection ("alike": both kept the same share; "one direction": Lee's bounds;
        "either direction": dropout and gate point in opposite directions, and no monotonicity is
        assumed), low and high (the bounds), interval_low and interval_high (95 %, `imbens_manski`,
        with errors from resampled people), and missing_because (why bounds or interval are
        missing, or empty).
    """
    met = met_condition(participants, rehearsal=rehearsal)
    people = met.assign(value=met["participant_id"].map(values))
    rows = [(a, b, *_bounds_of(people, a, b, rng)) for a, b in pairs]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def selection_of(a: Group, b: Group, n_left_a: int, n_left_b: int) -> str:
    """How the conditions kept people: alike, one of them more, or each more by another rule.

    Args:
        a: the people of a, with somebody kept.
        b: the people of b, likewise.
        n_left_a: how many of a dropped out.
        n_left_b: how many of b did.
    """
    stayed_a, stayed_b = 1 - n_left_a / a.n_assigned, 1 - n_left_b / b.n_assigned
    passed_a, passed_b = float(a.kept) / stayed_a, float(b.kept) / stayed_b
    if stayed_a == stayed_b and passed_a == passed_b:
        return ALIKE
    return CROSSED if (stayed_a - stayed_b) * (passed_a - passed_b) < 0 else MONOTONE


def _bounds_of(
    people: pd.DataFrame, a: str, b: str, rng: np.random.Generator
) -> tuple[object, ...]:
    of_a, of_b = (people[people["condition"] == name] for name in (a, b))
    group_a, group_b = (
        trimming.group_of(own["value"].dropna().to_numpy(dtype="float64"), len(own))
        for own in (of_a, of_b)
    )
    counts = (group_a.n_assigned, group_a.n_kept, group_b.n_assigned, group_b.n_kept)
    for name, group in ((a, group_a), (b, group_b)):
        if group.n_kept == 0:
            return (*counts, math.nan, "", *NOTHING, f"“{name}” has nobody to analyse")
    left_a, left_b = (int(own["has_left"].sum()) for own in (of_a, of_b))
    selection = selection_of(group_a, group_b, left_a, left_b)
    difference = group_a.mean - group_b.mean
    return (*counts, difference, selection, *interval_of(group_a, group_b, selection, rng))


def interval_of(a: Group, b: Group, selection: str, rng: np.random.Generator) -> tuple[object, ...]:
    """The bounds, their interval, and why something of it is missing."""
    monotone = selection != CROSSED
    if trimming.always_kept(a, b, monotone=monotone) <= 0:
        return (*NOTHING, "so few were kept that nobody need be analysed in either condition")
    low, high = map(float, trimming.bounds(a, b, monotone=monotone))
    if min(a.n_kept, b.n_kept) < MIN_PEOPLE:
        return low, high, math.nan, math.nan, f"too few people for an interval (< {MIN_PEOPLE})"
    drawn_a, drawn_b = a.resampled(N_RESAMPLES, rng), b.resampled(N_RESAMPLES, rng)
    lows, highs = trimming.bounds(drawn_a, drawn_b, monotone=monotone)
    # Student's t for the smaller group, since resampled errors are a little small.
    interval = imbens_manski(
        low,
        high,
        error_low=float(lows.std(ddof=1)),
        error_high=float(highs.std(ddof=1)),
        df=min(a.n_kept, b.n_kept) - 1,
    )
    return low, high, *interval, ""
