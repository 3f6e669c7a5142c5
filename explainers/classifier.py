"""A classifier: network, normalisation and CAM layer in one object that takes RGB in [0, 1]."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from explainers.networks.backbones import BACKBONES, Backbone, Weights, build_backbone

CHECKPOINT_VERSION = 2


class CheckpointError(ValueError):
    """A file that is no checkpoint of ours, or not one for these classes."""


class Classifier(nn.Module):
    """Names what an image shows.

    The CAM layer is `features`: the last stage before pooling, from which every class activation
    map and every nearest neighbour is computed.

    Attributes:
        backbone: name of the architecture.
        classes: class names by index; two may be equal.
        features: normalised images to what the CAM layer gives, which lies as `layout` says.
        head: that to logits.
        layout: how the maps lie in it.
        averages: whether the head is a global average of the maps and a linear layer.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, *, backbone: str, parts: Backbone, classes: tuple[str, ...]) -> None:
        super().__init__()
        self.backbone = backbone
        self.classes = classes
        self.features = parts.features
        self.head = parts.head
        self.layout = parts.layout
        self.averages = parts.averages
        self.register_buffer("mean", torch.tensor(parts.mean).view(1, -1, 1, 1))
        self.register_buffer("std", torch.tensor(parts.std).view(1, -1, 1, 1))

    def normalise(self, images: Tensor) -> Tensor:
        """RGB in [0, 1] to what the network was trained on; shape unchanged."""
        return torch.addcmul(-self.mean / self.std, images, 1 / self.std)  # one pass, not two

    def forward(self, images: Tensor) -> Tensor:
        """Logits (batch, classes) of images (batch, 3, height, width), RGB in [0, 1]."""
        logits: Tensor = self.head(self.output(images))
        return logits

    def output(self, images: Tensor) -> Tensor:
        """What the CAM layer gives for such images, and the head takes."""
        output: Tensor = self.features(self.normalise(images))
        return output

    def maps(self, images: Tensor) -> Tensor:
        """The maps of the CAM layer, (batch, channels, rows, columns)."""
        return self.layout.as_maps(self.output(images))

    @property
    def last_layer(self) -> nn.Linear:
        """The linear layer that gives the logits.

        Raises:
            TypeError: if the head ends in another one.
        """
        last = self.head[-1]
        if not isinstance(last, nn.Linear):
            raise TypeError(f"the head of {self.backbone} must end in a linear layer, not {last}")
        return last


@contextmanager
def evaluating(classifier: Classifier) -> Iterator[None]:
    """In evaluation mode, where images do not affect each other; then as it was."""
    training = {module: module.training for module in classifier.modules()}
    classifier.eval()
    try:
        yield
    finally:
        for module, mode in training.items():
            module.training = mode


def new_classifier(
    backbone: str, *, weights: Weights, classes: tuple[str, ...], seed: int
) -> Classifier:
    """A classifier for these classes; the last layer is new unless the weights have as many.

    Args:
        seed: of the random weights. The global random state is left as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        parts = build_backbone(backbone, weights)
        linear = parts.head[-1]
        if not isinstance(linear, nn.Linear):
            raise TypeError(f"the head of {backbone} must end in a linear layer, not {linear}")
        if linear.out_features != len(classes):
            parts.head[-1] = nn.Linear(linear.in_features, len(classes))
    classifier = Classifier(backbone=backbone, parts=parts, classes=classes)
    if backbone not in BACKBONES:  # others may ask how their maps lie in memory
        return classifier
    # Two to three times faster on CPUs for images stored as height, width, channels.
    return classifier.to(memory_format=torch.channels_last)


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A classifier read from a file, with what was noted about it.

    Attributes:
        metrics: such as the accuracy on each split, 0 to 1.
        config: the settings it was trained with, or where it comes from.
        digest: SHA-256 of the file.
    """

    classifier: Classifier
    metrics: dict[str, float]
    config: dict[str, Any]
    digest: str


def save_checkpoint(
    path: Path, classifier: Classifier, *, metrics: dict[str, float], config: dict[str, Any]
) -> None:
    """Write everything that is needed to load the classifier; never half a file."""
    facts = {
        "version": CHECKPOINT_VERSION,
        "backbone": classifier.backbone,
        "classes": list(classifier.classes),
        "state": classifier.state_dict(),
        "metrics": metrics,
        "config": config,
    }
    write_whole(path, facts)


def write_whole(path: Path, facts: object) -> None:
    """Write what torch can save: the whole file or none.

    Raises:
        OSError: if it cannot be written, as on a full disk, of which torch itself says less.
    """
    content = io.BytesIO()
    torch.save(facts, content)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content.getbuffer())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        error.filename = str(path)
        raise


def classes_of_checkpoint(path: Path) -> tuple[str, ...]:
    """What a checkpoint's outputs are called, without its network.

    Raises:
        CheckpointError: if the file is missing or is none of ours.
    """
    return tuple(_facts_of(path)["classes"])


def _facts_of(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise CheckpointError(f"{path}: there is no such checkpoint; train it or correct the path")
    try:
        facts: dict[str, Any] = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
        version = facts["version"]
    except Exception as error:
        raise CheckpointError(f"{path}: is no checkpoint of Lorikeet ({error})") from error
    if version != CHECKPOINT_VERSION:
        raise CheckpointError(f"{path}: is of version {version}; train it again")
    return facts


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint; the classifier is in evaluation mode on the CPU.

    Raises:
        CheckpointError: if the file is missing or is none of ours.
    """
    facts = _facts_of(path)
    try:
        classifier = new_classifier(
            facts["backbone"], weights="none", classes=tuple(facts["classes"]), seed=0
        )
        classifier.load_state_dict(facts["state"])
    except Exception as error:
        raise CheckpointError(f"{path}: is no checkpoint of Lorikeet ({error})") from error
    return Checkpoint(
        classifier=classifier.eval(),
        metrics=facts["metrics"],
        config=facts["config"],
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
