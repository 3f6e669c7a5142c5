"""Areas and their intervals: by hand, by scikit-learn, by the report's own, by laws."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from analysis.statistics.intervals import newcombe as newcombe_of_the_report
from stimuli.ceiling.areas import LEARNING, area, difference, newcombe
from stimuli.ceiling.population import effective

ONE_FOLD = np.zeros((1, 60), dtype=int)


def test_in_one_fold_the_area_is_that_of_scikit_learn_weights_and_ties_too(
    rng: np.random.Generator,
) -> None:
    right, weights = rng.random(60) < 0.5, rng.uniform(0.1, 3, 60)
    guesses = np.round(rng.random((1, 60)) + 0.3 * right, 1)
    found = area(guesses, ONE_FOLD, right, weights)
    assert found.value == pytest.approx(roc_auc_score(right, guesses[0], sample_weight=weights))


def test_only_pairs_within_a_fold_count() -> None:
    """In fold 0 the right one wins, in fold 1 it ties; all other pairs would be lost."""
    right = np.array([True, False, True, False])
    guesses, folds = np.array([[0.2, 0.1, 0.9, 0.9]]), np.array([[0, 0, 1, 1]])
    assert area(guesses, folds, right, np.ones(4)).value == 0.75


def test_the_influences_give_the_variance_of_delong(rng: np.random.Generator) -> None:
    """The variances of the placements of right and of wrong ones, over their numbers (1988)."""
    right = np.arange(60) < 25
    guesses = rng.normal(size=(1, 60)) + right
    won = guesses[0, right][:, None] > guesses[0, ~right][None]
    expected = won.mean(1).var(ddof=1) / 25 + won.mean(0).var(ddof=1) / 35
    found = area(guesses, ONE_FOLD, right, np.ones(60))
    assert (found.influence**2).sum() == pytest.approx(expected)


def test_stimuli_without_weight_are_as_if_they_were_not_there(rng: np.random.Generator) -> None:
    right, guesses = rng.random(60) < 0.5, rng.random((1, 60))
    kept = np.arange(60) < 40
    part = area(guesses, ONE_FOLD, right, kept.astype(float))
    alone = area(guesses[:, kept], ONE_FOLD[:, kept], right[kept], np.ones(40))
    assert part.value == pytest.approx(alone.value)
    assert part.interval == pytest.approx(alone.interval)
    assert part.influence[kept] == pytest.approx(alone.influence)
    assert not part.influence[~kept].any()


@pytest.mark.parametrize(("value", "m", "n"), [(0.7, 24, 24), (0.95, 10, 30), (1.0, 12, 9)])
def test_the_interval_is_that_of_the_report(value: float, m: int, n: int) -> None:
    assert newcombe(value, m, n) == pytest.approx(newcombe_of_the_report(value, m, n))


def test_the_interval_is_that_of_half_as_many_stimuli(rng: np.random.Generator) -> None:
    right = np.arange(60) < 30
    found = area(rng.random((1, 60)) + right / 2, ONE_FOLD, right, np.ones(60))
    assert found.interval == newcombe(found.value, 30 / LEARNING, 30 / LEARNING)


def test_a_difference_is_paired_over_what_both_have() -> None:
    """Equal influences cancel; of a stimulus that one alone has, the whole of it counts."""
    names = [f"{number}" for number in range(10)]
    both, one = pd.Series(0.1, index=names), pd.Series(0.1, index=names[:9])
    assert difference(both, both, 0.2) == (0.2, 0.2)
    half = stats.t.ppf(0.975, 8) * np.sqrt(LEARNING) * 0.1
    assert difference(both, one, 0.2) == pytest.approx((0.2 - half, 0.2 + half))


def test_weighted_stimuli_are_worth_fewer() -> None:
    """Kish (1965): two of weight 3 and 1 are worth 16 / 10."""
    assert effective(np.array([3.0, 1.0, 0.0])) == pytest.approx(1.6)
    assert effective(np.full(7, 0.2)) == pytest.approx(7)
    assert effective(np.zeros(3)) == 0
