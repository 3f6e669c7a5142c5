"""The training images of a classifier in which neighbours are looked for, by features or lists.

Features of a network are cached on disk as float16, and those of one class are in memory at a time,
as float16 and float32: 0.2 GB for 1,300 training images and the 25,088 numbers of a ResNet-34.
"""

import abc
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

import stimuli.models.predictions
from explainers.classifier import Classifier
from explainers.neighbours import (
    DUPLICATE_SHARE,
    Neighbours,
    nearest_other,
    ranked,
    without_copies,
)
from explainers.networks.trunk import split, stage_ends
from stimuli.cache import Cache, code, digest
from stimuli.models.predictions import Predictions, features
from stimuli.pictures.crops import Crop
from stimuli.progress_bars import tqdm
from stimuli.study.explainer_settings import NeighbourSettings

# Enough for a median; with more classes it would cost features that nobody asks for.
CLASSES_FOR_USUAL = 20


FeaturesOf = Callable[[Sequence[Crop]], np.ndarray]
"""(n, dimensions) float32 of n crops."""


class Gallery(abc.ABC):
    """The training images that a classifier's answers can be set beside. Every subclass is final.

    Attributes:
        crops: of the train split.
        rows: of each class, those that may be neighbours: of this class, and predicted so (paper,
            section 2.3).
        duplicate_distance: L2 distance below which two images count as copies; None where there
            are no distances.
    """

    crops: Sequence[Crop]
    rows: Mapping[int, Sequence[int]]
    duplicate_distance: float | None

    @abc.abstractmethod
    def nearest(self, crops: Sequence[Crop], label: int, k: int) -> list[Neighbours]:
        """The k nearest of each crop that was predicted as of a class; fewer if there are no more.

        Their rows are those of the training crops.
        """

    @abc.abstractmethod
    def may_have(self, crops: Sequence[Crop], labels: np.ndarray, k: int) -> np.ndarray:
        """(n,) whether there may be k of each crop, by its predicted class, copies included."""


@dataclass(frozen=True, kw_only=True)
class FeatureGallery(Gallery):
    """Neighbours are near each other by their features.

    Attributes:
        features: of crops.
    """

    crops: Sequence[Crop]
    rows: Mapping[int, Sequence[int]]
    duplicate_distance: float
    features: FeaturesOf

    def nearest(self, crops: Sequence[Crop], label: int, k: int) -> list[Neighbours]:
        """Of the class's images that are no copies, by exact L2."""
        training = self.rows.get(label, ())
        candidates = [self.crops[row] for row in training]
        queries, found = self.features(crops), self.features(candidates)
        distance = self.duplicate_distance
        return [
            Neighbours(rows=tuple(training[row] for row in n.rows), distances=n.distances)
            for ranking in ranked(queries, found)
            for n in [without_copies(ranking, k=k, duplicate_distance=distance)]
        ]

    def may_have(self, crops: Sequence[Crop], labels: np.ndarray, k: int) -> np.ndarray:
        """Where the class has as many."""
        return np.isin(labels, [label for label, rows in self.rows.items() if len(rows) >= k])


@dataclass(frozen=True, kw_only=True)
class ListedGallery(Gallery):
    """Neighbours are listed.

    Attributes:
        lists: training rows of each source, the most alike first.
    """

    crops: Sequence[Crop]
    rows: Mapping[int, Sequence[int]]
    lists: Mapping[str, Sequence[int]]
    duplicate_distance: float | None = None

    def nearest(self, crops: Sequence[Crop], label: int, k: int) -> list[Neighbours]:
        """The first of the list, without distances; all are of the class."""
        lists = (self.lists.get(crop.example.source, ()) for crop in crops)
        return [Neighbours(rows=tuple(rows[:k]), distances=()) for rows in lists]

    def may_have(self, crops: Sequence[Crop], labels: np.ndarray, k: int) -> np.ndarray:
        """Where as many are listed."""
        return np.array([len(self.lists.get(c.example.source, ())) >= k for c in crops], dtype=bool)


def feature_gallery(
    features: FeaturesOf,
    crops: Sequence[Crop],
    predictions: Predictions,
    settings: NeighbourSettings,
    *,
    name: str,
) -> FeatureGallery:
    """The gallery of a classifier.

    Args:
        predictions: what it said of the training crops.
        settings: below which distance two count as copies. Where that is not given for this
            classifier, it is a share of the usual distance between a training image and the one
            nearest to it, in the first 20 classes that have two.
        name: of the classifier.
    """
    rows = rows_by_class(predictions)
    duplicate_distance = settings.duplicate_distance.get(name)
    if duplicate_distance is None:
        several = [r for r in rows.values() if len(r) > 1][:CLASSES_FOR_USUAL]
        distances = [
            nearest_other(features([crops[row] for row in r]))
            for r in tqdm(several, desc="usual distances", unit="class", leave=False)
        ]
        median = float(np.median(np.concatenate(distances))) if distances else 0.0
        duplicate_distance = DUPLICATE_SHARE * median
    return FeatureGallery(
        crops=crops, rows=rows, duplicate_distance=duplicate_distance, features=features
    )


def listed_gallery(
    lists: Mapping[str, Sequence[str]], crops: Sequence[Crop], predictions: Predictions
) -> ListedGallery:
    """The gallery of a classifier whose neighbours are listed; those without a crop are left out.

    Args:
        lists: training images of each source.
        predictions: what it said of the training crops.
    """
    row_of = {crop.example.source: row for row, crop in enumerate(crops)}
    rows = {
        source: [row_of[one] for one in listed if one in row_of] for source, listed in lists.items()
    }
    return ListedGallery(crops=crops, rows=rows_by_class(predictions), lists=rows)


def rows_by_class(predictions: Predictions) -> dict[int, list[int]]:
    """Of each class, the training images that are of it and were predicted so."""
    return {
        int(label): np.flatnonzero(predictions.right & (predictions.truths == label)).tolist()
        for label in np.unique(predictions.truths[predictions.right])
    }


def network_features(
    classifier: Classifier, settings: NeighbourSettings, cache: Cache
) -> FeaturesOf:
    """Of the stage whose maps are compared."""
    trunk, _ = split(classifier, stage_ends(classifier)[settings.layer - 5])
    return partial(cached_features, trunk, cache=cache)


def cached_features(trunk: Classifier, crops: Sequence[Crop], *, cache: Cache) -> np.ndarray:
    """(n, dimensions) float32 with the precision of float16."""
    if not crops:
        return np.empty((0, 1), dtype=np.float32)
    made_by = code(stimuli.models.predictions, sys.modules[__name__])
    key = digest(made_by, len(trunk.features), *(part for crop in crops for part in crop.input_key))
    arrays = cache.arrays(
        "features", key, lambda: {"features": features(trunk, crops).astype(np.float16)}
    )
    return arrays["features"].astype(np.float32)
