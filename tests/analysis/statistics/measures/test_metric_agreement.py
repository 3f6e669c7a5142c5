import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics.measures.metric_agreement import agreement
from tests.analysis.statistics.measures.test_score_correlations import BINS, RISING, N, scored


def test_metrics_of_an_explainer_stand_beside_each_other_turned_so_that_large_is_good():
    rng = np.random.default_rng(2)
    pointing = [0.0, 1] * 6
    dice = rng.random(N)
    table = agreement(
        [
            scored(
                {
                    ("knn", "distance_1"): RISING,
                    ("cam", "iou"): RISING,
                    ("cam", "deletion"): RISING,
                    ("cam", "pointing"): pointing,
                    ("cam", "dice"): dice,
                }
            )
        ]
    )
    assert table["metric"].tolist() == ["deletion", "pointing", "dice"]
    assert list(table)[3:] == ["rho_iou", "rho_deletion", "rho_pointing"]
    assert table.set_index("metric").loc["deletion", "rho_iou"] == pytest.approx(-1)
    assert table["rho_pointing"].isna().tolist() == [True, True, False]
    # Within bins, by ranks over all stimuli and pandas' means.
    ranked = [pd.Series(stats.rankdata(side)) for side in (dice, RISING)]
    left = [side - side.groupby(BINS).transform("mean") for side in ranked]
    assert table["rho_iou"].iloc[2] == pytest.approx(left[0].corr(left[1]))
    assert table["rho_deletion"].iloc[2] == pytest.approx(-left[0].corr(left[1]))


def test_metrics_that_share_too_few_stimuli_or_do_not_vary_have_no_correlation():
    few = [1.0, 2, 3] + [np.nan] * 9
    table = agreement([scored({("cam", "a"): RISING, ("cam", "b"): few, ("cam", "c"): [1.0] * N})])
    assert table[["rho_a", "rho_b"]].isna().all(axis=None)


def test_an_explainer_with_one_metric_has_nothing_beside_it():
    assert agreement([scored({("cam", "iou"): RISING})]).empty
