"""Core-Set: no candidate shall be far from a labelled image. Imports no torch.

Sener and Savarese, *Active Learning for Convolutional Neural Networks: A Core-Set Approach*
(2017), algorithm 1: greedy k-centre on the features of the penultimate layer. The labelled images
are the first centres; each pick is the candidate farthest from its nearest centre.

Where we differ, or the paper leaves it open:
- The mixed integer programme that refines the greedy answer (their algorithm 2) is left out, as in
  most later work: it needs a commercial solver.
- The first pick without labelled images, and the one of equally far candidates, are by chance.
- Distances are brought up to date only where they may decide (Minoux 1978). A centre more can but
  lower them, so the farthest that is up to date is the farthest of all. The picks are the same.
"""

import numpy as np

from stimuli.sal.criteria.candidates import Candidates

# With 2,397 candidates, 10 MB of distances.
CHUNK_ROWS = 512


def core_set(candidates: Candidates, k: int, rng: np.random.Generator) -> np.ndarray:
    """(k,) rows, each the farthest from the labelled images and the picks before it."""
    candidates.require(k)
    # argmax takes the first of equal ones: in this order, that is chance.
    order = rng.permutation(len(candidates))
    features = candidates.features[order].astype(np.float64)
    lengths = np.vecdot(features, features)
    # Squared distance to the nearest labelled image; infinity where there is none.
    nearest = np.full(len(features), np.inf)
    for first in range(0, len(candidates.labelled_features), CHUNK_ROWS):
        chunk = candidates.labelled_features[first : first + CHUNK_ROWS].astype(np.float64)
        products = features @ chunk.T
        products *= -2
        products += np.vecdot(chunk, chunk)
        squared = np.maximum(products.min(axis=1) + lengths, 0)
        nearest = np.minimum(nearest, squared)
    return order[_greedy_k_centre(features, lengths, nearest, k)]


def _greedy_k_centre(
    features: np.ndarray, lengths: np.ndarray, nearest: np.ndarray, k: int
) -> list[int]:
    """k rows, each the farthest from all centres so far; of equally far ones the first.

    Args:
        lengths: (n,) squared.
        nearest: (n,) squared distance to the nearest centre so far.
    """
    # Of each row, the smallest distance to as many of the picks as were looked at.
    bounds, n_compared = nearest.copy(), np.zeros(len(nearest), dtype=np.int64)
    centres = np.empty((k, features.shape[1]))
    picks: list[int] = []
    while len(picks) < k:
        row = int(bounds.argmax())
        if n_compared[row] == len(picks):
            centres[len(picks)], bounds[row] = features[row], -1
            picks.append(row)
        else:
            new = slice(int(n_compared[row]), len(picks))
            squared = lengths[row] + lengths[picks[new]] - 2 * (centres[new] @ features[row])
            bounds[row] = max(min(bounds[row], squared.min()), 0)
            n_compared[row] = len(picks)
    return picks
