"""Fine-tuning a classifier: cross-entropy, early stopping, and an accuracy to stop at."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from explainers.classifier import Classifier
from stimuli.datasets.base import Split
from stimuli.models.augmentation import moved, moves
from stimuli.models.device import chance
from stimuli.models.predictions import as_images, pixels_of, predict
from stimuli.pictures.crops import Crop, Crops
from stimuli.study.offline import TrainingSettings


def few_per_class(crops: Sequence[Crop], limit: int | None, rng: np.random.Generator) -> list[Crop]:
    """At most `limit` crops of each class, drawn at random; all of them for None."""
    if limit is None:
        return list(crops)
    counts: dict[int, int] = {}
    few = []
    for row in rng.permutation(len(crops)):
        label = crops[row].example.label
        counts[label] = counts.get(label, 0) + 1
        if counts[label] <= limit:
            few.append(crops[row])
    return few


def train(
    classifier: Classifier, crops: Crops, settings: TrainingSettings, *, seed: int
) -> dict[str, float]:
    """Fine-tune in place and leave the weights of the best epoch on val, in evaluation mode.

    AdamW with a learning rate that rises to its maximum and falls again (one cycle). Training
    ends at the target accuracy, after `patience` epochs without a better one, or after `epochs`.
    The training pixels are held in memory: 150 kB for a crop of 224 px.

    Args:
        seed: of the order of batches, moves and whatever the network drops.

    Returns:
        `epochs` trained, and `val_accuracy` of the weights that are left, 0 to 1.
    """
    best, best_state, since_best, n_epochs = -1.0, _copy(classifier), 0, 0
    with chance(seed, classifier.mean.device) as rng:
        few = few_per_class(crops[Split.TRAIN], settings.images_per_class, rng)
        lesson = _Lesson(classifier, few, settings)
        with tqdm(range(1, settings.epochs + 1), desc="training", unit="epoch", leave=False) as bar:
            for n_epochs in bar:  # noqa: B007 - returned below
                loss = lesson.epoch(rng)
                accuracy = predict(classifier.eval(), crops[Split.VAL]).accuracy
                bar.set_postfix(loss=f"{loss:.2f}", val=f"{accuracy:.1%}")
                since_best = 0 if accuracy > best else since_best + 1
                if accuracy > best:
                    best, best_state = accuracy, _copy(classifier)
                reached = settings.target_accuracy is not None and best >= settings.target_accuracy
                if reached or since_best >= settings.patience:
                    break
    classifier.load_state_dict(best_state)
    classifier.eval()
    return {"epochs": float(n_epochs), "val_accuracy": best}


def _copy(classifier: Classifier) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in classifier.state_dict().items()}


class _Lesson:
    """What stays the same from epoch to epoch: pixels, labels, optimiser and schedule."""

    def __init__(
        self, classifier: Classifier, crops: Sequence[Crop], settings: TrainingSettings
    ) -> None:
        self.classifier, self.settings = classifier, settings
        self.device = classifier.mean.device
        self.pixels = pixels_of(crops)
        self.labels = torch.tensor([crop.example.label for crop in crops])
        self.optimiser = torch.optim.AdamW(
            classifier.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        steps = settings.epochs * -(-len(crops) // settings.batch_size)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, settings.learning_rate, total_steps=steps
        )

    def epoch(self, rng: np.random.Generator) -> float:
        """One pass in random order; the mean loss."""
        self.classifier.train()
        settings, order, losses = self.settings, rng.permutation(len(self.labels)), []
        for start in range(0, len(order), settings.batch_size):
            rows = order[start : start + settings.batch_size]
            places = moves(len(rows), rng, turned=settings.turned)
            pixels = moved((self.pixels[row] for row in rows), places)
            logits = self.classifier(as_images(pixels.to(self.device)))
            loss = nn.functional.cross_entropy(
                logits, self.labels[rows].to(self.device), label_smoothing=settings.label_smoothing
            )
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimiser.step()
            self.schedule.step()
            losses.append(loss.item())
        return float(np.mean(losses))
