"""The scores of one heat map, family by family, kept under a digest of what decides them.

Families that need no further map are kept together. What a picture loses while parts of it are
removed is kept by itself: it does not depend on the map.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

import explainers
from explainers.classifier import Classifier
from explainers.complexity import entropy, sparseness
from explainers.deletion import deletion, insertion
from explainers.faithfulness import (
    cell_sums,
    each_cell,
    faithfulness_correlation,
    infidelity,
    losses,
    monotonicity,
    random_sets,
)
from explainers.metrics import Box, at_thresholds, dice, energy, iou, mask_box, pointing, wsl
from explainers.noisy_pictures import changes, lipschitz, max_sensitivity
from explainers.random_weights import randomisation
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.heatmaps.mapper import HeatMapper
from stimuli.cache import code, digest, package_code
from stimuli.models.predictions import images_of
from stimuli.pictures.crops import Crop, mask_of
from stimuli.seeds import generator

Values = Mapping[str, float | np.ndarray | None]
"""Scores by name: None where one is not defined, an array where a map has to be binarised."""


@dataclass(frozen=True, kw_only=True)
class ScoredMap:
    """A heat map of a right answer.

    Attributes:
        heatmap: (side, side) in [0, 1], or in [-1, 1].
        crop: its picture, whose true label is the answer.
        seed: the study's, of what is drawn by chance.
    """

    heatmap: np.ndarray
    crop: Crop
    evaluated: EvaluatedClassifier
    seed: int

    @property
    def classifier(self) -> Classifier:
        """Who answered."""
        return self.evaluated.ready.classifier

    @property
    def device(self) -> torch.device:
        """Where its pictures are put."""
        return self.evaluated.ready.device

    @property
    def label(self) -> int:
        """The answer, which is true."""
        return self.crop.example.label

    @property
    def picture_key(self) -> tuple[object, ...]:
        """What decides the picture, the answer, and what is drawn by chance."""
        made_by = package_code(explainers), code(sys.modules[__name__])
        return (*made_by, *self.crop.input_key, self.label, self.seed)

    def image(self) -> Tensor:
        """The picture as the classifier sees it, (3, side, side), RGB in [0, 1]."""
        return images_of([self.crop], self.device)[0]

    def heat(self) -> Tensor:
        """The map, on the classifier's device."""
        return torch.from_numpy(self.heatmap).to(self.device)

    @torch.inference_mode()
    def logits(self, images: Tensor) -> Tensor:
        """The classifier's, (batch, classes)."""
        logits: Tensor = self.classifier(images.contiguous(memory_format=torch.channels_last))
        return logits


def scores_of(
    scored: ScoredMap, again: Mapping[str, HeatMapper], *, asks: bool
) -> dict[str, np.ndarray]:
    """Every score of a map; what was computed before is read.

    Args:
        again: what draws a map again, for each of the families in `AGAIN` that is wanted.
        asks: whether the classifier is asked again, of which a score of faithfulness is made.

    Returns:
        By name: of shape (), or (19,) where the map is binarised at each of `THRESHOLDS`; NaN where
        a score is not defined.
    """
    cache, crop = scored.evaluated.cache, scored.crop
    name, families = ("scores", FAMILIES) if asks else ("scores_of_the_map", OF_THE_MAP)
    key = digest(*scored.picture_key, scored.heatmap.tobytes(), crop.boxes, crop.mask)
    values = cache.arrays(name, key, partial(as_arrays, *(partial(of, scored) for of in families)))
    for family, mapper in again.items():
        make = partial(as_arrays, partial(AGAIN[family], scored, mapper))
        values |= cache.arrays(family, digest(key, mapper.digest), make)
    return values


def as_arrays(*families: Callable[[], Values]) -> dict[str, np.ndarray]:
    """The scores of all families in one, with NaN for those that are not defined."""
    return {n: np.array(v, dtype=np.float64) for of in families for n, v in of().items()}


