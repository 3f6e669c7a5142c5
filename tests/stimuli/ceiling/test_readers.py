"""The readers: the same as scikit-learn's, and never told what they are asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from stimuli.ceiling.areas import area
from stimuli.ceiling.readers import (
    FOLDS,
    MEAN,
    READERS,
    STRENGTHS,
    cross_validated,
    dealt,
    logistic,
)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_linear_reader_is_the_logistic_regression_of_scikit_learn(
    strength: float, rng: np.random.Generator
) -> None:
    numbers, weights = rng.normal(size=(50, 20)), rng.uniform(0.2, 4, 50)
    right = numbers[:, 0] + rng.normal(size=50) > 0
    weights[:10] = 0
    model = LogisticRegression(C=strength, tol=1e-9, max_iter=10_000)
    model.fit(numbers[10:], right[10:], weights[10:])
    found = logistic(numbers, right[None], weights[None], np.array([strength]))
    assert found[0] == pytest.approx(model.predict_proba(numbers)[:, 1], abs=1e-6)


def test_where_one_number_tells_all_newtons_method_still_ends(rng: np.random.Generator) -> None:
    right = np.arange(40) % 2 == 0
    numbers = np.where(right, 1.0, -1.0)[:, None] * np.ones(3)
    found = logistic(numbers, right[None], np.full((1, 40), 5.0), STRENGTHS[-1:])
    assert ((found[0] > 0.99) == right).all()
    assert np.isfinite(found).all()


@given(st.integers(10, 60), st.integers(1, 4), st.integers(0, 2**31))
def test_every_fold_has_its_part_of_right_and_wrong_and_of_every_stratum(
    n: int, n_strata: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    right, strata = rng.random(n) < 0.5, rng.integers(n_strata, size=n)
    folds = dealt(right, strata, FOLDS, rng)
    for side in (right, ~right):
        assert np.ptp(np.bincount(folds[side], minlength=FOLDS)) <= 1
        for stratum in range(n_strata):
            of = folds[side & (strata == stratum)]
            assert np.ptp(np.bincount(of, minlength=FOLDS)) <= 1


@pytest.mark.parametrize("name", READERS)
def test_no_reader_looks_at_the_truth_of_what_it_is_asked(
    name: str, rng: np.random.Generator
) -> None:
    numbers, right = rng.normal(size=(30, 4)), np.arange(30) % 2 == 0
    known = (np.arange(30) < 24).astype(float)
    changed = np.where(known > 0, right, ~right)
    said = [
        READERS[name](numbers, truth[None], known[None], np.random.default_rng(1))
        for truth in (right, changed)
    ]
    assert (said[0] == said[1]).all()


def test_what_is_asked_comes_from_the_fold_that_did_not_learn_it(rng: np.random.Generator) -> None:
    """The number is the truth of the stimulus itself, at random: learning it would tell all."""
    right = rng.permutation(np.arange(40) % 2 == 0)
    names = np.eye(40)
    guesses, folds = cross_validated(
        names, np.tile(right, (2, 1)), np.ones(40), np.zeros(40, dtype=int), rng
    )
    found = area(guesses[MEAN], folds, right, np.ones(40))
    assert found.value == pytest.approx(0.5, abs=0.2)
    assert guesses[MEAN] == pytest.approx((guesses["linear"] + guesses["trees"]) / 2)
