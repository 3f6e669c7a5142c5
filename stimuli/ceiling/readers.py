"""The two readers, and what each says of stimuli that it did not learn from.

A regularised logistic regression and a small ensemble of trees. The ceiling is that of the mean of
their probabilities, a rule that is fixed here: the better of two, chosen after the fact, is better
than either by luck alone.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import expit
from sklearn import config_context
from sklearn.ensemble import ExtraTreesClassifier

LINEAR, TREES, MEAN = "linear", "trees", "mean"
FOLDS, REPEATS = 5, 5
INNER_FOLDS = 3
# One over the penalty: from where hardly anything is learnt to where most is.
STRENGTHS = np.array([0.003, 0.03, 0.3, 3.0])
NEWTON_STEPS = 12
TREE_COUNT, LEAST_IN_LEAF = 20, 4

Reader = Callable[[np.ndarray, np.ndarray, np.ndarray, np.random.Generator], np.ndarray]
"""Learns, in each of several runs, from the stimuli of weight above 0.

Takes numbers (n, features), truths (runs, n), weights (runs, n) and a generator; returns the
probability that the AI is right (runs, n), of the stimuli that it did not learn from too.
"""


def linear(
    numbers: np.ndarray, right: np.ndarray, weights: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Logistic regression with the ridge penalty that guesses best within what a run learns from.

    Each penalty is tried on three folds of it, by the log loss.
    """
    inner = np.stack([dealt(one, one, INNER_FOLDS, rng) for one in right])
    losses = np.zeros((len(STRENGTHS), len(right)))
    for loss, strength in zip(losses, STRENGTHS, strict=True):
        strengths = np.full(len(right), strength)
        for fold in range(INNER_FOLDS):
            learnt = logistic(numbers, right, weights * (inner != fold), strengths)
            sure = np.where(right, learnt, 1 - learnt).clip(1e-12)
            loss -= (weights * (inner == fold) * np.log(sure)).sum(1)
    return logistic(numbers, right, weights, STRENGTHS[losses.argmin(0)])


def logistic(
    numbers: np.ndarray, right: np.ndarray, weights: np.ndarray, strengths: np.ndarray
) -> np.ndarray:
    """Ridge logistic regressions by Newton's method, all runs at once.

    The objective is that of scikit-learn's `LogisticRegression`, half the square of the
    coefficients plus `strength` times the log loss with a free intercept, and so is the result;
    hundreds of fits to some fifty stimuli each take a hundredth of its time.

    Args:
        strengths: (runs,) one over the penalty.
    """
    design = np.column_stack([np.ones(len(numbers)), numbers])
    penalty = np.diag([0.0] + [1.0] * numbers.shape[1])
    coefficients = np.zeros((len(right), design.shape[1]))
    scaled = weights * strengths[:, None]
    for _ in range(NEWTON_STEPS):
        guesses = expit(coefficients @ design.T)
        slope = (scaled * (right - guesses)) @ design - coefficients @ penalty
        curved = (scaled * np.maximum(guesses * (1 - guesses), 1e-9))[:, :, None] * design
        curvature = design.T @ curved + penalty
        coefficients += np.linalg.solve(curvature, slope[..., None])[..., 0]
    return np.asarray(expit(coefficients @ design.T))


def trees(
    numbers: np.ndarray, right: np.ndarray, weights: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Extremely randomised trees (Geurts, Ernst and Wehenkel 2006), few and with large leaves."""
    guesses = np.empty(weights.shape)
    for guess, truth, weight, seed in zip(
        guesses, right, weights, rng.integers(2**31, size=len(right)), strict=True
    ):
        known = weight > 0
        model = ExtraTreesClassifier(
            TREE_COUNT, min_samples_leaf=LEAST_IN_LEAF, random_state=int(seed)
        )
        with config_context(skip_parameter_validation=True, assume_finite=True):
            model.fit(numbers[known], truth[known], weight[known])
            guess[:] = model.predict_proba(numbers)[:, 1]
    return guesses


READERS: dict[str, Reader] = {LINEAR: linear, TREES: trees}


def dealt(
    right: np.ndarray, strata: np.ndarray, n_folds: int, rng: np.random.Generator
) -> np.ndarray:
    """The fold of each stimulus, (n,): right and wrong answers in as equal numbers as can be.

    So are the strata within them. Without that a fold that holds more of one leaves fewer of it to
    learn from, and readers that know nothing would do worse than chance.
    """
    order = np.lexsort((rng.random(len(right)), strata, right))
    folds = np.empty(len(right), dtype=int)
    folds[order] = np.arange(len(right)) % n_folds
    return folds


def cross_validated(
    numbers: np.ndarray,
    right: np.ndarray,
    weights: np.ndarray,
    strata: np.ndarray,
    rng: np.random.Generator,
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What each reader, and the mean of them, says of stimuli that it did not learn from.

    Args:
        numbers: (n, features).
        right: (repeats, n) whether the AI is right, or is taken to be.
        weights: (n,) above 0.
        strata: (n,) numbers of the groups that every fold has its part of.

    Returns:
        Probabilities that the AI is right (repeats, n) by reader, and folds (repeats, n).
    """
    folds = np.stack([dealt(one, strata, FOLDS, rng) for one in right])
    known = folds[:, None] != np.arange(FOLDS)[:, None]
    runs = (known * weights / weights.mean()).reshape(-1, len(weights))
    guesses = {}
    for name, reader in READERS.items():
        said = reader(numbers, np.repeat(right, FOLDS, axis=0), runs, rng).reshape(known.shape)
        guesses[name] = np.take_along_axis(said, folds[:, None], axis=1)[:, 0]
    return guesses | {MEAN: np.mean([*guesses.values()], axis=0)}, folds
