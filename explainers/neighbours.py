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
    """The nearest candidates of one image, nearest first.

    Attributes:
        rows: candidate row numbers; fewer than asked for where there are no more.
        distances: their L2 distances.
    """

    rows: tuple[int, ...]
    distances: tuple[float, ...]


def nearest(
    queries: np.ndarray, candidates: np.ndarray, *, k: int, duplicate_distance: float
) -> list[Neighbours]:
    """Find the k nearest candidates of each query, copies of the query left out (exact L2).

    Args:
        queries: (n, dimensions) float32.
        candidates: (m, dimensions) float32.
        duplicate_distance: candidates closer than this count as copies and are dropped.
    """
    if len(candidates) == 0:
        return [Neighbours(rows=(), distances=())] * len(queries)
    index = faiss.IndexFlatL2(candidates.shape[1])
    index.add(np.ascontiguousarray(candidates))
    squared, rows = index.search(np.ascontiguousarray(queries), len(candidates))
    return [
        _keep(np.sqrt(np.maximum(d, 0)), r, k=k, duplicate_distance=duplicate_distance)
        for d, r in zip(squared, rows, strict=True)
    ]


def _keep(
    distances: np.ndarray, rows: np.ndarray, *, k: int, duplicate_distance: float
) -> Neighbours:
    kept = np.flatnonzero(distances >= duplicate_distance)[:k]
    return Neighbours(
        rows=tuple(int(row) for row in rows[kept]),
        distances=tuple(float(distance) for distance in distances[kept]),
    )


def usual_distance(features: np.ndarray) -> float:
    """Median L2 distance of an image to its nearest neighbour among the others.

    Args:
        features: (n, dimensions) float32, n at least 2.
    """
    index = faiss.IndexFlatL2(features.shape[1])
    index.add(np.ascontiguousarray(features))
    squared, _ = index.search(np.ascontiguousarray(features), 2)
    return float(np.median(np.sqrt(np.maximum(squared[:, 1], 0))))