def against_object(scored: ScoredMap) -> Values:
    """Against the object's boxes, and its mask where it has one."""
    heatmap, boxes = scored.heatmap, object_boxes(scored.crop)
    return {
        "pointing": pointing(heatmap, boxes),
        "energy": energy(heatmap, boxes),
        "iou": at_thresholds(iou, heatmap, boxes),
        "wsl": at_thresholds(wsl, heatmap, boxes),
        "dice": None if scored.crop.mask is None else dice(heatmap, mask_of(scored.crop)),
    }


def object_boxes(crop: Crop) -> tuple[Box, ...]:
    """The boxes of a crop, or the one around its mask where the data set has no boxes."""
    if crop.boxes or crop.mask is None:
        return crop.boxes
    box = mask_box(mask_of(crop))
    return (box,) if box else ()


def by_removal(scored: ScoredMap) -> Values:
    """What becomes of the answer while the hottest pixels go, or come, first."""

    def probability(images: Tensor) -> Tensor:
        return scored.logits(images).softmax(1)[:, scored.label]

    image, heat = scored.image(), scored.heat()
    return {
        "deletion": deletion(probability, image, heat, plain=scored.classifier.mean[0]),
        "insertion": insertion(probability, image, heat),
    }


def faithfulness(scored: ScoredMap) -> Values:
    """What the answer loses without parts of the picture, and what the map says of these."""
    sets = random_sets(generator(scored.seed, "removed squares"))
    make = partial(picture_losses, scored, sets)
    lost = scored.evaluated.cache.arrays("losses", digest(*scored.picture_key), make)
    sums = cell_sums(scored.heatmap)
    return {
        "faithfulness_correlation": faithfulness_correlation(sums, sets, lost["sets"]),
        "monotonicity": monotonicity(sums, lost["cells"]),
        "infidelity": infidelity(sums, lost["cells"]),
    }


def picture_losses(scored: ScoredMap, sets: np.ndarray) -> dict[str, np.ndarray]:
    """What the answer's logit loses without each square, and without each set of squares."""

    def logit(images: Tensor) -> Tensor:
        return scored.logits(images)[:, scored.label]

    image, plain = scored.image(), scored.classifier.mean[0]
    removed = {"cells": each_cell(), "sets": sets}
    return {name: losses(logit, image, of, plain=plain) for name, of in removed.items()}


def complexity(scored: ScoredMap) -> Values:
    """On how few places the heat is."""
    return {"sparseness": sparseness(scored.heatmap), "entropy": entropy(scored.heatmap)}


def robustness(scored: ScoredMap, mapper: HeatMapper) -> Values:
    """How much the map changes with noise in the picture, which the mapper explains again."""
    labels = torch.tensor([scored.label], device=scored.device)
    moved = changes(
        lambda images: mapper.explain(images, labels),
        scored.image(),
        scored.heat(),
        seed=scored.seed,
    )
    return {"max_sensitivity": max_sensitivity(moved), "lipschitz": lipschitz(moved)}


def with_random_weights(scored: ScoredMap, mapper: HeatMapper) -> Values:
    """How alike the map is with that of a mapper whose classifier learnt nothing."""
    other = mapper.map_of(scored.crop, scored.label, scored.device)["heatmap"]
    return {"randomisation": randomisation(scored.heatmap, other)}


FAMILIES: tuple[Callable[[ScoredMap], Values], ...] = (
    against_object,
    by_removal,
    faithfulness,
    complexity,
)
"""Those that need no further map, in the order in which a bundle has them."""

OF_THE_MAP = (against_object, complexity)
"""Those of them that do not ask the classifier again."""

AGAIN: dict[str, Callable[[ScoredMap, HeatMapper], Values]] = {
    "robustness": robustness,
    "randomisation": with_random_weights,
}
"""Those that need further maps, by their names in `[scores]`."""
