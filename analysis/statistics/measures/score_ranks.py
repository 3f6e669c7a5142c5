"""How do scores rank the explanations of a study, and do they agree, also with people?

After LATEC (Klein et al. 2024), which compared 17 explainers by 20 metrics and found these often in
conflict. Only scores of which it is known which values are good can rank, and distances to
neighbours cannot: each classifier has a scale of its own.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations_with_replacement, product

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.measures.explanation_scores import (
    FAMILIES,
    LARGE,
    NEARNESS,
    SMALL,
    UNKNOWN,
    ScoredStimuli,
    family_of,
    good_values,
    plain_name,
)

EXPLANATION = ["condition", "explainer"]
PEOPLE = "people"  # their accuracy stands as a metric of this name, and as a family of its own
COLUMNS = ["family", "metric", *EXPLANATION, "good", "n_stimuli", "mean", "rank"]
DIGITS = 6  # of a mean; what differs later is rounding, not a better explanation


def ranks(conditions: Iterable[ScoredStimuli], accuracy: Mapping[str, float]) -> pd.DataFrame:
    """The rank that each score gives to what the conditions show, and that of their people.

    Means are over the stimuli of which every explanation that has the metric has a value, so that
    none is better for easier stimuli. A metric that fewer than two explanations have ranks nothing.

    Args:
        conditions: as `explanation_scores.scored_stimuli` returns them.
        accuracy: of the people of each condition, in per cent; one that is missing has no rank.

    Returns:
        family, metric, condition, explainer, good, n_stimuli (missing for people), mean (of a
        score, or the accuracy), rank (1 is best; equal means share the mean of their ranks): by
        family and metric in the order of `FAMILIES`, people last. None at all where scores rank
        nothing.
    """
    values = scores_by_stimulus(conditions)
    metrics = sorted({metric for *_, metric in values}, key=place_of)
    known = [metric_ranks(m, values) for m in metrics if family_of(m) not in (UNKNOWN, NEARNESS)]
    tables = [table for table in known if len(table)]
    if not tables:
        return pd.DataFrame(columns=COLUMNS)
    shown = pd.concat(tables)[EXPLANATION].drop_duplicates()
    table = pd.concat([*tables, people_ranks(shown, accuracy)], ignore_index=True)
    return table.astype({"n_stimuli": "Int64"})[COLUMNS]


def people_ranks(shown: pd.DataFrame, accuracy: Mapping[str, float]) -> pd.DataFrame:
    """The rows of people; none where fewer than two of the explanations shown have any."""
    people = shown.assign(mean=shown["condition"].map(accuracy).astype("float64"))
    people = people.dropna(subset="mean").assign(family=PEOPLE, metric=PEOPLE, good=LARGE)
    if len(people) < 2:
        return pd.DataFrame(columns=COLUMNS)
    return people.assign(rank=ranked(people["mean"].to_numpy(), LARGE))


def agreement(table: pd.DataFrame) -> pd.DataFrame:
    """Do families of scores rank alike? The mean of Kendall's tau-b over pairs of their metrics.

    Args:
        table: as `ranks` returns it.

    Returns:
        family_a, family_b (the same, for pairs within a family, or a later one), n_pairs, tau (-1
        to 1), least, greatest: families without a pair have no row. Two metrics are compared over
        the explanations that both rank; where one of them puts all on one place, there is no tau.
    """
    wide = table.pivot(index=EXPLANATION, columns="metric", values="rank")
    of_family = {
        f: list(dict.fromkeys(t["metric"])) for f, t in table.groupby("family", sort=False)
    }
    rows = []
    for a, b in combinations_with_replacement(of_family, 2):
        pairs = [
            (x, y)
            for x, y in product(of_family[a], of_family[b])
            if a != b or of_family[a].index(x) < of_family[b].index(y)
        ]
        taus = np.array([tau(wide[x], wide[y]) for x, y in pairs], dtype="float64")
        taus = taus[np.isfinite(taus)]
        if len(taus):
            rows.append((a, b, len(taus), taus.mean(), taus.min(), taus.max()))
    return pd.DataFrame(
        rows, columns=["family_a", "family_b", "n_pairs", "tau", "least", "greatest"]
    )


def tau(one: pd.Series, other: pd.Series) -> float:
    """Kendall's tau-b of two ranks; NaN where either ranks fewer than two explanations apart."""
    both = one.notna() & other.notna()
    if one[both].nunique() < 2 or other[both].nunique() < 2:
        return np.nan
    return float(np.clip(stats.kendalltau(one[both], other[both]).statistic, -1, 1))  # by rounding


def ranked(means: np.ndarray, good: str) -> np.ndarray:
    """1 for the best; means that agree to `DIGITS` digits share the mean of their ranks."""
    rounded = np.array([float(f"{mean:.{DIGITS}g}") for mean in means])
    return np.asarray(stats.rankdata(rounded if good == SMALL else -rounded))


def scores_by_stimulus(
    conditions: Iterable[ScoredStimuli],
) -> dict[tuple[str, str, str], pd.Series]:
    """The scores of each condition, explainer and metric, by stimulus."""
    return {
        (stimuli.condition, explainer, metric): stimuli.scores[explainer, metric].dropna()
        for stimuli in conditions
        for explainer, metric in stimuli.names
    }


def metric_ranks(metric: str, values: Mapping[tuple[str, str, str], pd.Series]) -> pd.DataFrame:
    """The rows of one metric; none where it does not rank."""
    own = {key[:2]: series for key, series in values.items() if key[2] == metric and len(series)}
    common = pd.DataFrame(own).dropna()
    if len(own) < 2 or common.empty:
        return pd.DataFrame()
    means, good = common.mean().to_numpy(), good_values(metric)
    table = pd.DataFrame(list(own), columns=EXPLANATION)
    table = table.assign(family=family_of(metric), metric=metric, good=good, n_stimuli=len(common))
    return table.assign(mean=means, rank=ranked(means, good))


def place_of(metric: str) -> tuple[int, int, str]:
    """Where a metric stands among all: by family, and then as the table of families has it."""
    family = family_of(metric)
    if family == UNKNOWN:
        return len(FAMILIES), 0, metric
    within = list(FAMILIES[family]).index(plain_name(metric))
    return list(FAMILIES).index(family), within, metric
