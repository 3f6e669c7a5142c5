"""Our training beside a bare loop on batches that are ready: `make bench ONLY=training_loop`."""

from statistics import median

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explainers.classifier import Classifier, new_classifier
from stimuli.memory import keep_memory
from stimuli.sal.data.images import Images
from stimuli.sal.experiment import LossSettings, TrainingSettings
from stimuli.sal.learning.training import train_classifier
from tests.benchmarks.noise import everything, noise
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import machine, seconds

BATCH, N_BATCHES, TURNS = size((20, 6, 5), quick=(2, 2, 1))
# A run has dozens. Masks are reduced to map size once, which takes as long as a twelfth of an epoch
# of the tiny network; beside those of the others it does not show.
EPOCHS = {"tiny": size(10, quick=1), "efficientnet_lite0": 1, "resnet18": 1}
CLASSES = tuple(f"class {n}" for n in range(10))


@pytest.fixture(scope="module", autouse=True)
def memory_as_in_a_run() -> None:
    """For both loops: `python -m stimuli.sal` does so first."""
    keep_memory()


def ours(classifier: Classifier, images: Images, val: Images, epochs: int) -> None:
    """With masks for all, pictures turned at random, judged on a single picture after an epoch."""
    settings = TrainingSettings(epochs=epochs, batch_size=BATCH, turned=True)
    parts = classifier, images, val, everything(images), settings, LossSettings()
    train_classifier(*parts, alpha=0.9, probe="cam", seed=1)


def bare(classifier: Classifier, batches: list[tuple[Tensor, Tensor]]) -> None:
    """Forwards, backwards, step."""
    classifier.train()
    optimiser = torch.optim.SGD(classifier.parameters(), lr=0.005, momentum=0.9)
    for images, labels in batches:
        loss = nn.functional.cross_entropy(classifier(images), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def share_of_a_bare_loop(backbone: str) -> float:
    """How many images ours trains on for one of a bare loop; prints it."""
    n_classes, epochs = len(CLASSES), EPOCHS[backbone]
    images, val = noise(BATCH * N_BATCHES, n_classes=n_classes), noise(1, n_classes=n_classes)
    labels = torch.from_numpy(images.labels)
    rows = np.split(np.arange(len(images)), N_BATCHES)
    batches = [(images.batch(some, torch.device("cpu")), labels[some]) for some in rows]
    times = []
    for _ in range(TURNS):
        classifier = new_classifier(backbone, weights="none", classes=CLASSES, seed=1)
        with_all = seconds(lambda c=classifier: ours(c, images, val, epochs))
        times.append((with_all, seconds(lambda c=classifier: bare(c, batches * epochs))))
    ratio = median(least / whole for whole, least in times)
    speed = epochs * len(images) / median(whole for whole, _ in times)
    print(f"\n{machine()}: {backbone}: {speed:.0f} images/s, {ratio:.2f} of a bare loop")  # noqa: T201
    return ratio


@pytest.mark.parametrize("backbone", EPOCHS)
def test_training_reaches_85_percent_of_the_images_of_a_bare_loop(backbone: str) -> None:
    ratio = share_of_a_bare_loop(backbone)
    assert QUICK or ratio >= 0.85
