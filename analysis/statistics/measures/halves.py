"""Is a person better in one half of their trials than in the other: the later, or the slower?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.means import mean_over_people

CHANGE = ("difference_points", "low_points", "high_points")
HALVES = ("condition", "n_people", "first_percent", "second_percent", *CHANGE)
SLOPE = ("slope_points", "slope_low", "slope_high")
TIMES = ("median_right_s", "median_wrong_s")
PER = 10  # trials, over which slopes are reported


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """Each person's trials in an order.

    Attributes:
        condition: of each person, of shape (people,).
        n: trials of each person, likewise.
        person: whose each trial is, from 0, of shape (trials,).
        place: among the person's own, from 0, likewise.
        right: 100 for a right decision and else 0, likewise.
    """

    condition: NDArray[np.object_]
    n: NDArray[np.int64]
    person: NDArray[np.int64]
    place: NDArray[np.int64]
    right: NDArray[np.float64]


def learning(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Accuracy in the first and the second half of a person's trials.

    The order of stimuli is random, so that both halves are as hard in expectation.

    Args:
        trials: as `accuracy.test_trials` returns them.
        conditions: a row for each, in this order.

    Returns:
        As `accuracy_of_halves`, and slope_points (mean over people of `slopes`), slope_low and
        slope_high (t interval over people).
    """
    ordered = in_order(trials, "trial_index")
    own = pd.Series(slopes(ordered))
    means = [mean_over_people(own[ordered.condition == condition]) for condition in conditions]
    rows = [(mean.mean, mean.low, mean.high) for mean in means]
    table = accuracy_of_halves(ordered, conditions)
    return table.join(pd.DataFrame(rows, columns=list(SLOPE)))


def speed(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How long right and wrong decisions took, and accuracy in a person's faster and slower half.

    Args:
        trials: as `accuracy.test_trials` returns them; those without a time are left out.
        conditions: a row for each, in this order.

    Returns:
        As `accuracy_of_halves`, the first half being the faster one, and median_right_s and
        median_wrong_s: the median over people of each person's median, in seconds.
    """
    timed = trials[trials["decision_rt_ms"].notna()].reset_index(drop=True)
    ordered = in_order(timed, "decision_rt_ms")
    table = accuracy_of_halves(ordered, conditions)
    seconds = timed["decision_rt_ms"] / 1000
    for name, is_such in zip(TIMES, (ordered.right > 0, ordered.right == 0), strict=True):
        medians = seconds[is_such].groupby(ordered.person[is_such]).median()
        of_condition = medians.groupby(ordered.condition[medians.index]).median()
        table[name] = [float(of_condition.get(condition, np.nan)) for condition in conditions]
    return table


def in_order(trials: pd.DataFrame, by: str) -> Ordered:
    """Order each person's trials by a column without missing values; of ties, the earlier first."""
    person, _ = pd.factorize(trials["participant_id"])
    order, n = np.lexsort((trials[by].to_numpy(), person)), np.bincount(person)
    place = np.empty_like(person)
    place[order] = np.arange(len(person)) - (np.cumsum(n) - n)[person[order]]
    first = ~trials["participant_id"].duplicated()
    return Ordered(
        condition=trials.loc[first, "condition"].to_numpy(dtype=object),
        n=n,
        person=person,
        place=place,
        right=100 * trials["team_right"].to_numpy(dtype="float64"),
    )


def accuracy_of_halves(trials: Ordered, conditions: Sequence[str]) -> pd.DataFrame:
    """Accuracy in the halves of each person's own trials, and their difference over people.

    Of an odd number of trials, the middle one is in neither half.

    Args:
        trials: in the order that is halved.
        conditions: a row for each, in this order.

    Returns:
        condition, n_people (with two trials or more), first_percent and second_percent (mean over
        people), difference_points (second - first, paired), low_points and high_points (t interval
        over people).
    """
    person, place, half = trials.person, trials.place, trials.n // 2
    sums = [
        np.bincount(person, weights=trials.right * is_in)
        for is_in in (place < half[person], place >= (trials.n - half)[person])
    ]
    known = half > 0
    people = pd.DataFrame(
        {
            name: own[known] / half[known]
            for name, own in zip(("first", "second"), sums, strict=True)
        }
    )
    rows = []
    for condition in conditions:
        own = people[trials.condition[known] == condition]
        change = mean_over_people(own["second"] - own["first"])
        means = own["first"].mean(), own["second"].mean()
        rows.append((condition, len(own), *means, change.mean, change.low, change.high))
    return pd.DataFrame(rows, columns=list(HALVES))


def slopes(trials: Ordered) -> NDArray[np.float64]:
    """How many points a person gains in ten trials: the least-squares slope of right on place.

    Over the places 0 to n - 1 it is 12 Σ (place - (n - 1) / 2) · right / (n (n² - 1)).

    Returns:
        Of shape (people,); missing for fewer than two trials.
    """
    n = trials.n.astype("float64")
    centred = trials.place - (n[trials.person] - 1) / 2
    sums = np.bincount(trials.person, weights=centred * trials.right)
    return np.asarray(PER * 12 * sums / np.where(n > 1, n * (n**2 - 1), np.nan))
