"""Reliability against covariances whose alpha and omega are known, and a second implementation."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.export.study_file import QuestionTable
from analysis.statistics.scales import internal_consistency
from analysis.statistics.scales.coded_answers import Scale
from tests.analysis.statistics.scales.exact import LOADINGS, Matrix, one_factor, with_covariance


def answers_of(values: Matrix) -> dict[Scale, pd.DataFrame]:
    """Items of a scale, as `coded_answers.item_scores` returns them."""
    names = [f"q{k}" for k in range(values.shape[1])]
    items = tuple(QuestionTable(name=name, options=("1", "2", "3")) for name in names)
    table = pd.DataFrame(values, columns=names)
    table.insert(0, "participant_id", [f"p{i}" for i in range(len(values))])
    table.insert(1, "condition", "a")
    return {Scale(name="trust", label="trust", items=items, reversed=("q1",)): table}


@pytest.mark.parametrize(("k", "r"), [(2, 0.5), (3, 0.5), (8, 0.2)])
def test_alpha_of_equal_correlations_is_that_of_spearman_and_brown(k: int, r: float) -> None:
    items = with_covariance(np.full((k, k), r) + (1 - r) * np.eye(k))
    assert internal_consistency.alpha(items) == pytest.approx(k * r / (1 + (k - 1) * r))


def test_the_error_of_alpha_is_that_of_leaving_out_each_person_in_turn() -> None:
    rng = np.random.default_rng(2)
    trait = rng.normal(size=(60, 1))
    items = np.clip(np.round(3 + trait + rng.normal(size=(60, 4))), 1, 5)
    without = [
        math.sqrt(1 - internal_consistency.alpha(np.delete(items, i, axis=0))) for i in range(60)
    ]
    estimate = internal_consistency.error_root(items)
    assert estimate.error == pytest.approx(math.sqrt(59 * float(np.var(without))))
    assert estimate.value == pytest.approx(math.sqrt(1 - internal_consistency.alpha(items)))


def test_the_error_of_alpha_is_that_of_bonett_for_normal_items_that_are_alike() -> None:
    n, k = 50_000, 4
    rng = np.random.default_rng(3)
    items = rng.normal(size=(n, 1)) + rng.normal(size=(n, k))
    of_log = math.sqrt(2 * k / ((k - 1) * (n - 2)))  # of log(1 - alpha); Bonett 2002, equation 5
    estimate = internal_consistency.error_root(items)
    assert 2 * estimate.error / estimate.value == pytest.approx(of_log, rel=0.02)


def test_reliability_is_told_with_its_interval_or_why_there_is_none() -> None:
    items = with_covariance(one_factor(LOADINGS), n=60)
    (row,) = internal_consistency.per_scale(answers_of(items)).to_dict("records")
    assert (row["n_items"], row["n_people"], row["reason"]) == (3, 60, "")
    assert row["alpha_low"] < row["alpha"] < row["alpha_high"]
    cases = {
        "fewer than 20 people answered all items": (items[:19], False, False, False),
        "an item has the same answer from everybody": (items * [0, 1, 1], False, False, False),
        "everybody has the same sum": (items[:, :1] * [1, -1], False, False, False),
        "the interval needs 50 people": (items[:49], True, False, True),
        "ω needs 3 items": (items[:, :2], True, True, False),
    }
    for reason, (values, *are_there) in cases.items():
        (row,) = internal_consistency.per_scale(answers_of(values)).to_dict("records")
        assert row["reason"] == reason
        found = [not math.isnan(row[name]) for name in ("alpha", "alpha_low", "omega")]
        assert found == are_there


def test_items_that_are_one_have_no_error() -> None:
    once = with_covariance(np.eye(1), n=50)
    (row,) = internal_consistency.per_scale(answers_of(np.repeat(once, 3, axis=1))).to_dict(
        "records"
    )
    assert [row["alpha"], row["alpha_low"], row["omega"]] == pytest.approx([1, 1, 1])


def test_a_single_question_has_no_reliability() -> None:
    assert internal_consistency.per_scale(answers_of(with_covariance(np.eye(1)))).empty


def test_an_item_is_set_against_the_sum_of_the_others() -> None:
    values = with_covariance(one_factor(np.array([0.8, -0.7, 0.6])))
    table = internal_consistency.per_item(answers_of(values)).set_index("item")
    # cov(q0, q1 + q2) = -.56 + .48, var(q1 + q2) = 2 - .84
    assert table.loc["q0", "rest_r"] == pytest.approx(-0.08 / math.sqrt(2 - 0.84))
    assert table["is_reversed"].tolist() == [False, True, False]
    assert table.loc["q1", "std"] == pytest.approx(1)


def test_the_interval_of_alpha_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    n_held = 0
    for _ in range(200):
        items = rng.normal(size=(50, 1)) + rng.normal(size=(50, 4))
        low, high = internal_consistency.error_root(items).interval()
        n_held += low <= math.sqrt(1 - 0.8) <= high  # 4 · .5 / (1 + 3 · .5) = .8
    fewest, most = stats.binom.interval(0.999, 200, 0.95)
    assert fewest <= n_held <= most
