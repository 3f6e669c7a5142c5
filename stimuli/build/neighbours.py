"""The nearest training images of some predictions, one predicted class at a time.

Only the classes that were predicted for what is shown are looked at. Features of a class are kept
on disk as float16, and one class is in memory at a time, as float16 and float32: 0.2 GB for 1,300
training images and the 25,088 numbers of a ResNet-34.
"""

import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from explainers.classifier import Classifier
from explainers.neighbours import (
    DUPLICATE_SHARE,
    Neighbours,
    nearest_other,
    ranked,
    without_copies,
)
from stimuli.cache import Cache, code, digest
from stimuli.models import predictions
from stimuli.models.predictions import Predictions, features
from stimuli.pictures.crops import Crop

log = logging.getLogger(__name__)

# Enough for a median; with more classes it would cost features that nobody asks for.
CLASSES_FOR_USUAL = 20


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """The training images that a classifier's answers can be set beside.

    Attributes:
        views: of the train split.
        rows: of each class, those that are of this class and were predicted so (paper, section
            2.3).
        duplicate_distance: L2 distance below which two images count as copies.
        kept: the features of this classifier.
    """

    classifier: Classifier
    crops: Sequence[Crop]
    rows: Mapping[int, Sequence[int]]
    duplicate_distance: float
    cache: Cache


def gallery(
    classifier: Classifier,
    crops: Sequence[Crop],
    known: Predictions,
    *,
    duplicate_distance: float | None,
    cache: Cache,
) -> Gallery:
    """The gallery of a classifier.

    Args:
        known: what it said of the training views.
        duplicate_distance: None takes a share of the usual distance between a training image and
            the one nearest to it, in the first 20 classes that have two.
    """
    rows = {
        int(label): np.flatnonzero(known.right & (known.truths == label)).tolist()
        for label in np.unique(known.truths[known.right])
    }
    if duplicate_distance is None:
        several = [r for r in rows.values() if len(r) > 1][:CLASSES_FOR_USUAL]
        usual = [
            nearest_other(_kept_features(classifier, [crops[row] for row in r], cache))
            for r in tqdm(several, desc="usual distances", unit="class", leave=False)
        ]
        median = float(np.median(np.concatenate(usual))) if usual else 0.0
        duplicate_distance = DUPLICATE_SHARE * median
    return Gallery(
        classifier=classifier,
        crops=crops,
        rows=rows,
        duplicate_distance=duplicate_distance,
        cache=cache,
    )


def find_neighbours(
    shown: Gallery, crops: Sequence[Crop], labels: Sequence[int], *, k: int
) -> list[Neighbours]:
    """The k nearest images of the gallery that are of the predicted class and no copies.

    Args:
        labels: the class that was predicted for each view.

    Returns:
        Of each view; rows count in the training views. Fewer than k where there are no more.
    """
    found: dict[int, Neighbours] = {}
    for label in tqdm(sorted({*labels}), desc="neighbours", unit="class", leave=False):
        rows = shown.rows.get(label, ())
        places = [place for place, predicted in enumerate(labels) if predicted == label]
        asked = _kept_features(shown.classifier, [crops[place] for place in places], shown.cache)
        known = _kept_features(shown.classifier, [shown.crops[r] for r in rows], shown.cache)
        for place, result in zip(places, ranked(asked, known), strict=True):
            nearest = without_copies(result, k=k, duplicate_distance=shown.duplicate_distance)
            found[place] = Neighbours(
                rows=tuple(rows[row] for row in nearest.rows), distances=nearest.distances
            )
    log.info(
        "neighbours: %d of %d images have %d; copies are nearer than %.3g",
        *(sum(len(n.rows) == k for n in found.values()), len(crops), k, shown.duplicate_distance),
    )
    return [found[place] for place in range(len(crops))]


def _kept_features(classifier: Classifier, crops: Sequence[Crop], cache: Cache) -> np.ndarray:
    """(n, dimensions) float32 with the precision of float16."""
    if not crops:
        return np.empty((0, 1), dtype=np.float32)
    key = digest(code(predictions, sys.modules[__name__]), *(crop.jpeg for crop in crops))
    made = cache.arrays(
        "features", key, lambda: {"features": features(classifier, crops).astype(np.float16)}
    )
    return made["features"].astype(np.float32)
