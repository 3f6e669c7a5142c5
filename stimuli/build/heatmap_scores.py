"""Automatic scores of the heat maps that a study shows. See docs/scores.md."""

from collections.abc import Mapping
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
from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.cache import digest, package_code
from stimuli.datasets.base import Split
from stimuli.models.predictions import images_of
from stimuli.pictures.crops import Crop, mask_of

Scores = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class HeatMapScores:
    """The scores of an explainer's heat maps.

    Attributes:
        threshold: where the maps were binarised for `iou` and `wsl`: the best for `wsl` over all
            that are scored; None where no map can be set against a box.
        scores: by row, only those that are defined.
    """

    threshold: float | None
    scores: dict[SplitRow, Scores]


def score_heatmaps(
    heatmaps: Mapping[SplitRow, np.ndarray],
    evaluated: EvaluatedClassifier,
    context: BuildContext,
) -> HeatMapScores:
    """Score the heat maps of test stimuli on which the AI is right.

    Boxes and masks belong to the true label: a map of another label need not agree with them
    (study paper, section 2.5).

    Args:
        heatmaps: (side, side) in [0, 1] of what the classifier answered.
    """
    right = evaluated.predictions[Split.TEST].right
    pairs = {
        (split, row): (heatmap, context.crops[split][row])
        for (split, row), heatmap in heatmaps.items()
        if split is Split.TEST and right[row]
    }
    threshold = best_threshold((heatmap, object_boxes(crop)) for heatmap, crop in pairs.values())
    scores: dict[SplitRow, Scores] = {}
    for split_row, (heatmap, crop) in tqdm(pairs.items(), desc="scores", unit="img", leave=False):
        boxes = object_boxes(crop)
        values = {
            "pointing": pointing(heatmap, boxes),
            "energy": energy(heatmap, boxes),
            "iou": None if threshold is None else iou(heatmap, boxes, threshold),
            "wsl": None if threshold is None else wsl(heatmap, boxes, threshold),
            "dice": None if crop.mask is None else dice(heatmap, mask_of(crop)),
        }
        facts = (*crop.input_key, heatmap.tobytes(), crop.example.label)
        key = digest(package_code(explainers), *facts)
        make = partial(_removal_areas, heatmap, crop, evaluated.checkpoint.classifier)
        areas = evaluated.cache.arrays("removal", key, make)
        values |= {n: None if np.isnan(area) else float(area) for n, area in areas.items()}
        scores[split_row] = {name: value for name, value in values.items() if value is not None}
    return HeatMapScores(threshold=threshold, scores=scores)


def object_boxes(crop: Crop) -> tuple[Box, ...]:
    """The boxes of a crop, or the one around its mask where the data set has no boxes."""
    if crop.boxes or crop.mask is None:
        return crop.boxes
    box = mask_box(mask_of(crop))
    return (box,) if box else ()


def _removal_areas(
    heatmap: np.ndarray, crop: Crop, classifier: Classifier
) -> dict[str, np.ndarray]:
    """Deletion and insertion for the true label, which is the answer of a right AI.

    NaN where an area is not defined.
    """
    device, label = classifier.mean.device, crop.example.label
    (image,), heat = images_of([crop], device), torch.from_numpy(heatmap).to(device)

    @torch.inference_mode()
    def probability(images: Tensor) -> Tensor:
        channels_last = images.contiguous(memory_format=torch.channels_last)
        probabilities: Tensor = classifier(channels_last).softmax(1)[:, label]
        return probabilities

    areas = {
        "deletion": deletion(probability, image, heat, plain=classifier.mean[0]),
        "insertion": insertion(probability, image, heat),
    }
    return {n: np.array(np.nan if a is None else a, dtype=np.float64) for n, a in areas.items()}
