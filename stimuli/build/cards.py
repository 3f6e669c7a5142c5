"""Class cards: what a class is, in words and in training images that the AI was sure of."""

from collections.abc import Iterable, Sequence

import numpy as np

from stimuli.datasets.base import ClassInfo, DataError
from stimuli.models.predictions import Predictions
from stimuli.pictures.crops import Crop
from stimuli.problems import some_of
from stimuli.study.offline import CardSettings


def card_crops(
    train_crops: Sequence[Crop],
    predictions: Predictions | None,
    settings: CardSettings,
    *,
    n_classes: int,
    rng: np.random.Generator,
) -> dict[int, list[Crop]]:
    """Training images for the card of each class, drawn from those that qualify.

    They are classified correctly with confidence >= `min_confidence` (paper, section 2.4.4). A
    class with too few of them has no card and is missing; one that needs none is there, empty.

    Args:
        predictions: of the training crops; without any, each qualifies for its own class, which
            the paper does not have.
    """
    truths = np.array([crop.example.label for crop in train_crops])
    sure = np.ones(len(truths), dtype=bool)
    if predictions is not None:
        sure = predictions.right & (predictions.confidences >= settings.min_confidence)
    cards = {}
    for label in range(n_classes):
        rows = rng.permutation(np.flatnonzero(sure & (truths == label)))
        if len(rows) >= settings.examples:
            cards[label] = [train_crops[row] for row in rows[: settings.examples]]
    return cards


def require_words(
    classes: Sequence[ClassInfo], labels: Iterable[int], settings: CardSettings
) -> None:
    """A card without pictures needs words.

    Args:
        labels: the classes that have images.

    Raises:
        DataError: if a card would be empty.
    """
    silent = [classes[label].name for label in sorted(labels) if not classes[label].description]
    if silent and not settings.examples:
        advice = "describe the classes, or show examples"
        problem = f"[cards] examples = 0 shows words alone; there are none for {some_of(silent)}"
        raise DataError("class cards", [f"{problem}; {advice}"])
