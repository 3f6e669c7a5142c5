"""Who answers in a study: a network of ours, or an AI elsewhere that answered before."""

import abc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from explainers.classifier import Classifier
from stimuli.cache import Cache, digest
from stimuli.models.predictions import Predictions, cached_predictions
from stimuli.pictures.crops import Crop


class ReadyClassifier(abc.ABC):
    """A classifier of a study, ready to answer. Every subclass is final.

    Attributes:
        name: of its table in the study file.
        digest: of the file of its weights, or of its answers.
        metrics: what was measured when it was trained, 0 to 1.
        facts: what is known of its weights, such as their source and licence.
    """

    name: str
    digest: str
    metrics: Mapping[str, float]
    facts: Mapping[str, Any]

    @property
    def key(self) -> str:
        """A digest of everything that decides its answers."""
        return self.digest

    @property
    @abc.abstractmethod
    def backbone(self) -> str:
        """The architecture, as a bundle names it."""

    @property
    @abc.abstractmethod
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, by index."""

    @property
    @abc.abstractmethod
    def device(self) -> torch.device:
        """Where pictures are put that something is drawn of."""

    @property
    @abc.abstractmethod
    def has_network(self) -> bool:
        """Whether there is anything to look into."""

    @property
    @abc.abstractmethod
    def classifier(self) -> Classifier:
        """The network.

        Raises:
            ProblemsError: if there is none.
        """

    @abc.abstractmethod
    def answers(self, crops: Sequence[Crop], cache: Cache, *, what: str) -> Predictions | None:
        """What it says of crops; None where it never saw a picture of theirs.

        Args:
            cache: what this classifier said.
            what: names a progress bar.
        """


@dataclass(frozen=True, kw_only=True)
class ReadyNetwork(ReadyClassifier):
    """A network of ours, with the SHA-256 of its checkpoint.

    Attributes:
        outputs: which of the checkpoint's outputs each class is, where they were brought into
            another order (`stimuli.models.class_matching`).
    """

    name: str
    network: Classifier
    digest: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    outputs: tuple[int | None, ...] = ()

    @property
    def key(self) -> str:
        """Of the checkpoint, and of the order of its outputs."""
        return digest(self.digest, self.outputs) if self.outputs else self.digest

    @property
    def backbone(self) -> str:
        """As the study file names it."""
        return self.network.backbone

    @property
    def classes(self) -> tuple[str, ...]:
        """In the order of the outputs."""
        return self.network.classes

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return self.network.mean.device

    @property
    def has_network(self) -> bool:
        """It is one."""
        return True

    @property
    def classifier(self) -> Classifier:
        """The network."""
        return self.network

    def answers(self, crops: Sequence[Crop], cache: Cache, *, what: str) -> Predictions:
        """As `cached_predictions`."""
        return cached_predictions(self.network, crops, cache, what=what)
