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
    nearest = _to_labelled(features, lengths, candidates.labelled_features)
    return order[_farthest(features, lengths, nearest, k)]


def _to_labelled(features: np.ndarray, lengths: np.ndarray, labelled: np.ndarray) -> np.ndarray:
    """(n,) squared distance to the nearest labelled image; infinity where there is none."""
    nearest = np.full(len(features), np.inf)
    for first in range(0, len(labelled), CHUNK_ROWS):
        some = labelled[first : first + CHUNK_ROWS].astype(np.float64)
        products = features @ some.T
        products *= -2
        products += np.vecdot(some, some)
        squared = np.maximum(products.min(axis=1) + lengths, 0)
        nearest = np.minimum(nearest, squared)
    return nearest


def _farthest(features: np.ndarray, lengths: np.ndarray, nearest: np.ndarray, k: int) -> list[int]:
    """k rows by greedy k-centre; of equally far ones the first.

    Args:
        lengths: (n,) squared.
        nearest: (n,) squared distance to the nearest centre so far.
    """
    bounds, known = nearest.copy(), np.zeros(len(nearest), dtype=np.int64)
    centres = np.empty((k, features.shape[1]))
    picked: list[int] = []
    while len(picked) < k:
        row = int(bounds.argmax())
        if known[row] == len(picked):
            centres[len(picked)], bounds[row] = features[row], -1
            picked.append(row)
        else:
            new = slice(int(known[row]), len(picked))
            squared = lengths[row] + lengths[picked[new]] - 2 * (centres[new] @ features[row])
            bounds[row] = max(min(bounds[row], squared.min()), 0)
            known[row] = len(picked)
    return picked
