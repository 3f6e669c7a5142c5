"""Nearest neighbours, class by class, beside a search of everything: `make bench ONLY=neighbours`.

The peer is numpy with one matrix product: the distances of all queries to all candidates, and then
the nearest of the class that was asked for. Ours looks at the predicted classes only, a quarter of
all, and is to win there; with every class asked for it does the peer's work in sixteen parts of
four queries each, and is to be nearly as fast.
Features are noise, 128 x 7 x 7 numbers for an image, a tenth of EfficientNet-Lite0's channels:
20,800 take 0.5 GB.
"""

from collections.abc import Callable
from statistics import median

import numpy as np
import pytest

from explainers.neighbours import ranked
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import machine, seconds

OF_A_CLASS = size(1_300, quick=10)
CLASSES = 16
CANDIDATES = CLASSES * OF_A_CLASS
DIMENSIONS = size(128 * 49, quick=49)
QUERIES = size(64, quick=16)
K = 3
ROUNDS = size(5, quick=1)

Search = Callable[[], dict[int, list[int]]]


def searches(n_asked: int) -> tuple[Search, Search]:
    """Ours, and the peer's: for each query the K nearest of its class, of so many classes."""
    rng = np.random.default_rng(1)
    candidates = rng.standard_normal((CANDIDATES, DIMENSIONS), dtype=np.float32)
    queries = rng.standard_normal((QUERIES, DIMENSIONS), dtype=np.float32)
    labels = np.arange(CANDIDATES) // OF_A_CLASS
    asked = np.arange(QUERIES) % n_asked

    def ours() -> dict[int, list[int]]:
        nearest: dict[int, list[int]] = {}
        for label in np.unique(asked):
            places, first = np.flatnonzero(asked == label), label * OF_A_CLASS
            near = ranked(queries[places], candidates[first : first + OF_A_CLASS])
            rows = ([int(first) + row for row in n.rows[:K]] for n in near)
            nearest |= dict(zip(places.tolist(), rows, strict=True))
        return nearest

    def brute_force() -> dict[int, list[int]]:
        lengths = np.einsum("cd,cd->c", candidates, candidates)
        order = (lengths - 2 * queries @ candidates.T).argsort(1)
        return {
            place: order[place][labels[order[place]] == label][:K].tolist()
            for place, label in enumerate(asked)
        }

    return ours, brute_force


@pytest.mark.parametrize(("n_asked", "at_least"), [(CLASSES // 4, 1.0), (CLASSES, 0.8)])
def test_a_search_class_by_class_finds_the_same_as_fast(n_asked: int, at_least: float) -> None:
    ours, brute_force = searches(n_asked)
    assert ours() == brute_force()
    rounds = [(seconds(ours), seconds(brute_force)) for _ in range(ROUNDS)]
    ratio = median(theirs / mine for mine, theirs in rounds)
    mine, theirs = (median(times) for times in zip(*rounds, strict=True))
    print(  # noqa: T201
        f"\n{machine()}: {QUERIES} queries"
        f" in {n_asked} of {CLASSES} classes, {CANDIDATES} candidates of {DIMENSIONS} numbers,"
        f" {OF_A_CLASS} in a class"
        f"\nclass by class {mine:.3f} s, brute force {theirs:.3f} s: {ratio:.2f} times as fast"
        f" (median of {ROUNDS} interleaved rounds)",
        flush=True,
    )
    assert QUICK or ratio > at_least
