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
class TrainingResult:
    """What training came to.

    Attributes:
        epoch: whose weights stayed, from 1 on.
        val_accuracy: of these weights, 0 to 1.
        loss: mean of that epoch's batches.
    """

    epoch: int
    val_accuracy: float
    loss: float


def train_classifier(
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
) -> TrainingResult:
    """Train in place and leave the weights of the epoch that the settings keep, evaluating.

    Args:
        loss: all but its alphas, which are those of roles.
        alpha: this model's.
        seed: of the order of batches, moves and whatever the network drops.

    Raises:
        ExperimentError: naming the batch, if its loss is not a number.
    """
    trainer = _Trainer(classifier, train, labelled, settings, loss, alpha=alpha, probe=probe)
    best, state = None, {}
    with chance(seed, classifier.mean.device) as rng:
        for epoch in range(1, settings.epochs + 1):
            mean = trainer.train_epoch(rng, number=epoch)
            if settings.keep == "last" and epoch < settings.epochs:
                continue
            result = TrainingResult(epoch=epoch, val_accuracy=accuracy(classifier, val), loss=mean)
            if best is None or result.val_accuracy >= best.val_accuracy:
                best, state = result, {n: v.clone() for n, v in classifier.state_dict().items()}
    classifier.load_state_dict(state)
    classifier.eval()
    if best is None:
        raise ValueError("no epoch was trained")
    return best


class _Trainer:
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
        n_steps = settings.epochs * -(-len(labelled) // settings.batch_size)
        self.optimiser, self.schedule = _optimiser_with_schedule(classifier, settings, n_steps)

    def train_epoch(self, rng: np.random.Generator, *, number: int) -> float:
        """One pass in random order; the mean loss."""
        self.classifier.train()
        order, size = rng.permutation(len(self.labels)), self.settings.batch_size
        batches = np.split(order, range(size, len(order), size))
        losses = torch.stack([self._step(rows, rng) for rows in batches]).cpu()
        if not losses.isfinite().all():
            first = batches[int(losses.isfinite().logical_not().nonzero()[0])]
            sources = ", ".join(self.sources[row] for row in first)
            problem = f"the loss of the batch with {sources} is not a number"
            advice = "lower learning_rate in [training], or look at these pictures"
            raise ExperimentError(f"training, epoch {number}", [f"{problem}; {advice}"])
        return float(losses.mean())

    def _step(self, rows: np.ndarray, rng: np.random.Generator) -> Tensor:
        """One batch, forwards and backwards; its loss."""
        # Images, and the maps that people drew, are mirrored and turned alike.
        places = moves(len(rows), rng, turned=self.settings.turned)
        if not (self.settings.mirrored or self.settings.turned):
            places[:] = False
        rows_on_device = sent(rows, self.device)
        images = self.images.batch(self.rows[rows], self.device, places=places)
        human_maps = moved_at_once(self.maps[rows_on_device], places)
        # Half the time and memory on a GPU; CPUs are slower at it.
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            output = self.classifier.output(images)
            logits = self.classifier.head(output)
        loss = self._loss(rows_on_device, output.float(), logits.float(), human_maps)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.schedule.step()
        return loss.detach()

    def _loss(
        self, rows_on_device: Tensor, output: Tensor, logits: Tensor, human_maps: Tensor
    ) -> Tensor:
        labels, settings = self.labels[rows_on_device], self.loss
        classes = labels if settings.class_of_map == "true" else logits.argmax(1)
        return cyborg_loss(
            logits,
            probe_maps(self.probe, self.classifier, output, classes),
            labels,
            human_maps,
            self.has_map[rows_on_device],
            alpha=self.alpha,
            label_smoothing=self.settings.label_smoothing,
            saliency=settings.saliency,
            without_mask=settings.without_mask,
        )


def _optimiser_with_schedule(
    classifier: Classifier, settings: TrainingSettings, n_steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    weights, rate, decay = classifier.parameters(), settings.learning_rate, settings.weight_decay
    optimiser: torch.optim.Optimizer
    if settings.optimiser == "adamw":
        optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=decay)
    else:
        optimiser = torch.optim.SGD(
            weights, lr=rate, momentum=settings.momentum, weight_decay=decay
        )
    if settings.schedule == "one_cycle":
        return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=n_steps)
    steps = settings.step_epochs * (n_steps // settings.epochs)
    return optimiser, torch.optim.lr_scheduler.StepLR(optimiser, steps, settings.step_factor)
