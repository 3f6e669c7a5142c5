"""Fine-tuning a classifier: cross-entropy, early stopping, and an accuracy to stop at."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from explainers.classifier import Classifier
from stimuli.datasets.base import Split
from stimuli.models.augmentation import moved, moves
from stimuli.models.device import chance
from stimuli.models.predictions import Predictions, as_images, pixels_of, predict
from stimuli.pictures.crops import Crop, Crops
from stimuli.problems import ProblemsError, some_of
from stimuli.progress_bars import tqdm
from stimuli.study.offline import TrainingSettings


class TrainingError(ProblemsError):
    """A training whose loss is no number."""


LOWER = "lower learning_rate in [classifiers.training]"


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

    The best is the most accurate one; of equally accurate ones the one with the least
    cross-entropy, which is surer of what it rightly says: on a small val split many are equal.

    AdamW with a learning rate that rises to its maximum and falls again (one cycle). Training
    ends at the target accuracy, after `patience` epochs without a more accurate one, or after
    `epochs`. The training pixels are held in memory: 150 kB for a crop of 224 px.

    Args:
        seed: of the order of batches, moves and whatever the network drops.

    Returns:
        `epochs` trained, and `val_accuracy` of the weights that are left, 0 to 1.

    Raises:
        TrainingError: naming the pictures, if the loss of a batch, or on val, is not a number.
    """
    best, best_loss, best_state, since_best, n_epochs = -1.0, np.inf, _copy(classifier), 0, 0
    with chance(seed, classifier.mean.device) as rng:
        few = few_per_class(crops[Split.TRAIN], settings.images_per_class, rng)
        lesson = _Lesson(classifier, few, settings)
        with tqdm(range(1, settings.epochs + 1), desc="training", unit="epoch", leave=False) as bar:
            for n_epochs in bar:
                loss = lesson.epoch(rng, number=n_epochs)
                answers = predict(classifier.eval(), crops[Split.VAL])
                accuracy, val_loss = answers.accuracy, _loss_on_val(answers, number=n_epochs)
                bar.set_postfix(loss=f"{loss:.2f}", val=f"{accuracy:.1%}")
                since_best = 0 if accuracy > best else since_best + 1
                if (accuracy, -val_loss) > (best, -best_loss):
                    best, best_loss, best_state = accuracy, val_loss, _copy(classifier)
                reached = settings.target_accuracy is not None and best >= settings.target_accuracy
                if reached or since_best >= settings.patience:
                    break
    classifier.load_state_dict(best_state)
    classifier.eval()
    return {"epochs": float(n_epochs), "val_accuracy": best}


def _loss_on_val(answers: Predictions, *, number: int) -> float:
    """Mean cross-entropy of the true classes in the epoch of a number."""
    probabilities = answers.truth_probabilities
    if not np.isfinite(probabilities).all():
        problem = "the answers to the val split are not numbers"
        raise TrainingError(f"training, epoch {number}", [f"{problem}; {LOWER}"])
    return float(-np.log(probabilities.clip(np.finfo(np.float64).tiny)).mean())


def _copy(classifier: Classifier) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in classifier.state_dict().items()}


class _Lesson:
    """What stays the same from epoch to epoch: pixels, labels, optimiser and schedule."""

    def __init__(
        self, classifier: Classifier, crops: Sequence[Crop], settings: TrainingSettings
    ) -> None:
        self.classifier, self.settings = classifier, settings
        self.device = classifier.mean.device
        self.sources = [crop.example.source for crop in crops]
        self.pixels = pixels_of(crops)
        self.labels = torch.tensor([crop.example.label for crop in crops])
        self.optimiser = torch.optim.AdamW(
            classifier.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        steps = settings.epochs * -(-len(crops) // settings.batch_size)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, settings.learning_rate, total_steps=steps
        )

    def epoch(self, rng: np.random.Generator, *, number: int) -> float:
        """One pass in random order; the mean loss. It ends at a loss that is not a number."""
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
            losses.append(loss.item())
            if not np.isfinite(losses[-1]):
                raise TrainingError(f"training, epoch {number}", [self._problem(rows)])
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimiser.step()
            self.schedule.step()
        return float(np.mean(losses))

    def _problem(self, rows: np.ndarray) -> str:
        sources = some_of([self.sources[row] for row in rows])
        problem = f"the loss of the batch with {sources} is not a number"
        return f"{problem}; {LOWER}, or look at these pictures"
