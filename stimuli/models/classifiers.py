"""The classifiers of a study, ready to use: loaded where there is a checkpoint, else trained."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import torch

from explainers.classifier import (
    Checkpoint,
    CheckpointError,
    load_checkpoint,
    new_classifier,
    save_checkpoint,
)
from explainers.networks import backbones
from explainers.networks.backbones import IMAGENET_CLASSES, Weights
from stimuli.cache import Cache, code, digest
from stimuli.datasets.base import Split
from stimuli.models import augmentation, device, training
from stimuli.models.training import train
from stimuli.pictures.crops import Crops
from stimuli.problems import ProblemsError
from stimuli.study.offline import ClassifierSettings

log = logging.getLogger(__name__)


class ClassifierError(ProblemsError):
    """A classifier that a study asks for and cannot have."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What is a fact of this machine, not of the study.

    Attributes:
        store: folder of trained networks.
        cache: what the steps of builds made.
        checkpoints: of classifiers with weights = "checkpoint", by name.
        explanations: of explainers with kind = "imported", by name: a folder or a table.
        salient: the file of a salient-object network with network = "onnx".
    """

    store: Path = Path("instance/checkpoints")
    cache: Cache = Cache(folder=Path("instance/kept"))
    checkpoints: Mapping[str, Path] = field(default_factory=dict)
    explanations: Mapping[str, Path] = field(default_factory=dict)
    salient: Path | None = None
    device: torch.device = torch.device("cpu")

    def cache_of(self, checkpoint: Checkpoint) -> Cache:
        """What steps made with this classifier on such a device."""
        return Cache(folder=self.cache.folder / f"{checkpoint.digest[:16]}-{self.device.type}")


def ready_classifier(
    settings: ClassifierSettings,
    classes: tuple[str, ...],
    crops: Crops,
    *,
    seed: int,
    machine: Machine,
) -> Checkpoint:
    """Load the given checkpoint, or the one that was trained on exactly this before, or train.

    Args:
        classes: class names of the data set, by index.
        crops: train is learnt from, val decides when to stop.

    Raises:
        ClassifierError: if there is no such classifier for these classes.
    """
    subject, name = f"classifier {settings.name}", settings.name
    if settings.weights != "checkpoint":
        made_from = training_digest(settings, classes, crops, seed)
        path = machine.store / f"{name}-{made_from[:12]}.pt"
        if not path.is_file():
            _train_and_save(path, settings, classes, crops, seed, machine)
    elif name in machine.checkpoints:
        path = machine.checkpoints[name]
    else:
        advice = f"no checkpoint is given; add --checkpoint {name}=PATH"
        raise ClassifierError(subject, [advice])
    try:
        checkpoint = load_checkpoint(path)
    except CheckpointError as error:
        raise ClassifierError(subject, [str(error)]) from None
    if checkpoint.classifier.classes != classes:
        message = f"{path}: knows other classes than the data set; train one on this data set"
        raise ClassifierError(subject, [message])
    checkpoint.classifier.to(machine.device)
    return checkpoint


def training_digest(
    settings: ClassifierSettings,
    classes: tuple[str, ...],
    crops: Crops,
    seed: int,
) -> str:
    """What decides the weights: the code, settings, classes, seed, pictures and labels."""
    lessons = (
        part
        for crop in (*crops[Split.TRAIN], *crops[Split.VAL])
        for part in (crop.example.split, crop.example.label, *crop.input_key)
    )
    made_by = code(training, augmentation, device, backbones)
    library, _, is_of_it = settings.backbone.partition("/")
    drawn_by = [version(library)] if is_of_it else []
    return digest(made_by, settings, classes, seed, *lessons, *drawn_by)


def _train_and_save(
    path: Path,
    settings: ClassifierSettings,
    classes: tuple[str, ...],
    crops: Crops,
    seed: int,
    machine: Machine,
) -> None:
    if not settings.training and len(classes) != IMAGENET_CLASSES:
        message = f"the data set has {len(classes)} classes, not 1000; add [classifiers.training]"
        raise ClassifierError(f"classifier {settings.name}", [message])
    weights: Weights = "imagenet" if settings.weights == "imagenet" else "none"
    try:
        classifier = new_classifier(settings.backbone, weights=weights, classes=classes, seed=seed)
    except ValueError as error:
        raise ClassifierError(f"classifier {settings.name}", [str(error)]) from None
    classifier.to(machine.device)
    metrics: dict[str, float] = {}
    if settings.training:
        log.info("training classifier %s (%s)", settings.name, settings.backbone)
        metrics = train(classifier, crops, settings.training, seed=seed)
    config = {"seed": seed, **settings.model_dump(mode="json")}
    save_checkpoint(path, classifier, metrics=metrics, config=config)
