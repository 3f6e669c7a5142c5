"""Candidates to pick from."""

from collections.abc import Callable

import numpy as np
import pytest

from stimuli.sal.criteria.candidates import Candidates
from stimuli.sal.criteria.registry import CRITERIA

Draw = Callable[..., Candidates]


def picks(name: str, candidates: Candidates, k: int, seed: int = 0) -> list[int]:
    """The rows that a criterion picks, in order."""
    return CRITERIA[name](candidates, k, np.random.default_rng(seed)).tolist()


@pytest.fixture(scope="session")
def draw() -> Draw:
    """Candidates at random, in float64; every one differs from the others."""

    def make(seed: int, *, n: int = 30, labelled: int = 20, classes: int = 5) -> Candidates:
        rng = np.random.default_rng(seed)
        return Candidates(
            logits=3 * rng.standard_normal((n, classes)),
            features=rng.standard_normal((n, 8)),
            labelled_features=rng.standard_normal((labelled, 8)),
        )

    return make


@pytest.fixture(scope="session")
def identical() -> Candidates:
    """Twelve candidates that nothing tells apart."""
    return Candidates(
        logits=np.tile([0.3, 1.1, -0.7], (12, 1)),
        features=np.tile([0.1, 0.7, 1.3, 2.9], (12, 1)),
        labelled_features=np.array([[0.1, 0.7, 1.3, 2.9]]),
    )
