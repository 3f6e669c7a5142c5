"""Nearest neighbours by exact L2."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.neighbours import Neighbours, nearest_other, ranked, without_copies


def points(*values: float) -> np.ndarray:
    """Points on a line in two dimensions."""
    return np.array([[v, 0.0] for v in values], dtype=np.float32)


def nearest(
    queries: np.ndarray, candidates: np.ndarray, *, k: int, duplicate_distance: float
) -> list[Neighbours]:
    """The k nearest of each query that are no copies of it."""
    return [
        without_copies(neighbours, k=k, duplicate_distance=duplicate_distance)
        for neighbours in ranked(queries, candidates)
    ]


def test_the_nearest_come_first_with_their_distances() -> None:
    (neighbours,) = nearest(points(0), points(5, -1, 3, 2), k=3, duplicate_distance=0.0)
    assert neighbours.rows == (1, 3, 2)
    assert neighbours.distances == pytest.approx((1, 2, 3))


def test_copies_of_the_image_are_dropped() -> None:
    (neighbours,) = nearest(points(0), points(0, 0.5, 3, 4, 5), k=2, duplicate_distance=1.0)
    assert neighbours.rows == (2, 3)


def test_too_few_candidates_give_fewer_neighbours() -> None:
    assert nearest(points(0), points(7), k=3, duplicate_distance=0.0)[0].rows == (0,)
    assert nearest(points(0), points(), k=3, duplicate_distance=0.0)[0].rows == ()


@given(st.integers(1, 12), st.integers(1, 30), st.integers(0, 100))
def test_brute_force_finds_the_same(n_queries: int, n_candidates: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    queries = rng.normal(size=(n_queries, 5)).astype(np.float32)
    pool = rng.normal(size=(n_candidates, 5)).astype(np.float32)
    ours = nearest(queries, pool, k=3, duplicate_distance=0.5)
    for query, neighbours in zip(queries, ours, strict=True):
        distances = np.linalg.norm(pool - query, axis=1)
        order = [row for row in np.argsort(distances) if distances[row] >= 0.5][:3]
        assert list(neighbours.rows) == order
        assert neighbours.distances == pytest.approx(distances[order], rel=1e-3)


def test_the_nearest_other_image_is_not_the_image_itself() -> None:
    assert nearest_other(points(0, 1, 3, 7)) == pytest.approx([1, 1, 2, 4])
