"""Automatic scores of the heat maps that a study shows. See docs/scores.md."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

import explainers
from explainers.classifier import Classifier
from explainers.deletion import deletion, insertion
from explainers.metrics import (
    Box,
    best_threshold,
    dice,
    energy,
    iou,
    mask_box,
    pointing,
    wsl,
)
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.cache import digest, package_code
from stimuli.datasets.base import Split
from stimuli.models.predictions import images_of
from stimuli.pictures.crops import Crop, mask_of

Shown = tuple[Split, int]
"""A row of a split."""

Scores = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """The scores of an explainer's heat maps.

    Attributes:
        threshold: where the maps were binarised for `iou` and `wsl`: the best for `wsl` over all
            that are scored; None where no map can be set against a box.
        scores: by row, only those that are defined.
    """

    threshold: float | None
    scores: dict[Shown, Scores]


def score_heatmaps(
    evaluated: EvaluatedClassifier,
    crops: Mapping[Split, Sequence[Crop]],
    heatmaps: Mapping[Shown, np.ndarray],
) -> Scored:
    """Score the heat maps of test stimuli on which the AI is right.

    Boxes and masks belong to the true label: a map of another label need not agree with them
    (study paper, section 2.5).

    Args:
        heatmaps: (side, side) in [0, 1] of what the classifier answered.
    """
    right = evaluated.predictions[Split.TEST].right
    asked = {
        shown: (heatmap, crops[Split.TEST][shown[1]])
        for shown, heatmap in heatmaps.items()
        if shown[0] is Split.TEST and right[shown[1]]
    }
    threshold = best_threshold((heatmap, object_boxes(crop)) for heatmap, crop in asked.values())
    bar = tqdm(asked.items(), desc="scores", unit="img", leave=False)
    scores = {shown: _scores(evaluated, *pair, threshold) for shown, pair in bar}
    return Scored(threshold=threshold, scores=scores)


def _scores(
    evaluated: EvaluatedClassifier, heatmap: np.ndarray, crop: Crop, threshold: float | None
) -> Scores:
    found = _against_object(heatmap, crop, threshold)
    found |= _by_removal(evaluated, crop, heatmap)
    return {name: value for name, value in found.items() if value is not None}


def object_boxes(crop: Crop) -> tuple[Box, ...]:
    """The boxes of a view, or the one around its mask where the data set has no boxes."""
    if crop.boxes or crop.mask is None:
        return crop.boxes
    box = mask_box(mask_of(crop))
    return (box,) if box else ()


def _against_object(
    heatmap: np.ndarray, crop: Crop, threshold: float | None
) -> dict[str, float | None]:
    boxes = object_boxes(crop)
    return {
        "pointing": pointing(heatmap, boxes),
        "energy": energy(heatmap, boxes),
        "iou": None if threshold is None else iou(heatmap, boxes, threshold),
        "wsl": None if threshold is None else wsl(heatmap, boxes, threshold),
        "dice": None if crop.mask is None else dice(heatmap, mask_of(crop)),
    }


def _by_removal(
    evaluated: EvaluatedClassifier, crop: Crop, heatmap: np.ndarray
) -> dict[str, float | None]:
    """Deletion and insertion for the true label, which is the answer of a right AI."""
    key = digest(package_code(explainers), crop.jpeg, heatmap.tobytes(), crop.example.label)
    make = partial(_removal_areas, evaluated.checkpoint.classifier, crop, heatmap)
    areas = evaluated.cache.arrays("removal", key, make)
    return {name: None if np.isnan(area) else float(area) for name, area in areas.items()}


def _removal_areas(
    classifier: Classifier, crop: Crop, heatmap: np.ndarray
) -> dict[str, np.ndarray]:
    """NaN where an area is not defined."""
    device = classifier.mean.device
    (image,), heat = images_of([crop], device), torch.from_numpy(heatmap).to(device)
    probability = _probability(classifier, crop.example.label)
    areas = {
        "deletion": deletion(probability, image, heat, plain=classifier.mean[0]),
        "insertion": insertion(probability, image, heat),
    }
    return {n: np.array(np.nan if a is None else a, dtype=np.float64) for n, a in areas.items()}


def _probability(classifier: Classifier, label: int) -> Callable[[Tensor], Tensor]:
    @torch.inference_mode()
    def probability(images: Tensor) -> Tensor:
        channels_last = images.contiguous(memory_format=torch.channels_last)
        found: Tensor = classifier(channels_last).softmax(1)[:, label]
        return found

    return probability
