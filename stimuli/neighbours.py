"""The nearest training images of every prediction, one predicted class at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from explainers.classifier import Classifier
from explainers.neighbours import DUPLICATE_SHARE, Neighbours, nearest, usual_distance
from stimuli.pictures import View
from stimuli.predictions import Predictions, features


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The training images that can be neighbours, and when one counts as a copy.

    A candidate's true label is the predicted class, and the classifier also predicts that class
    (paper, section 2.3).

    Attributes:
        views: training views, all classes.
        rows: rows of `views` by class.
        duplicate_distance: L2 distance below which two images count as copies.
    """

    views: Sequence[View]
    rows: dict[int, np.ndarray]
    duplicate_distance: float


def candidates(
    classifier: Classifier,
    train_views: Sequence[View],
    predictions: Predictions,
    *,
    duplicate_distance: float | None,
) -> Candidates:
    """Collect the candidates; without a given distance, take a share of the usual one."""
    labels = np.unique(predictions.truths)
    rows = {
        int(label): np.flatnonzero(predictions.right & (predictions.truths == label))
        for label in labels
    }
    if duplicate_distance is None:
        usual = [
            usual_distance(features(classifier, [train_views[int(row)] for row in here]))
            for here in rows.values()
            if len(here) > 1
        ]
        duplicate_distance = DUPLICATE_SHARE * float(np.median(usual)) if usual else 0.0
    return Candidates(views=train_views, rows=rows, duplicate_distance=duplicate_distance)


def find_neighbours(
    classifier: Classifier,
    views: Sequence[View],
    labels: np.ndarray,
    among: Candidates,
    *,
    k: int,
) -> list[Neighbours]:
    """The neighbours of each view among the candidates of its predicted class.

    Returns:
        One per view, in order; their rows count in `among.views`. Fewer than k neighbours where
        there are no more.
    """
    found = [Neighbours(rows=(), distances=())] * len(views)
    for label in tqdm(np.unique(labels), desc="neighbours", unit="class", leave=False):
        here = np.flatnonzero(labels == label)
        rows = among.rows.get(int(label), np.array([], dtype=np.int64))
        if len(rows) == 0:
            continue
        results = nearest(
            features(classifier, [views[int(row)] for row in here]),
            features(classifier, [among.views[int(row)] for row in rows]),
            k=k,
            duplicate_distance=among.duplicate_distance,
        )
        for row, result in zip(here, results, strict=True):
            kept = tuple(int(rows[r]) for r in result.rows)
            found[row] = Neighbours(rows=kept, distances=result.distances)
    return found
