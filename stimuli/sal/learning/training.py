"""Training one model on what was labelled, with the CYBORG loss where there is a mask."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainers.classifier import Classifier
from explainers.probes import probe_maps
from stimuli.models.augmentation import moved_at_once, moves
from stimuli.models.device import chance, sent
from stimuli.sal.data.images import Images
from stimuli.sal.data.labelled import Labelled, Origin
from stimuli.sal.data.masks import target_maps
from stimuli.sal.experiment import ExperimentError, LossSettings, TrainingSettings
from stimuli.sal.learning.inference import accuracy, map_shape
from stimuli.sal.learning.loss import cyborg_loss


@dataclass(frozen=True, kw_only=True)
class Taught:
    """What training came to.

    Attributes:
        epoch: whose weights were kept, from 1 on.
        val_accuracy: of these weights, 0 to 1.
        loss: mean of that epoch's batches.
    """

    epoch: int
    val_accuracy: float
    loss: float


def teach(
    classifier: Classifier,
    train: Images,
    val: Images,
    labelled: Labelled,
    settings: TrainingSettings,
    loss: LossSettings,
    *,
    alpha: float,
    probe: str,
    seed: int,
) -> Taught:
    """Train in place and leave the weights of the epoch that the settings keep, evaluating.

    Args:
        loss: all but its alphas, which are those of roles.
        alpha: this model's.
        seed: of the order of batches, moves and whatever the network drops.

    Raises:
        ExperimentError: naming the batch, if its loss is not a number.
    """
    lesson = _Lesson(classifier, train, labelled, settings, loss, alpha=alpha, probe=probe)
    best, state = None, {}
    with chance(seed, classifier.mean.device) as rng:
        for epoch in range(1, settings.epochs + 1):
            mean = lesson.epoch(rng, number=epoch)
            if settings.keep == "last" and epoch < settings.epochs:
                continue
            found = Taught(epoch=epoch, val_accuracy=accuracy(classifier, val), loss=mean)
            if best is None or found.val_accuracy >= best.val_accuracy:
                best, state = found, {n: v.clone() for n, v in classifier.state_dict().items()}
    classifier.load_state_dict(state)
    classifier.eval()
    if best is None:
        raise ValueError("no epoch was trained")
    return best


class _Lesson:
    """What stays the same from epoch to epoch: images, targets, optimiser and schedule."""

    def __init__(
        self,
        classifier: Classifier,
        train: Images,
        labelled: Labelled,
        settings: TrainingSettings,
        loss: LossSettings,
        *,
        alpha: float,
        probe: str,
    ) -> None:
        self.classifier, self.settings, self.loss = classifier, settings, loss
        self.alpha, self.probe = alpha, probe
        self.device = classifier.mean.device
        self.sources = [train.sources[row] for row in labelled.rows]
        self.images, self.rows = train, labelled.rows
        self.labels = torch.from_numpy(labelled.labels).to(self.device)
        self.maps = target_maps(labelled.masks, map_shape(classifier, train), self.device)
        self.has_map = torch.from_numpy(labelled.origins != Origin.NOBODY).to(self.device)
        self.optimiser = _optimiser(classifier, settings)
        n_steps = settings.epochs * -(-len(labelled) // settings.batch_size)
        self.schedule = _schedule(self.optimiser, settings, n_steps)

    def epoch(self, rng: np.random.Generator, *, number: int) -> float:
        """One pass in random order; the mean loss."""
        self.classifier.train()
        order, size = rng.permutation(len(self.labels)), self.settings.batch_size
        batches = np.split(order, range(size, len(order), size))
        losses = torch.stack([self._step(rows, rng) for rows in batches]).cpu()
        if not losses.isfinite().all():
            self._refuse(batches[int(losses.isfinite().logical_not().nonzero()[0])], number)
        return float(losses.mean())

    def _step(self, rows: np.ndarray, rng: np.random.Generator) -> Tensor:
        chosen = sent(rows, self.device)
        images, targets = self._moved(rows, chosen, rng)
        # Half the time and memory on a GPU; CPUs are slower at it.
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            maps = self.classifier.maps(images)
            logits = self.classifier.head(maps)
        loss = self._loss(chosen, maps.float(), logits.float(), targets)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.schedule.step()
        return loss.detach()

    def _moved(
        self, rows: np.ndarray, chosen: Tensor, rng: np.random.Generator
    ) -> tuple[Tensor, Tensor]:
        """Images, and the maps that people drew, mirrored and turned alike."""
        places = moves(len(rows), rng, turned=self.settings.turned)
        if not (self.settings.mirrored or self.settings.turned):
            places[:] = False
        images = self.images.batch(self.rows[rows], self.device, places=places)
        return images, moved_at_once(self.maps[chosen], places)

    def _loss(self, chosen: Tensor, maps: Tensor, logits: Tensor, targets: Tensor) -> Tensor:
        labels, settings = self.labels[chosen], self.loss
        shown = labels if settings.class_of_map == "true" else logits.argmax(1)
        return cyborg_loss(
            logits,
            probe_maps(self.probe, self.classifier, maps, shown),
            labels,
            targets,
            self.has_map[chosen],
            alpha=self.alpha,
            label_smoothing=self.settings.label_smoothing,
            saliency=settings.saliency,
            without_mask=settings.without_mask,
        )

    def _refuse(self, rows: np.ndarray, epoch: int) -> None:
        shown = ", ".join(self.sources[row] for row in rows)
        problem = f"the loss of the batch with {shown} is not a number"
        advice = "lower learning_rate in [training], or look at these pictures"
        raise ExperimentError(f"training, epoch {epoch}", [f"{problem}; {advice}"])


def _optimiser(classifier: Classifier, settings: TrainingSettings) -> torch.optim.Optimizer:
    weights, rate, decay = classifier.parameters(), settings.learning_rate, settings.weight_decay
    if settings.optimiser == "adamw":
        return torch.optim.AdamW(weights, lr=rate, weight_decay=decay)
    return torch.optim.SGD(weights, lr=rate, momentum=settings.momentum, weight_decay=decay)


def _schedule(
    optimiser: torch.optim.Optimizer, settings: TrainingSettings, n_steps: int
) -> torch.optim.lr_scheduler.LRScheduler:
    if settings.schedule == "one_cycle":
        return torch.optim.lr_scheduler.OneCycleLR(
            optimiser, settings.learning_rate, total_steps=n_steps
        )
    per_epoch = n_steps // settings.epochs
    return torch.optim.lr_scheduler.StepLR(
        optimiser, settings.step_epochs * per_epoch, settings.step_factor
    )
