"""Randomisation: is a heat map another one where nothing was learnt? (Adebayo et al. 2018)

A map that is alike with trained and with random weights shows the picture, not what was learnt.
"""

import numpy as np
from scipy import stats

from explainers.classifier import Classifier, new_classifier


def with_random_weights(trained: Classifier, *, seed: int) -> Classifier:
    """The same network without anything that was learnt, in evaluation mode."""
    random = new_classifier(trained.backbone, weights="none", classes=trained.classes, seed=seed)
    return random.to(trained.mean.device).eval()


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's rho of the pixels of two maps (height, width); 0 where one is flat."""
    if one.min() == one.max() or other.min() == other.max():
        return 0.0
    return float(stats.spearmanr(one.ravel(), other.ravel()).statistic)


def randomisation(heatmap: np.ndarray, randomised: np.ndarray) -> float | None:
    """Size of the `rank_correlation` with the map of random weights; small is good.

    The end of the paper's cascade, where all weights are random. Its similarities are signed; here
    a map turned inside out is as alike as the map itself, since both show the same places.

    Args:
        heatmap: (height, width), of the trained network.
        randomised: of the same picture and label, of the network with random weights.

    Returns:
        0 to 1; None for a map that is the same everywhere.
    """
    if heatmap.min() == heatmap.max():
        return None
    return abs(rank_correlation(heatmap, randomised))
