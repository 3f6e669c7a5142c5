"""The nearest training images of every prediction, one predicted class at a time."""

import logging
from collections.abc import Sequence
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
from stimuli.pictures import View
from stimuli.predictions import Predictions, features

log = logging.getLogger(__name__)

NOBODY = Neighbours(rows=(), distances=())


@dataclass(frozen=True, kw_only=True)
class Found:
    """Neighbours of every view that was asked about.

    Attributes:
        neighbours: of each view; their rows count in the training views. Fewer than k where
            there are no more.
        duplicate_distance: L2 distance below which two images counted as copies.
    """

    neighbours: list[Neighbours]
    duplicate_distance: float


def find_neighbours(
    classifier: Classifier,
    asked: tuple[Sequence[View], Predictions],
    training: tuple[Sequence[View], Predictions],
    *,
    k: int,
    duplicate_distance: float | None,
) -> Found:
    """The k nearest training images of the predicted class of each view.

    A candidate's true label is the predicted class, and the classifier also predicts that class
    (paper, section 2.3). Copies of the view are left out.

    Args:
        asked: views and what the classifier said of them; training likewise.
        duplicate_distance: None takes a share of the usual distance between training images.
    """
    (views, said), (train, known) = asked, training
    by_place: dict[int, Neighbours] = {}
    usual = []
    for label in tqdm(np.unique(said.labels), desc="neighbours", unit="class", leave=False):
        rows = np.flatnonzero(known.right & (known.truths == label)).tolist()
        if not rows:
            continue
        candidates = features(classifier, [train[row] for row in rows])
        if len(rows) > 1:
            usual.append(nearest_other(candidates))
        places = np.flatnonzero(said.labels == label).tolist()
        results = ranked(features(classifier, [views[place] for place in places]), candidates)
        by_place |= {p: _renumbered(r, rows) for p, r in zip(places, results, strict=True)}
    distance = _distance(duplicate_distance, usual)
    kept = [
        without_copies(by_place.get(place, NOBODY), k=k, duplicate_distance=distance)
        for place in range(len(views))
    ]
    log.info(
        "neighbours: %d of %d images have %d; copies are nearer than %.3g",
        *(sum(len(n.rows) == k for n in kept), len(kept), k, distance),
    )
    return Found(neighbours=kept, duplicate_distance=distance)


def _renumbered(found: Neighbours, rows: Sequence[int]) -> Neighbours:
    return Neighbours(rows=tuple(rows[row] for row in found.rows), distances=found.distances)


def _distance(given: float | None, usual: Sequence[np.ndarray]) -> float:
    if given is not None:
        return given
    return DUPLICATE_SHARE * float(np.median(np.concatenate(usual))) if usual else 0.0
