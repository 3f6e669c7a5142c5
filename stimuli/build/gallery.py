"""The training images of a classifier in which neighbours are looked for, and their features.

Features of a class are cached on disk as float16, and one class is in memory at a time, as float16
and float32: 0.2 GB for 1,300 training images and the 25,088 numbers of a ResNet-34.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import stimuli.models.predictions
from explainers.classifier import Classifier
from explainers.neighbours import DUPLICATE_SHARE, nearest_other
from explainers.networks.trunk import split, stage_ends
from stimuli.cache import Cache, code, digest
from stimuli.models.predictions import Predictions, features
from stimuli.pictures.crops import Crop
from stimuli.progress_bars import tqdm
from stimuli.study.explainer_settings import NeighbourSettings

# Enough for a median; with more classes it would cost features that nobody asks for.
CLASSES_FOR_USUAL = 20


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """The training images that a classifier's answers can be set beside.

    Attributes:
        trunk: the classifier up to the stage whose maps are compared.
        crops: of the train split.
        rows: of each class, those that are of this class and were predicted so (paper, section
            2.3).
        duplicate_distance: L2 distance below which two images count as copies.
        cache: the features of this classifier.
    """

    trunk: Classifier
    crops: Sequence[Crop]
    rows: Mapping[int, Sequence[int]]
    duplicate_distance: float
    cache: Cache


def open_gallery(
    classifier: Classifier,
    crops: Sequence[Crop],
    predictions: Predictions,
    settings: NeighbourSettings,
    *,
    name: str,
    cache: Cache,
) -> Gallery:
    """The gallery of a classifier.

    Args:
        predictions: what it said of the training crops.
        settings: which stage's maps are compared, and below which distance two count as copies.
            Where that is not given for this classifier, it is a share of the usual distance
            between a training image and the one nearest to it, in the first 20 classes that have
            two.
        name: of the classifier.
    """
    rows = {
        int(label): np.flatnonzero(predictions.right & (predictions.truths == label)).tolist()
        for label in np.unique(predictions.truths[predictions.right])
    }
    trunk, _ = split(classifier, stage_ends(classifier)[settings.layer - 5])
    duplicate_distance = settings.duplicate_distance.get(name)
    if duplicate_distance is None:
        several = [r for r in rows.values() if len(r) > 1][:CLASSES_FOR_USUAL]
        distances = [
            nearest_other(cached_features(trunk, [crops[row] for row in r], cache))
            for r in tqdm(several, desc="usual distances", unit="class", leave=False)
        ]
        median = float(np.median(np.concatenate(distances))) if distances else 0.0
        duplicate_distance = DUPLICATE_SHARE * median
    return Gallery(
        trunk=trunk,
        crops=crops,
        rows=rows,
        duplicate_distance=duplicate_distance,
        cache=cache,
    )


def cached_features(trunk: Classifier, crops: Sequence[Crop], cache: Cache) -> np.ndarray:
    """(n, dimensions) float32 with the precision of float16."""
    if not crops:
        return np.empty((0, 1), dtype=np.float32)
    made_by = code(stimuli.models.predictions, sys.modules[__name__])
    key = digest(made_by, len(trunk.features), *(part for crop in crops for part in crop.input_key))
    arrays = cache.arrays(
        "features", key, lambda: {"features": features(trunk, crops).astype(np.float16)}
    )
    return arrays["features"].astype(np.float32)
