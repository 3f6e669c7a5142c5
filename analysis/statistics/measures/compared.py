"""What is compared between conditions: the value of each measure in every trial, or person.

Accuracy is the paper's (Nguyen et al. 2021, section 3.1). Where an explanation makes people trust
an AI too much, accuracy can stay as it is while over-reliance rises and under-reliance falls, so
that a study may name either as its measure.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.export.facts import Analysis, Measure
from analysis.statistics.comparisons import holm
from analysis.statistics.differences import COLUMNS, differences, verdict
from analysis.statistics.looks import Look, at_look
from analysis.statistics.measures import reliance
from analysis.statistics.pairs import Pair

VALUES = ["participant_id", "condition", "stimulus_id", "value"]
OF_RELIANCE = frozenset({"over_reliance", "under_reliance", "d_prime", "criterion"})


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A measure as it is compared.

    Attributes:
        title: its name at the beginning of a sentence.
        unit: of its means.
        of_difference: the unit of differences.
        values: from trials, as `accuracy.test_trials` returns them, to those of `VALUES`.
        is_logarithm: whether values are natural logarithms, so that means are geometric and a
            difference is one in per cent.
    """

    title: str
    unit: str
    of_difference: str
    values: Callable[[pd.DataFrame], pd.DataFrame]
    is_logarithm: bool = False


def _accuracy(trials: pd.DataFrame) -> pd.DataFrame:
    return _valued(trials, 100 * trials["team_right"].astype("float64"))


def _over_reliance(trials: pd.DataFrame) -> pd.DataFrame:
    wrong = _natural(trials, ai_right=False)
    return _valued(wrong, 100 * (wrong["decision"] == "accept").astype("float64"))


def _under_reliance(trials: pd.DataFrame) -> pd.DataFrame:
    right = _natural(trials, ai_right=True)
    return _valued(right, 100 * (right["decision"] == "reject").astype("float64"))


def _time(trials: pd.DataFrame) -> pd.DataFrame:
    timed = trials[trials["decision_rt_ms"] > 0]
    seconds = timed["decision_rt_ms"].astype("float64") / 1000
    return _valued(timed, seconds.map(math.log))


def _of_people(name: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def values(trials: pd.DataFrame) -> pd.DataFrame:
        users = reliance.per_user(trials)
        return _valued(users.assign(stimulus_id=None), users[name])

    return values


def _natural(trials: pd.DataFrame, *, ai_right: bool) -> pd.DataFrame:
    decided = (trials["kind"] == "natural") & trials["decision"].notna()
    return trials[decided & (trials["ai_right"].astype(bool) == ai_right)]


def _valued(rows: pd.DataFrame, value: pd.Series) -> pd.DataFrame:
    return rows.assign(value=value)[VALUES].reset_index(drop=True)


MEASURES: Mapping[Measure, Comparison] = {
    "accuracy": Comparison(title="Accuracy", unit="%", of_difference="points", values=_accuracy),
    "over_reliance": Comparison(
        title="Over-reliance", unit="%", of_difference="points", values=_over_reliance
    ),
    "under_reliance": Comparison(
        title="Under-reliance", unit="%", of_difference="points", values=_under_reliance
    ),
    "d_prime": Comparison(
        title="Sensitivity d′", unit="", of_difference="", values=_of_people("d_prime")
    ),
    "criterion": Comparison(
        title="Criterion c", unit="", of_difference="", values=_of_people("criterion")
    ),
    "time": Comparison(
        title="Decision time", unit="s", of_difference="%", values=_time, is_logarithm=True
    ),
}
MEANS = ["mean_a", "mean_b"]
DISTANCES = (
    *("difference", "people_low", "people_high", "low", "high", "narrow_low", "narrow_high"),
    *("looks_low", "looks_high"),
)


def told_of(measure: Measure, pairs: Sequence[Pair], without_ai: Collection[str]) -> list[Pair]:
    """The pairs of which a measure tells: one of reliance, only where both are shown an AI."""
    silent = frozenset(without_ai) if measure in OF_RELIANCE else frozenset()
    return [pair for pair in pairs if not silent.intersection(pair)]


def of_people(trials: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The mean of each person, as it is read: participant_id, condition and value."""
    values = MEASURES[measure].values(trials)
    people = values.groupby(["participant_id", "condition"], observed=True)["value"].mean()
    read = people.map(math.exp) if MEASURES[measure].is_logarithm else people
    return read.reset_index()


def as_read(table: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """A table of `differences.differences` in the units in which its numbers are read.

    Logarithms of seconds become seconds (the geometric mean), and their differences per cent.
    """
    if not MEASURES[measure].is_logarithm:
        return table
    shown = table.copy()
    shown[MEANS] = np.exp(table[MEANS])
    distances = [column for column in DISTANCES if column in table]
    shown[distances] = 100 * np.expm1(table[distances])
    return shown


def primary(
    trials: pd.DataFrame,
    pairs: Sequence[Pair],
    settings: Analysis,
    *,
    apart: Sequence[Pair] = (),
    look: Look | None = None,
) -> pd.DataFrame:
    """`differences.differences` of the primary measure, in the units in which it is read.

    Args:
        trials: as `accuracy.test_trials` returns them.
        pairs: a and b, the family of the test.
        settings: `[analysis]`.
        apart: as `differences.differences` takes it.
        look: of a study with several; adds the columns of `looks.at_look`.
    """
    values = MEASURES[settings.measure].values(trials)
    table = differences(
        values,
        pairs,
        alternative=settings.alternative,
        margin=settings.equivalence_points,
        apart=apart,
    )
    if look is not None:
        table = at_look(table, look, alternative=settings.alternative)
    return as_read(table, settings.measure)


def secondary(
    trials: pd.DataFrame,
    pairs: Sequence[Pair],
    settings: Analysis,
    *,
    apart: Sequence[Pair] = (),
    without_ai: Collection[str] = (),
) -> pd.DataFrame:
    """The secondary measures, two-sided and without a margin: measure, then as `primary`.

    All pairs of all secondary measures together are the family of Holm's adjustment; of measures of
    reliance only those in which neither condition is `without_ai`.
    """
    parts = []
    for measure in settings.secondary:
        values = MEASURES[measure].values(trials)
        told = told_of(measure, pairs, without_ai)
        table = differences(values, told, alternative="two-sided", apart=apart)
        parts.append(as_read(table, measure).assign(measure=measure))
    if not parts:
        return pd.DataFrame(columns=["measure", *COLUMNS])
    table = pd.concat(parts, ignore_index=True)
    adjusted = holm(table["p"].fillna(table["people_p"]))
    verdicts = [verdict(p, np.nan) for p in adjusted]
    return table.assign(p_holm=adjusted, verdict=verdicts)[["measure", *COLUMNS]]
