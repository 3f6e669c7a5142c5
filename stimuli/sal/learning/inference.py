"""What a model predicts of many images, and where it looks; nothing is left changed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainers.classifier import Classifier, evaluating
from explainers.probes import probe_maps
from stimuli.sal.data.images import Images

# Larger batches are slower on CPUs, whose caches they do not fit, and faster on GPUs.
CPU_BATCH, GPU_BATCH = 16, 512


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """Of n images.

    Attributes:
        logits: (n, classes).
        features: (n, d), what the last layer sees.
        maps: (n, rows, columns), signed, of the predicted class.
    """

    logits: Tensor
    features: Tensor
    maps: Tensor

    @property
    def predicted_labels(self) -> np.ndarray:
        """(n,) class indices."""
        return self.logits.argmax(1).numpy()


def map_shape(classifier: Classifier, images: Images) -> tuple[int, int]:
    """Rows and columns of the last stage's maps of one of these."""
    with torch.inference_mode(), evaluating(classifier):
        maps = classifier.maps(images.batch(np.arange(1), classifier.mean.device))
    return maps.shape[2], maps.shape[3]


def accuracy(classifier: Classifier, images: Images) -> float:
    """Share of right answers, 0 to 1."""
    with torch.inference_mode(), evaluating(classifier):
        right = [
            (classifier(batch).argmax(1).cpu() == torch.from_numpy(images.labels[rows])).sum()
            for rows, batch in batches(classifier, images, np.arange(len(images)))
        ]
    return float(sum(right)) / len(images)


def predict(classifier: Classifier, images: Images, rows: np.ndarray, *, probe: str) -> Predictions:
    """The predictions of some rows, and what a probe sees of them. No label is looked at."""
    with torch.inference_mode(), evaluating(classifier):
        parts = [_predict_batch(classifier, b, probe) for _, b in batches(classifier, images, rows)]
    logits, features, maps = (torch.cat(part) for part in zip(*parts, strict=True))
    return Predictions(logits=logits, features=features, maps=maps)


def predict_with_label_maps(
    classifier: Classifier, images: Images, *, probe: str
) -> tuple[Predictions, Tensor]:
    """The predictions of all images and the `label_maps` of their labels, in one pass."""
    labels = torch.from_numpy(images.labels).to(classifier.mean.device)
    with torch.inference_mode(), evaluating(classifier):
        parts = [
            _predict_batch(classifier, batch, probe, labels[torch.from_numpy(rows)])
            for rows, batch in batches(classifier, images, np.arange(len(images)))
        ]
    logits, features, maps, true_maps = (torch.cat(part) for part in zip(*parts, strict=True))
    return Predictions(logits=logits, features=features, maps=maps), true_maps


def _predict_batch(
    classifier: Classifier, batch: Tensor, probe: str, labels: Tensor | None = None
) -> tuple[Tensor, ...]:
    """Logits, features, maps of the predicted classes and, if there are labels, of these."""
    output = classifier.output(batch)
    features = classifier.head[:-1](output)
    logits: Tensor = classifier.head[-1](features)
    classes = [logits.argmax(1)] + ([] if labels is None else [labels])
    heat = [probe_maps(probe, classifier, output, of_class) for of_class in classes]
    return tuple(part.float().cpu() for part in (logits, features, *heat))


def label_maps(
    classifier: Classifier, images: Images, rows: np.ndarray, labels: np.ndarray, *, probe: str
) -> Tensor:
    """(rows, rows of a map, columns), signed: what a probe sees of given labels."""
    device = classifier.mean.device
    label_of = dict(zip(rows.tolist(), labels.tolist(), strict=True))
    with torch.inference_mode(), evaluating(classifier):
        parts = [
            probe_maps(
                probe,
                classifier,
                classifier.output(batch),
                torch.tensor([label_of[row] for row in part.tolist()], device=device),
            )
            for part, batch in batches(classifier, images, rows)
        ]
    return torch.cat(parts).float().cpu()


def batches(
    classifier: Classifier, images: Images, rows: np.ndarray
) -> Iterator[tuple[np.ndarray, Tensor]]:
    """The rows in parts as large as its device likes, each with what it takes."""
    device = classifier.mean.device
    size = CPU_BATCH if device.type == "cpu" else GPU_BATCH
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        yield part, images.batch(part, device)
