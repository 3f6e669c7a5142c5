import math
from pathlib import Path

import pandas as pd
import pytest

from analysis.export.facts import WeightFacts
from analysis.statistics.measures.teams.natural_weights import (
    cells_of,
    effective_n,
    natural_weights,
    weighted_accuracy,
)
from tests.analysis.pools import CELLS, pool_frame

REFERENCE = Path(__file__).parents[4] / "reference" / "nguyen2021"

# The paper's experts on natural images, right and shown, and the natural weights of its
# Figure A1: easy, medium, hard where the AI is right, then where it is wrong.
WEIGHTS = list(pd.read_csv(REFERENCE / "figure_a1.csv")["percent"])  # they sum to 99.95
GRADCAM = [(12, 12), (17, 19), (16, 21), (13, 15), (7, 16), (5, 21)]
NEIGHBOURS = [(21, 21), (18, 19), (20, 22), (14, 15), (10, 19), (8, 20)]


@pytest.mark.parametrize(
    ("counts", "raw", "normalised"), [(GRADCAM, 88.19, 88.23), (NEIGHBOURS, 91.11, 91.16)]
)
def test_the_papers_experts_weighted_by_its_natural_bins(counts, raw, normalised):
    share = pd.Series([100 * k / n for k, n in counts])
    percent = weighted_accuracy(share, pd.Series(WEIGHTS))
    assert round(percent, 2) == normalised
    assert round(percent * sum(WEIGHTS) / 100, 2) == raw


def test_weights_are_shares_of_the_six_bins_and_of_the_pool():
    pool = pool_frame([5, 1, 0, 1, 1, 2], outside_right=6, outside_wrong=4)
    weights = natural_weights(pool, ["tiny"])
    assert list(weights["n_images"]) == [5, 1, 0, 1, 1, 2]
    assert list(weights["weight_percent"]) == pytest.approx([50, 10, 0, 10, 10, 20])
    assert list(weights["pool_percent"]) == pytest.approx([25, 5, 0, 5, 5, 10])


def test_the_val_split_and_other_classifiers_have_no_weight():
    pool = pool_frame([1, 1, 1, 1, 1, 1])
    others = pd.concat([pool, pool.assign(split="val"), pool.assign(classifier="large")])
    pd.testing.assert_frame_equal(
        natural_weights(others, ["tiny"]), natural_weights(pool, ["tiny"])
    )


def test_weights_that_were_given_stand_where_there_is_no_pool():
    facts = [
        WeightFacts(classifier="tiny", bin=name, right=right, weight=2) for name, right in CELLS[:4]
    ]
    given = natural_weights(pool_frame([1] * 6).head(0), ["tiny"], facts)
    assert list(given["weight_percent"]) == [25, 25, 25, 25, 0, 0]
    assert given["n_images"].isna().all()


def test_equal_weights_are_worth_every_trial_and_one_heavy_bin_little_more_than_its_own():
    trials = pd.Series([10, 10, 0])
    assert effective_n(pd.Series([1, 1, 1]), trials) == pytest.approx(20)
    # (9 + 1)² / (81 / 10 + 1 / 10)
    assert effective_n(pd.Series([9, 1, 5]), trials) == pytest.approx(100 / 8.2)
    assert math.isnan(effective_n(pd.Series([1, 1, 1]), pd.Series([0, 0, 0])))


def test_each_bin_has_a_number_of_its_own_odd_where_the_ai_is_right():
    bins = pd.DataFrame(CELLS + [(None, True), (None, False)], columns=["bin", "ai_right"])
    assert list(cells_of(bins)) == [1, 3, 5, 0, 2, 4, 7, 6]
