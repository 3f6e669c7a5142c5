"""Class cards: what a class is, in words and in training images that the AI was sure of."""

from collections.abc import Sequence

import numpy as np

from stimuli.pictures import View
from stimuli.predictions import Predictions
from stimuli.settings import CardSettings


def card_views(
    train_views: Sequence[View],
    predictions: Predictions,
    settings: CardSettings,
    *,
    rng: np.random.Generator,
) -> dict[int, list[View]]:
    """Training images for the card of each class, drawn from those that qualify.

    They are classified correctly with confidence >= `min_confidence` (paper, section 2.4.4). A
    class with too few of them has no card and is missing.
    """
    sure = predictions.right & (predictions.confidences >= settings.min_confidence)
    cards = {}
    for label in np.unique(predictions.truths):
        rows = rng.permutation(np.flatnonzero(sure & (predictions.truths == label)))
        if len(rows) >= settings.examples:
            cards[int(label)] = [train_views[row] for row in rows[: settings.examples]]
    return cards
