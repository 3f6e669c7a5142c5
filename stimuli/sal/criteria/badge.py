"""BADGE: a batch of gradients that are long and far from one another. Imports no torch.

Ash et al., *Deep Batch Active Learning by Diverse, Uncertain Gradient Lower Bounds* (2019),
section 3: the gradient of the last layer is taken as if the predicted class were the true one,
and k-means++ (Arthur and Vassilvitskii 2007) seeds k centres among these gradients.

Where we differ, or the paper leaves it open:
- The gradient g = (p - onehot(argmax p)) x features has classes times d numbers, 7.9 GB for the
  whole of CUB-200. It is never formed: inner products of outer products are products of inner
  products (Zhang et al., arXiv 2306.09910, appendix D).
- The first centre is the longest gradient, as in the authors' code; k-means++ draws it.
- Where all candidates left coincide with a pick, one of them is drawn, each with the same chance.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from stimuli.sal.criteria.candidates import Candidates

# Inner products of thousands of float64 numbers are off by less than this share.
ROUNDING = 1e-12
# Copying more rows than this share of them costs more than multiplying them all.
COPIED_SHARE = 0.3


@dataclass(frozen=True, kw_only=True, eq=False)
class Gradients:
    """n outer products, as their factors.

    Attributes:
        errors: (n, classes) p - onehot(argmax p).
        features: (n, d).
        lengths: (n,) of the features.
        squared_lengths: (n,) of the gradients.
    """

    errors: np.ndarray
    features: np.ndarray
    lengths: np.ndarray
    squared_lengths: np.ndarray


def badge(candidates: Candidates, k: int, rng: np.random.Generator) -> np.ndarray:
    """(k,) rows: first the longest gradient, then each drawn by squared distance to the picks."""
    candidates.require(k)
    gradients = gradients_of(candidates)
    nearest = np.full(len(candidates), np.inf)
    unpicked = np.ones(len(candidates), dtype=bool)
    picks = [int(gradients.squared_lengths.argmax())]
    while len(picks) < k:
        _lower_distances(nearest, gradients, picks[-1])
        nearest[picks[-1]] = unpicked[picks[-1]] = 0
        # A row with a chance proportional to its weight; never one of weight 0.
        sums = (nearest if nearest.any() else unpicked).cumsum()
        picks.append(int(np.searchsorted(sums, rng.random() * sums[-1], side="right")))
    return np.array(picks, dtype=np.int64)


def gradients_of(candidates: Candidates) -> Gradients:
    """In float64: with float32, other candidates are picked."""
    errors = softmax(candidates.logits.astype(np.float64), axis=1)
    predicted = np.arange(len(errors)), errors.argmax(axis=1)
    # 1 - p of a sure prediction would keep few digits; the sum of the others keeps them all.
    errors[predicted] = 0
    errors[predicted] = -errors.sum(axis=1)
    features = candidates.features.astype(np.float64)
    lengths = np.linalg.norm(features, axis=1)
    return Gradients(
        errors=errors,
        features=features,
        lengths=lengths,
        squared_lengths=np.vecdot(errors, errors) * lengths**2,
    )


def squared_distances(gradients: Gradients, rows: np.ndarray | slice, centre: int) -> np.ndarray:
    """(rows,) |g_i|^2 + |g_c|^2 - 2 <errors_i, errors_c> <features_i, features_c>.

    What is not above rounding is 0, so that equal candidates do not stay in the draw.
    """
    errors, features = gradients.errors, gradients.features
    products = (errors[rows] @ errors[centre]) * (features[rows] @ features[centre])
    sums = gradients.squared_lengths[rows] + gradients.squared_lengths[centre]
    squared = sums - 2 * products
    return np.where(squared > ROUNDING * sums, squared, 0)


def _lower_distances(nearest: np.ndarray, gradients: Gradients, centre: int) -> None:
    """Lower the squared distance to the nearest pick, (n,), where the new pick is nearer.

    <features_i, features_c> is at most |features_i| |features_c| (Cauchy-Schwarz). Most
    predictions of other classes have errors so different that even this brings them no nearer, and
    their features need not be read.
    """
    lengths, squared_lengths = gradients.lengths, gradients.squared_lengths
    alike = np.abs(gradients.errors @ gradients.errors[centre]) * lengths * lengths[centre]
    least = squared_lengths + squared_lengths[centre] - 2 * alike
    near = np.flatnonzero(least < nearest)
    rows = near if len(near) < COPIED_SHARE * len(nearest) else slice(None)
    nearest[rows] = np.minimum(nearest[rows], squared_distances(gradients, rows, centre))
