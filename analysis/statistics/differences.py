"""Do conditions differ, and by how much? The difference of means over people, with two errors.

People are the unit, as in the paper: of each person the mean over their trials, of a condition the
mean over its people. What the difference holds for depends on its error. That of Welch lets people
vary: it speaks of other people who judge these stimuli. Clustered by person and by stimulus it
speaks of other people and other stimuli of the sort; where a condition suits some stimuli more than
others, only this one holds its level (docs/statistics.md).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from analysis.export.facts import Alternative
from analysis.statistics.clusters import clusters_of, combined, variance_over
from analysis.statistics.comparisons import holm
from analysis.statistics.estimate import EQUIVALENCE_LEVEL, Estimate
from analysis.statistics.shares import MIN_PEOPLE, MIN_STIMULI

Verdict = Literal["different", "equivalent", "both", "inconclusive", "unknown"]
SIGNIFICANT = 0.05
STIMULI = "other people, other stimuli"
PEOPLE = "other people, these stimuli"

COLUMNS = (
    *("condition_a", "condition_b", "n_a", "n_b", "n_stimuli", "mean_a", "mean_b", "difference"),
    *("people_low", "people_high", "people_p", "low", "high", "p", "t", "df", "p_holm"),
    *("narrow_low", "narrow_high", "p_equivalent", "p_equivalent_holm"),
    *("holds_for", "verdict", "missing_because"),
)


@dataclass(frozen=True, kw_only=True)
class Sums:
    """All that the trials of a condition say of its mean over people.

    Attributes:
        people: the mean of each person.
        over_people: the variance of the condition's mean over people.
        over_meetings: the same over single meetings of a person and a stimulus.
        stimuli: how far the trials of each stimulus move the mean, by its id.
    """

    people: pd.Series
    over_people: float
    over_meetings: float
    stimuli: pd.Series


def differences(
    values: pd.DataFrame,
    pairs: Sequence[tuple[str, str]],
    *,
    alternative: Alternative,
    margin: float | None = None,
    apart: Sequence[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Compare a measure within pairs of conditions; together they are the family of Holm's p.

    Args:
        values: participant_id, condition, stimulus_id (missing where a value is of a whole
            person) and value, a row for each trial.
        pairs: a and b.
        alternative: of the p-values of a difference; intervals are two-sided.
        margin: differences nearer to 0 do not matter; None where nobody said what does not.
        apart: pairs whose people judged different stimuli, for whom an error over people with
            these stimuli means nothing.

    Returns:
        A row for each pair: condition_a, condition_b, n_a and n_b (people), n_stimuli, mean_a,
        mean_b, difference; people_low, people_high and people_p (Welch 1947); low, high and p
        (clustered by person and stimulus). Of the wider of these two claims, or of Welch's where
        the other cannot be made: t, df, p_holm, narrow_low and narrow_high (90 % interval),
        p_equivalent (two one-sided tests, `Estimate.p_within`), p_equivalent_holm and verdict:
        "different", "equivalent", "both" (a difference, and within the margin), "inconclusive", or
        "unknown" where there is no error at all. holds_for names the claim, and missing_because
        says why the wider one cannot be made.
    """
    names = dict.fromkeys(name for pair in pairs for name in pair)
    sums = {name: sums_of(values[values["condition"] == name]) for name in names}
    rows = []
    for a, b in pairs:
        compared = _compared(sums[a], sums[b], alternative, margin, (a, b) in apart)
        rows.append((a, b, *compared))
    derived = ("p_holm", "p_equivalent_holm", "verdict")
    table = pd.DataFrame(rows, columns=[name for name in COLUMNS if name not in derived])
    return _with_verdicts(table)[list(COLUMNS)]


def _with_verdicts(table: pd.DataFrame) -> pd.DataFrame:
    table["p_holm"] = holm(table["p"].fillna(table["people_p"]))
    table["p_equivalent_holm"] = holm(table["p_equivalent"])
    adjusted = zip(table["p_holm"], table["p_equivalent_holm"], strict=True)
    return table.assign(verdict=[verdict(*both) for both in adjusted])


