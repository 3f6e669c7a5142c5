"""Are people and the AI together better than the better of the two alone?

Synergy after Vaccaro, Almaatouq and Malone (Nature Human Behaviour 2024): the accuracy of the team
less the greater of the accuracy of people alone and that of the AI alone. (They report Hedges' g;
here it is in points.) It is the lesser of two differences, team less people and team less AI, and
bends where both are equal, so that no standard error holds there. Its interval runs from the lesser
of the two lower ends to the lesser of the two upper ends of their intervals. The truth lies below
it only if both lower ends are too high, but above it if either upper end is too low. So where it is
open whether people or the AI are the better (the 95 % interval of AI less people holds 0), both
upper ends share the 2.5 % that one may miss (Bonferroni): they are those of 97.5 % intervals. Where
it is known, both are those of 95 % intervals. With normal errors that holds the truth in 95 % of
studies or more: 96.7 to 96.9 % where both are equally good.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analysis.statistics.clusters import combined
from analysis.statistics.differences import over_people_and_stimuli, sums_of, why_missing
from analysis.statistics.estimate import LEVEL, Estimate

OPEN_LEVEL = 0.975  # of intervals whose upper ends two candidates share
BEFORE = "the answer before the advice"  # no name of a condition: these hold no blank
COLUMNS = (
    *("condition", "alone", "n_participants", "n_alone", "n_stimuli"),
    *("team_percent", "alone_percent", "ai_percent"),
    *("over_people_points", "over_people_low_points", "over_people_high_points"),
    *("over_ai_points", "over_ai_low_points", "over_ai_high_points"),
    *("better", "synergy_points", "low_points", "high_points", "missing_because"),
)


def synergies(
    trials: pd.DataFrame,
    paired: pd.DataFrame,
    *,
    teams: Sequence[str],
    groups: Sequence[tuple[str, str]],
) -> pd.DataFrame:
    """Every team against people alone and the AI alone, on the natural stimuli that both judged.

    Means are over people, of each over their trials (`differences`). The AI alone is right where
    its answer is: whoever takes all of its answers reaches that.

    Args:
        trials: as `accuracy.test_trials` returns them.
        paired: as `judgements.paired` returns them.
        teams: the conditions that show the AI, in the order in which they are reported.
        groups: a team and a condition without an AI, whose people judged alike.

    Returns:
        condition, alone (who the people alone are: the condition without an AI, or `BEFORE`),
        n_participants and n_alone (people), n_stimuli, team_percent, alone_percent, ai_percent;
        the team less people alone, and less the AI, in points with 95 % intervals (clustered by
        person and stimulus); better ("people", "AI" or "equal"), synergy_points, low_points and
        high_points; missing_because (why there are no intervals, or empty).
    """
    natural = _valued(trials[trials["kind"] == "natural"])
    rows = []
    for condition in teams:
        team = natural[natural["condition"] == condition]
        for other in (alone for name, alone in groups if name == condition):
            rows.append(_against_group(team, natural[natural["condition"] == other], other))
        own = paired[(paired["condition"] == condition) & paired["advised"]]
        if len(own):
            rows.append(_against_before(own))
    known = [row for row in rows if row is not None]
    return pd.DataFrame(known, columns=list(COLUMNS))


def lesser(first: Estimate, second: Estimate, apart: Estimate) -> tuple[float, float, float]:
    """The lesser of two differences with its 95 % interval (the module's docstring).

    Args:
        first: a difference.
        second: another one, of the same trials.
        apart: the first less the second.
    """
    lowest, highest = apart.interval()
    is_open = lowest <= 0 <= highest
    low = _least(e.interval()[0] for e in (first, second))
    high = _least(e.interval(OPEN_LEVEL if is_open else LEVEL)[1] for e in (first, second))
    return min(first.value, second.value), low, high


def _least(ends: Iterable[float]) -> float:
    """NaN where any end is."""
    return float(np.min(list(ends)))


def _valued(trials: pd.DataFrame) -> pd.DataFrame:
    columns = ["participant_id", "condition", "stimulus_id"]
    texts = trials[columns].astype("str")
    right, ai = (100 * trials[name].astype("float64") for name in ("team_right", "ai_right"))
    return texts.assign(value=right, ai=ai)


def _against_group(team: pd.DataFrame, alone: pd.DataFrame, name: str) -> list[object] | None:
    """A team and other people without the AI."""
    both = set(team["stimulus_id"]) & set(alone["stimulus_id"])
    team, alone = (rows[rows["stimulus_id"].isin(both)] for rows in (team, alone))
    if team.empty:
        return None
    first, second = sums_of(team), sums_of(alone)
    sizes = (len(first.people), len(second.people))
    reason = why_missing(sizes, len(both))
    value = float(first.people.mean() - second.people.mean())
    unknown = Estimate(value=value, error=math.nan, df=1)
    over_people = unknown if reason else over_people_and_stimuli(first, second)
    apart = _mean_over_people(alone.assign(value=alone["ai"] - alone["value"]), reason)
    counts = (*sizes, len(both))
    condition = str(team["condition"].iloc[0])
    alone_percent = float(second.people.mean())
    return _row(team, condition, name, counts, alone_percent, over_people, apart, reason)


def _against_before(own: pd.DataFrame) -> list[object]:
    """A team and its own people, before they saw what the AI says."""
    team = own.assign(
        value=100.0 * own["right_after"], ai=100.0 * own["advice_right"], first=own["right_before"]
    )
    before = 100 * float(team.groupby("participant_id")["first"].mean().mean())
    n_people, n_stimuli = team["participant_id"].nunique(), team["stimulus_id"].nunique()
    reason = why_missing((n_people,), n_stimuli)
    gain = _mean_over_people(team.assign(value=team["value"] - 100.0 * team["first"]), reason)
    apart = _mean_over_people(team.assign(value=team["ai"] - 100.0 * team["first"]), reason)
    condition, counts = str(team["condition"].iloc[0]), (n_people, n_people, n_stimuli)
    return _row(team, condition, BEFORE, counts, before, gain, apart, reason)


def _mean_over_people(rows: pd.DataFrame, reason: str) -> Estimate:
    """The mean over people of a value, for other people and other stimuli."""
    sums = sums_of(rows)
    value, moved = float(sums.people.mean()), sums.stimuli.to_numpy(dtype="float64")
    if reason:
        return Estimate(value=value, error=math.nan, df=1)
    shared = float(moved @ moved) * len(moved) / (len(moved) - 1)
    sizes = (len(sums.people), len(moved))
    own = shared - sums.over_meetings
    return combined(value, people=sums.over_people, stimuli=own, sizes=sizes)


def _row(
    team: pd.DataFrame,
    condition: str,
    name: str,
    counts: tuple[int, int, int],
    alone_percent: float,
    over_people: Estimate,
    apart: Estimate,
    reason: str,
) -> list[object]:
    """What is said of a team: its rows have the value of the team and of the AI."""
    by_person = team.groupby("participant_id")[["value", "ai"]].mean().mean()
    over_ai = _mean_over_people(team.assign(value=team["value"] - team["ai"]), reason)
    ai_percent = float(by_person["ai"])
    better = "people" if alone_percent > ai_percent else "AI"
    if math.isclose(alone_percent, ai_percent):
        better = "equal"
    return [
        *(condition, name, *counts, float(by_person["value"]), alone_percent, ai_percent),
        *(over_people.value, *over_people.interval(), over_ai.value, *over_ai.interval()),
        *(better, *lesser(over_people, over_ai, apart), reason),
    ]
