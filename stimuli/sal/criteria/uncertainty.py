"""Uncertainty sampling: the images of whose class the model is least sure. Imports no torch.

Boyd et al., *Increasing Interpretability of Neural Networks By Approximating Human Visual Saliency*
(SAL), appendix A.1.
"""

import numpy as np
from scipy.special import entr, softmax

from stimuli.sal.criteria.candidates import Candidates


def least_confidence(candidates: Candidates, k: int, rng: np.random.Generator) -> np.ndarray:
    """The smallest max p: the largest difference from 100 % confidence (SAL, A.1)."""
    return _lowest(_ascending(candidates)[:, -1], candidates, k, rng)


def margin(candidates: Candidates, k: int, rng: np.random.Generator) -> np.ndarray:
    """The smallest difference between the two most probable classes (SAL, A.1)."""
    p = _ascending(candidates)
    return _lowest(p[:, -1] - p[:, -2], candidates, k, rng)


def entropy(candidates: Candidates, k: int, rng: np.random.Generator) -> np.ndarray:
    """The largest -sum p log p, where a class of p = 0 adds 0 (SAL, A.1)."""
    return _lowest(-entr(_ascending(candidates)).sum(axis=1), candidates, k, rng)


def _ascending(candidates: Candidates) -> np.ndarray:
    """(n, classes) float64 probabilities of each candidate, smallest first.

    Sorted before they are summed: the order of the classes does not matter to the last bit.
    """
    return softmax(np.sort(candidates.logits.astype(np.float64), axis=1), axis=1)


def _lowest(
    scores: np.ndarray, candidates: Candidates, k: int, rng: np.random.Generator
) -> np.ndarray:
    """The k lowest of (n,) scores; chance decides between equal ones.

    The paper is silent on ties. By row number, they would favour the first classes of a data set
    that is sorted by class.
    """
    candidates.require(k)
    order = rng.permutation(len(scores))
    return order[np.argsort(scores[order], kind="stable")][:k]
