"""The classifiers of a study, ready to use: loaded where there is a checkpoint, else trained."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import torch

from explainers.classifier import (
    CheckpointError,
    load_checkpoint,
    new_classifier,
    save_checkpoint,
)
from explainers.networks import backbones
from explainers.networks.backbones import Weights, provenance
from stimuli.cache import Cache, code, digest
from stimuli.datasets.base import Split
from stimuli.datasets.imagenet.synsets import IMAGENET_NAMES
from stimuli.models import augmentation, device, training
from stimuli.models.plugin_files import Plugin
from stimuli.models.ready import ReadyClassifier, ReadyNetwork
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
        predictions: the files of those with weights = "predictions", by name.
        neighbours: of these, by name: a list, or features as a table or a folder.
        explanations: of explainers with kind = "imported", by name: a folder or a table.
        salient: the file of a salient-object network with network = "onnx".
        plugins: explainers that the lab brings, by name.
    """

    store: Path = Path("instance/checkpoints")
    cache: Cache = Cache(folder=Path("instance/kept"))
    checkpoints: Mapping[str, Path] = field(default_factory=dict)
    predictions: Mapping[str, Path] = field(default_factory=dict)
    neighbours: Mapping[str, Path] = field(default_factory=dict)
    explanations: Mapping[str, Path] = field(default_factory=dict)
    salient: Path | None = None
    plugins: Mapping[str, Plugin] = field(default_factory=dict)
    device: torch.device = torch.device("cpu")

    def cache_of(self, ready: ReadyClassifier) -> Cache:
        """What steps made with this classifier on such a device."""
        return Cache(folder=self.cache.folder / f"{ready.key[:16]}-{self.device.type}")


def ready_classifier(
    settings: ClassifierSettings,
    classes: tuple[str, ...],
    crops: Crops,
    *,
    seed: int,
    machine: Machine,
) -> ReadyNetwork:
    """Load the given checkpoint, or the one that was trained on exactly this before, or train.

    Args:
        classes: those of the data set by index, which a given checkpoint need not know.
        crops: train is learnt from, val decides when to stop.

    Raises:
        ClassifierError: if there is no such classifier.
    """
    path = checkpoint_path(settings, classes, crops, seed=seed, machine=machine)
    try:
        checkpoint = load_checkpoint(path)
    except CheckpointError as error:
        raise ClassifierError(f"classifier {settings.name}", [str(error)]) from None
    return ReadyNetwork(
        name=settings.name,
        network=checkpoint.classifier.to(machine.device),
        digest=checkpoint.digest,
        metrics=checkpoint.metrics,
        facts=checkpoint.config,
    )


def checkpoint_path(
    settings: ClassifierSettings,
    classes: tuple[str, ...],
    crops: Crops,
    *,
    seed: int,
    machine: Machine,
) -> Path:
    """Where a classifier's weights are; they are trained or fetched if they are not there."""
    name = settings.name
    if settings.weights == "checkpoint":
        if name in machine.checkpoints:
            return machine.checkpoints[name]
        advice = f"no checkpoint is given; add --checkpoint {name}=PATH"
        raise ClassifierError(f"classifier {name}", [advice])
    if settings.weights == "imagenet" and not settings.training:
        classes = IMAGENET_NAMES
    made_from = training_digest(settings, classes, crops, seed)
    path = machine.store / f"{name}-{made_from[:12]}.pt"
    if not path.is_file():
        _train_and_save(path, settings, classes, crops, seed, machine)
    return path


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
    library, _, is_of_it = settings.architecture.partition("/")
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
    weights: Weights = "imagenet" if settings.weights == "imagenet" else "none"
    try:
        classifier = new_classifier(
            settings.architecture, weights=weights, classes=classes, seed=seed
        )
    except ValueError as error:
        raise ClassifierError(f"classifier {settings.name}", [str(error)]) from None
    classifier.to(machine.device)
    metrics: dict[str, float] = {}
    if settings.training:
        log.info("training classifier %s (%s)", settings.name, settings.architecture)
        metrics = train(classifier, crops, settings.training, seed=seed)
    published = provenance(settings.architecture) if weights == "imagenet" else {}
    config = {"seed": seed, **settings.model_dump(mode="json"), **published}
    save_checkpoint(path, classifier, metrics=metrics, config=config)
