"""What a classifier says of many crops, in batches, with nothing left changed."""

import dataclasses
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from explainers.classifier import Classifier
from stimuli.bundle.classifier_input import seen_pixels
from stimuli.cache import Cache, code, digest
from stimuli.pictures.crops import Crop
from stimuli.progress_bars import tqdm

# Larger batches are slower on CPUs: their maps fall out of the cache.
BATCH = 16
# What is lost when a build is cut off.
PART = 16 * BATCH
BEST = 5  # answers that a bundle holds of each classifier and stimulus


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """A classifier's answers to n crops.

    Attributes:
        labels: (n,) predicted class indices.
        confidences: (n,) softmax probability of the predicted class.
        truths: (n,) true class indices.
        truth_probabilities: (n,) softmax probability of the true class; NaN where only that of
            another class is known.
        best: (n, `BEST` or as many as are known) the most likely classes, the first one first.
        best_probabilities: (n, the same) their softmax probabilities.
    """

    labels: np.ndarray
    confidences: np.ndarray
    truths: np.ndarray
    truth_probabilities: np.ndarray
    best: np.ndarray
    best_probabilities: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """(n,) whether the predicted class is the true one."""
        return np.asarray(self.labels == self.truths)

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0 to 1."""
        return float(self.right.mean())


def joined(parts: Sequence[Predictions]) -> Predictions:
    """The answers to several lists of crops, one after the other."""
    names = [field.name for field in dataclasses.fields(Predictions)]
    return Predictions(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in names})


def pixels_of(crops: Sequence[Crop]) -> Tensor:
    """(n, side, side, 3) uint8: what a classifier sees of the pictures that are shown."""
    return torch.from_numpy(np.stack([seen_pixels(crop.jpeg, crop.input_px) for crop in crops]))


def as_images(pixels: Tensor) -> Tensor:
    """(n, height, width, 3) uint8 to (n, 3, height, width), RGB in [0, 1], channels last."""
    return pixels.permute(0, 3, 1, 2).float().div_(255)  # the same bits in half of div's time


def images_of(crops: Sequence[Crop], device: torch.device) -> Tensor:
    """(n, 3, height, width) float32, RGB in [0, 1], channels last in memory."""
    return as_images(pixels_of(crops).to(device))


def as_input(images: Tensor, side: int) -> Tensor:
    """Displayed pictures as a classifier sees them, with a gradient; those of that side as are.

    The twin of `stimuli.bundle.classifier_input.seen_pixels`: it differs from Pillow's resize by
    the rounding of that to whole levels.

    Args:
        images: (n, 3, height, width), as large as the input or larger.

    Returns:
        (n, 3, side, side).
    """
    if images.shape[-2:] == (side, side):
        return images
    size = (side, side)
    return functional.interpolate(images, size=size, mode="bilinear", antialias=True)


def _batches(crops: Sequence[Crop]) -> Iterator[Sequence[Crop]]:
    for start in range(0, len(crops), BATCH):
        yield crops[start : start + BATCH]


@torch.inference_mode()
def predict(classifier: Classifier, crops: Sequence[Crop]) -> Predictions:
    """Classify crops with the classifier in evaluation mode."""
    device = classifier.mean.device
    truths = np.array([crop.example.label for crop in crops], dtype=np.int64)
    chunks = [
        classifier(images_of(batch, device)).softmax(1).cpu().numpy() for batch in _batches(crops)
    ]
    # numpy's float64 keeps the shown confidence free of rounding steps.
    probabilities = np.concatenate(chunks).astype(np.float64)
    return of_probabilities(probabilities, truths)


def of_probabilities(
    probabilities: np.ndarray, truths: np.ndarray, *, labels: np.ndarray | None = None
) -> Predictions:
    """The answers that probabilities come to.

    Args:
        probabilities: (n, classes).
        truths: (n,) true class indices.
        labels: (n,) what is answered where several classes are equally likely; the first of them
            by default.
    """
    rows = np.arange(len(truths))
    if labels is None:
        labels = probabilities.argmax(1)
    ranks = -probabilities
    ranks[rows, labels] = -np.inf
    best = np.argsort(ranks, axis=1, kind="stable")[:, :BEST]
    return Predictions(
        labels=labels,
        confidences=probabilities[rows, labels].clip(0, 1),
        truths=truths,
        truth_probabilities=probabilities[rows, truths],
        best=best,
        best_probabilities=probabilities[rows[:, None], best].clip(0, 1),
    )


def cached_predictions(
    classifier: Classifier, crops: Sequence[Crop], cache: Cache, *, what: str
) -> Predictions:
    """As `predict`, but what was said before is read; `what` names a progress bar.

    Args:
        cache: what this classifier said.
    """
    made_by, parts = code(sys.modules[__name__]), []
    with tqdm(total=len(crops), desc=what, unit="img", leave=False) as bar:
        for start in range(0, len(crops), PART):
            part = crops[start : start + PART]
            key = digest(
                made_by, *(fact for crop in part for fact in (crop.example.label, *crop.input_key))
            )
            make = partial(_arrays, classifier, part)
            parts.append(Predictions(**cache.arrays("predictions", key, make)))
            bar.update(len(part))
    return joined(parts)


def _arrays(classifier: Classifier, crops: Sequence[Crop]) -> dict[str, np.ndarray]:
    return vars(predict(classifier, crops))


@torch.inference_mode()
def features(trunk: Classifier, crops: Sequence[Crop]) -> np.ndarray:
    """(n, dimensions) float32: the flattened maps of a classifier's, or its trunk's, last stage."""
    device = trunk.mean.device
    chunks = [
        trunk.maps(images_of(batch, device)).flatten(1).cpu().numpy() for batch in _batches(crops)
    ]
    return np.concatenate(chunks)