def sums_of(trials: pd.DataFrame) -> Sums:
    """The sums of one condition's trials; each counts as much as makes its person count once."""
    by_person = trials.groupby("participant_id", observed=True)["value"]
    people = by_person.mean()
    mean = float(people.mean())
    weights = 1 / (by_person.transform("size") * len(people)).to_numpy(dtype="float64")
    influence = weights * (trials["value"].to_numpy(dtype="float64") - mean)
    clusters = clusters_of(trials)
    by_stimulus = trials.assign(influence=influence).groupby("stimulus_id", observed=True)
    return Sums(
        people=people,
        over_people=variance_over(influence, clusters.person),
        over_meetings=variance_over(influence, clusters.meeting),
        stimuli=by_stimulus["influence"].sum(),
    )


def welch(first: pd.Series, second: pd.Series) -> Estimate:
    """The difference of two means of people, a - b, with the error of Welch (1947)."""
    value = float(first.mean()) - float(second.mean())
    parts = [float(group.var(ddof=1)) / len(group) for group in (first, second) if len(group) > 1]
    variance = sum(parts)
    if len(parts) < 2 or not variance > 0:
        return Estimate(value=value, error=math.nan, df=1)
    shares = [part**2 / (len(g) - 1) for part, g in zip(parts, (first, second), strict=True)]
    return Estimate(value=value, error=math.sqrt(variance), df=variance**2 / sum(shares))


def over_people_and_stimuli(first: Sums, second: Sums) -> Estimate:
    """The same difference, clustered by person and by stimulus.

    The variance is that of Welch for people, plus what stimuli share over both conditions, less
    what a person and a stimulus share (Cameron, Gelbach and Miller 2011; `clusters.combined`).

    Args:
        first: of a, with two people and two stimuli at least.
        second: of b, likewise.
    """
    moved = first.stimuli.sub(second.stimuli, fill_value=0).to_numpy()
    shared = float(moved @ moved) * len(moved) / (len(moved) - 1)
    n_people = len(first.people) + len(second.people)
    return combined(
        float(first.people.mean() - second.people.mean()),
        people=first.over_people + second.over_people,
        stimuli=shared - first.over_meetings - second.over_meetings,
        sizes=(n_people - 1, len(moved)),
    )


def verdict(p: float, p_equivalent: float) -> Verdict:
    """What two adjusted p-values say together; p_equivalent is missing without a margin."""
    if math.isnan(p):
        return "unknown"
    match p < SIGNIFICANT, p_equivalent < SIGNIFICANT:
        case True, True:
            return "both"
        case True, False:
            return "different"
        case False, True:
            return "equivalent"
        case _:
            return "inconclusive"


def _compared(
    first: Sums, second: Sums, alternative: Alternative, margin: float | None, are_apart: bool
) -> tuple[object, ...]:
    sizes = (len(first.people), len(second.people))
    n_stimuli = len(first.stimuli.index.union(second.stimuli.index))
    means = (float(first.people.mean()), float(second.people.mean()))
    by_people = welch(first.people, second.people)
    if are_apart:
        by_people = replace(by_people, error=math.nan)
    reason = why_missing(sizes, n_stimuli)
    both = None if reason else over_people_and_stimuli(first, second)
    widest = both or by_people
    return (
        *(*sizes, n_stimuli, *means, by_people.value),
        *(*by_people.interval(), by_people.p(alternative)),
        *((*both.interval(), both.p(alternative)) if both else (math.nan,) * 3),
        *(widest.value / widest.error, widest.df),
        *widest.interval(EQUIVALENCE_LEVEL),
        math.nan if margin is None else widest.p_within(margin),
        STIMULI if both else PEOPLE,
        reason,
    )


def why_missing(sizes: Sequence[int], n_stimuli: int) -> str:
    """Why nothing can be said of other stimuli; empty where it can.

    Args:
        sizes: people of each condition.
        n_stimuli: that they judged; 0 where a value is one of a whole person.
    """
    if n_stimuli == 0:
        return "it has one value for each person"
    if min(sizes) < MIN_PEOPLE:
        return f"fewer than {MIN_PEOPLE} people in a condition"
    return f"fewer than {MIN_STIMULI} stimuli" if n_stimuli < MIN_STIMULI else ""
