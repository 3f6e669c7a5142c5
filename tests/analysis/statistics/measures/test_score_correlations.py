import statistics

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics.measures import score_correlations
from analysis.statistics.measures.explanation_scores import ScoredStimuli
from analysis.statistics.measures.score_correlations import correlations

N = 12
BINS = [0] * 6 + [1] * 6
RIGHT = [1, 3, 2, 4, 2, 4, 0, 1, 3, 2, 1, 0]
RISING = [float(i) for i in range(N)]


def scored(columns, *, condition="a", n_right=RIGHT, bins=BINS, n_people=4):
    """Stimuli with scores by explainer and metric."""
    table = pd.DataFrame(columns, index=[f"s{i}" for i in range(len(n_right))], dtype="float64")
    table.columns = pd.MultiIndex.from_tuples(columns, names=["explainer", "metric"])
    n_right = np.array(n_right, dtype="int64")
    return ScoredStimuli(
        condition=condition,
        scores=table,
        n_right=n_right,
        n_people=np.full_like(n_right, n_people),
        bins=np.array(bins, dtype="int64"),
    )


def row_of(values, **facts):
    stimuli = scored({("cam", "iou"): values}, **facts)
    return correlations([stimuli], rng=np.random.default_rng(1)).iloc[0]


def test_both_correlations_are_those_of_plain_python_over_the_stimuli_with_a_score():
    values = [0.2, 0.7, np.nan, 0.6, 0.1, 0.9, 0.4, 0.3, 0.8, 0.25, 0.15, 0.05]
    row = row_of(values)
    x, y = zip(*[(v, 25 * k) for v, k in zip(values, RIGHT, strict=True) if v == v], strict=True)
    assert row["n_stimuli"] == 11
    assert row["r"] == pytest.approx(statistics.correlation(x, y))
    assert row["rho"] == pytest.approx(stats.spearmanr(x, y).statistic)
    left = [
        [v - statistics.mean(part) for part in (side[:5], side[5:]) for v in part]
        for side in (x, y)
    ]
    assert row["r_within"] == pytest.approx(statistics.correlation(*left))
    assert row["r_within_low"] < row["r_within"] < row["r_within_high"]
    assert row["p"] == row["p_adjusted"]
    assert (row["good"], row["reason"]) == ("large", "")


def test_bins_that_drive_both_sides_leave_nothing_within_them():
    # Both rise from bin to bin; within bins the score's 0 1 0 1 0 1 meets 0 0 1 1 0 0.
    score = [0.0, 1, 0, 1, 0, 1, 10, 11, 10, 11, 10, 11]
    row = row_of(score, n_right=[0, 0, 1, 1, 0, 0, 3, 3, 4, 4, 3, 3])
    assert row["r"] > 0.9
    assert row["r_within"] == pytest.approx(0)
    assert row["p"] > 0.9


@pytest.mark.parametrize(
    ("values", "facts", "n", "reason"),
    [
        ([0.5] * N, {}, N, score_correlations.FLAT_SCORE),
        ([np.nan] * N, {}, 0, score_correlations.FEW),
        ([0.1, 0.2, 0.3] + [np.nan] * 9, {}, 3, score_correlations.FEW),
        (RISING, {"n_right": [3] * N}, N, score_correlations.FLAT_PEOPLE),
        ([0, 0, 0, 1] * 3, {}, N, score_correlations.ONE_SIDED),
        ([0.5] * 6 + [0.9] * 6, {}, N, score_correlations.FLAT_WITHIN),
        (RISING, {"n_right": [1] * 6 + [3] * 6}, N, score_correlations.FLAT_PEOPLE_WITHIN),
        (RISING, {"bins": [i // 2 for i in range(8)] + [3] * 4}, N, ""),
        (RISING[:8], {"n_right": RIGHT[:8], "bins": [0, 0, 1, 1, 2, 2, 2, 2]}, 8, "too few"),
        ([0, 1] * 6, {}, N, score_correlations.FEW_TWO_VALUED),
        ([0, 1] * 18, {"n_right": RIGHT * 3, "bins": BINS * 3}, 36, ""),
    ],
)
def test_what_cannot_be_correlated_is_missing_and_says_why(values, facts, n, reason):
    row = row_of(values, **facts)
    assert row["n_stimuli"] == n
    assert row["reason"].startswith(reason)
    assert (row["reason"] == "") == (reason == "")
    within = ["r_within", "r_within_low", "r_within_high", "p", "p_adjusted"]
    assert row[within].isna().all() == (reason != "")
    only_within = reason in (score_correlations.FEW_TWO_VALUED, "too few")
    only_within |= reason.endswith("within bins")
    assert row[["r", "rho"]].notna().all() == (reason == "" or only_within)


def test_a_family_is_all_scores_of_all_conditions():
    rng = np.random.default_rng(3)
    metrics = {("cam", name): rng.normal(size=N) for name in ("iou", "deletion", "mine")}
    alone = correlations([scored(metrics)], rng=np.random.default_rng(1))
    both = [scored(metrics), scored(metrics | {("cam", "flat"): [1.0] * N}, condition="b")]
    family = correlations(both, rng=np.random.default_rng(1))
    assert family["good"].tolist() == ["large", "small", "", "large", "small", "", ""]
    pd.testing.assert_series_equal(family["p"][:3], alone["p"])
    assert (family["p_adjusted"][:3] > alone["p_adjusted"]).all()
    assert family["p_adjusted"].isna().tolist() == [False] * 6 + [True]


def test_nobody_who_judged_is_no_error():
    nobody = scored({("cam", "iou"): []}, n_right=[], bins=[])
    row = correlations([nobody], rng=np.random.default_rng(1)).iloc[0]
    assert (row["n_stimuli"], row["reason"]) == (0, score_correlations.FEW)
