"""Nearest neighbours in feature space: training images that look alike to the classifier."""

from dataclasses import dataclass

import faiss
import numpy as np

# Where no distance is given, images closer than this share of the usual distance between a
# training image and its nearest neighbour are taken for copies. The paper's ResNet-34 had 100,
# with usual distances of about 255.
DUPLICATE_SHARE = 0.4


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbours:
    """The candidates of one image, nearest first.

    Attributes:
        rows: candidate row numbers.
        distances: their L2 distances.
    """

    rows: tuple[int, ...]
    distances: tuple[float, ...]


def ranked(queries: np.ndarray, candidates: np.ndarray) -> list[Neighbours]:
    """All candidates of each query, nearest first (exact L2).

    Args:
        queries: (n, dimensions) float32.
        candidates: (m, dimensions) float32.
    """
    if len(candidates) == 0:
        return [Neighbours(rows=(), distances=())] * len(queries)
    index = faiss.IndexFlatL2(candidates.shape[1])
    index.add(np.ascontiguousarray(candidates))
    squared, rows = index.search(np.ascontiguousarray(queries), len(candidates))
    distances = np.sqrt(np.maximum(squared, 0))  # rounding makes some squares negative
    return [
        Neighbours(rows=tuple(r.tolist()), distances=tuple(d.tolist()))
        for r, d in zip(rows, distances, strict=True)
    ]


def without_copies(neighbours: Neighbours, *, k: int, duplicate_distance: float) -> Neighbours:
    """The k nearest that are at least `duplicate_distance` away; fewer if there are no more."""
    pairs = zip(neighbours.rows, neighbours.distances, strict=True)
    nearest = [(row, distance) for row, distance in pairs if distance >= duplicate_distance][:k]
    return Neighbours(rows=tuple(r for r, _ in nearest), distances=tuple(d for _, d in nearest))


def nearest_other(features: np.ndarray) -> np.ndarray:
    """(n,) L2 distance of each image to the nearest other one.

    Args:
        features: (n, dimensions) float32, n at least 2.
    """
    return np.array([others.distances[1] for others in ranked(features, features)])
