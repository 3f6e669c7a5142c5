"""Uncertainty sampling: the four orders by hand, and ties."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stimuli.sal.criteria.candidates import Candidates
from tests.stimuli.sal.criteria.conftest import picks

SEEDS = st.integers(0, 2**32 - 1)
UNCERTAINTY = ("least_confidence", "margin", "entropy")


def candidates_of(*probabilities: list[float]) -> Candidates:
    """Candidates with these probabilities; their features are alike."""
    n = len(probabilities)
    with np.errstate(divide="ignore"):
        logits = np.log(probabilities)
    return Candidates(logits=logits, features=np.ones((n, 2)), labelled_features=np.ones((1, 2)))


@pytest.mark.parametrize(
    ("name", "order"),
    [
        # max p: .60 .50 .45 .90
        ("least_confidence", [2, 1, 0, 3]),
        # p1 - p2: .40 .02 .10 .80
        ("margin", [1, 2, 0, 3]),
        # -sum p log p: .9503 .7771 1.0487 .3251
        ("entropy", [2, 0, 1, 3]),
    ],
)
def test_uncertainty_is_that_by_hand(name: str, order: list[int]) -> None:
    candidates = candidates_of(
        [0.6, 0.2, 0.2], [0.5, 0.48, 0.02], [0.45, 0.35, 0.2], [0.9, 0.1, 0.0]
    )
    assert picks(name, candidates, 4) == order


def test_a_class_of_probability_zero_adds_nothing_to_the_entropy() -> None:
    """0, log 2 = .693, .500 and log 3 = 1.099."""
    candidates = candidates_of([1, 0, 0], [0.5, 0.5, 0], [0.8, 0.2, 0], [1 / 3, 1 / 3, 1 / 3])
    assert picks("entropy", candidates, 4) == [3, 1, 2, 0]


def test_logits_too_far_apart_for_a_probability_still_have_an_entropy() -> None:
    logits = np.array([[0.0, 5000.0], [0.0, 0.0], [-5000.0, 0.0]], dtype=np.float32)
    candidates = replace(candidates_of([1, 0], [1, 0], [1, 0]), logits=logits)
    assert picks("entropy", candidates, 1) == [1]


@pytest.mark.parametrize("name", UNCERTAINTY)
@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_candidates_stay_tied_to_the_last_bit_whatever_the_order_of_their_classes(
    name: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    logits = rng.permuted(np.tile(rng.standard_normal(7), (9, 1)), axis=1)
    tied = Candidates(logits=logits, features=np.ones((9, 1)), labelled_features=np.ones((0, 1)))
    assert picks(name, tied, 9, seed) == picks("random", tied, 9, seed)
