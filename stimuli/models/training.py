"""Fine-tuning a classifier: cross-entropy, early stopping, and an accuracy to stop at."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from explainers.classifier import Classifier
from stimuli.models.augmentation import moved, moves
from stimuli.models.predictions import as_images, pixels_of, predict
from stimuli.models.randomness import chance
from stimuli.pictures.crops import Crop
from stimuli.study.offline import TrainingSettings


def few_per_class(crops: Sequence[Crop], limit: int | None, rng: np.random.Generator) -> list[Crop]:
    """At most `limit` views of each class, drawn at random; all of them for None."""
    if limit is None:
        return list(crops)
    counts: dict[int, int] = {}
    cache = []
    for row in rng.permutation(len(crops)):
        label = crops[row].example.label
        counts[label] = counts.get(label, 0) + 1
        if counts[label] <= limit:
            cache.append(crops[row])
    return cache


def train(
    classifier: Classifier,
    train_crops: Sequence[Crop],
    val_crops: Sequence[Crop],
    settings: TrainingSettings,
    *,
    seed: int,
) -> dict[str, float]:
    """Fine-tune in place and leave the weights of the best epoch on val, in evaluation mode.

    AdamW with a learning rate that rises to its maximum and falls again (one cycle). Training
    ends at the target accuracy, after `patience` epochs without a better one, or after `epochs`.
    The training pixels are held in memory: 150 kB for a view of 224 px.

    Args:
        seed: of the order of batches, moves and whatever the network drops.

    Returns:
        `epochs` trained, and `val_accuracy` of the weights that are left, 0 to 1.
    """
    with chance(seed, classifier.mean.device) as rng:
        few = few_per_class(train_crops, settings.images_per_class, rng)
        return _best_epoch(_Lesson(classifier, few, settings), val_crops, rng)


def _best_epoch(
    lesson: "_Lesson", val_crops: Sequence[Crop], rng: np.random.Generator
) -> dict[str, float]:
    classifier, settings = lesson.classifier, lesson.settings
    best, best_state, since_best, trained = -1.0, _copy(classifier), 0, 0
    with tqdm(range(1, settings.epochs + 1), desc="training", unit="epoch", leave=False) as bar:
        for trained in bar:  # noqa: B007 - returned below
            loss = lesson.epoch(rng)
            accuracy = predict(classifier.eval(), val_crops).accuracy
            bar.set_postfix(loss=f"{loss:.2f}", val=f"{accuracy:.1%}")
            since_best = 0 if accuracy > best else since_best + 1
            if accuracy > best:
                best, best_state = accuracy, _copy(classifier)
            reached = settings.target_accuracy is not None and best >= settings.target_accuracy
            if reached or since_best >= settings.patience:
                break
    classifier.load_state_dict(best_state)
    classifier.eval()
    return {"epochs": float(trained), "val_accuracy": best}


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
        self.labels = torch.tensor([v.example.label for v in crops])
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
        order = rng.permutation(len(self.labels))
        starts = range(0, len(order), self.settings.batch_size)
        return float(
            np.mean([self._step(order[s : s + self.settings.batch_size], rng) for s in starts])
        )

    def _step(self, rows: np.ndarray, rng: np.random.Generator) -> float:
        places = moves(len(rows), rng, turned=self.settings.turned)
        pixels = moved((self.pixels[row] for row in rows), places)
        logits = self.classifier(as_images(pixels.to(self.device)))
        loss = nn.functional.cross_entropy(
            logits, self.labels[rows].to(self.device), label_smoothing=self.settings.label_smoothing
        )
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.schedule.step()
        return loss.item()
