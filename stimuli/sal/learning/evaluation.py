"""How good a model is on the test split, and whether it looks where people look."""

import numpy as np

from explainers.classifier import Classifier
from stimuli.sal.data.images import Images
from stimuli.sal.data.masks import map_dice, unpacked
from stimuli.sal.learning.inference import predict_with_label_maps


def evaluate(classifier: Classifier, test: Images, *, probe: str) -> dict[str, float]:
    """Scores of the test split, 0 to 1.

    Returns:
        `accuracy`; `balanced_accuracy`, the mean over classes of their images' accuracy; `dice`
        of the predicted class's map, which a user is shown, and `dice_true_class`, means over the
        images that have a mask; `dice_by_chance`, the mean share of the picture that is object.
    """
    predictions, true_maps = predict_with_label_maps(classifier, test, probe=probe)
    right, masked = predictions.predicted_labels == test.labels, test.has_mask
    by_class = [right[test.labels == label].mean() for label in np.unique(test.labels)]
    masks = test.masks[masked]
    return {
        "accuracy": float(right.mean()),
        "balanced_accuracy": float(np.mean(by_class)),
        "dice": _mean(map_dice(predictions.maps[masked], masks)),
        "dice_true_class": _mean(map_dice(true_maps[masked], masks)),
        "dice_by_chance": _mean(unpacked(masks).mean((1, 2))),
    }


def _mean(values: np.ndarray) -> float:
    """Of what is a number; NaN where nothing is."""
    numbers = values[~np.isnan(values)]
    return float(numbers.mean()) if len(numbers) else float("nan")
