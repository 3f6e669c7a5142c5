"""One process of `test_cuda.py`: how many images a second ResNet-50 is trained on, on a GPU.

    python -m tests.benchmarks.cuda_rates --batch 20 --loops bare,ours --meet DIR --of 4

Where several run side by side, they meet before each loop and are timed over the same seconds.
Prints a line of JSON for each loop. Where there is no GPU a small one runs too, to try this file.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

import torch
from torch import Tensor, nn

from explainers.classifier import Classifier, new_classifier
from stimuli.sal.data.images import Images
from stimuli.sal.experiment import LossSettings, TrainingSettings
from stimuli.sal.learning.training import train_classifier
from tests.benchmarks.noise import everything, noise
from tests.benchmarks.sizes import size

BACKBONE = size("resnet50", quick="tiny")
N_CLASSES = size(200, quick=2)
N_BATCHES = size(20, quick=2)
WARM_UP = size(2, quick=1)
# Of a timed loop, at least.
N_IMAGES = size(8000, quick=8)
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
# By the end of a loop's name: how `torch.compile` treats the network without its head.
MODES = {"compiled": "default", "graph": "reduce-overhead"}


def network(mode: str | None) -> Classifier:
    """On the device; compiled for training only, since an evaluation has batches of its own."""
    classes = tuple(map(str, range(N_CLASSES)))
    classifier = new_classifier(BACKBONE, weights="none", classes=classes, seed=1).to(DEVICE)
    if mode is not None:
        plain, fast = classifier.maps, torch.compile(classifier.maps, mode=mode)

        def maps(images: Tensor) -> Tensor:
            values: Tensor = (fast if classifier.training else plain)(images)
            return values

        object.__setattr__(classifier, "maps", maps)
    return classifier


def ours(classifier: Classifier, images: Images, batch: int, epochs: int) -> None:
    """As a run trains: with masks for all, pictures mirrored at random, judged on one picture."""
    settings = TrainingSettings(epochs=epochs, batch_size=batch)
    parts = classifier, images, noise(1, n_classes=N_CLASSES), everything(images), settings
    train_classifier(*parts, LossSettings(), alpha=0.9, probe="cam", seed=1)


def bare(classifier: Classifier, images: Images, batch: int, epochs: int) -> None:
    """Forwards, backwards, step on batches that are on the device."""
    classifier.train()
    optimiser = torch.optim.SGD(classifier.parameters(), lr=0.005, momentum=0.9)
    for some, labels in islice(cycle(list(_batches(images, batch))), epochs * N_BATCHES):
        with torch.autocast(DEVICE.type, torch.bfloat16):
            loss = nn.functional.cross_entropy(classifier(some), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def _batches(images: Images, batch: int) -> Iterator[tuple[Tensor, Tensor]]:
    for rows in torch.arange(len(images)).split(batch):
        labels = torch.from_numpy(images.labels)[rows].to(DEVICE)
        yield images.batch(rows.numpy(), DEVICE), labels


def rate(loop: str, images: Images, batch: int, meet: Callable[[], None]) -> dict[str, object]:
    """Images a second, after a warm-up and when all others are ready."""
    name, _, mode = loop.partition("+")
    classifier, work = network(MODES.get(mode)), {"ours": ours, "bare": bare}[name]
    work(classifier, images, batch, WARM_UP)
    wait_for_device()
    meet()
    start = time.perf_counter()
    epochs = -(-N_IMAGES // len(images))
    work(classifier, images, batch, epochs)
    wait_for_device()
    per_second = epochs * len(images) / (time.perf_counter() - start)
    memory = torch.cuda.max_memory_allocated() / 2**30
    return {"loop": loop, "batch": batch, "rate": per_second, "gib": memory}


def wait_for_device() -> None:
    """Until it has done what it was given."""
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def _meeting(folder: Path, of: int) -> Callable[[], None]:
    """A function that waits until it was called in `of` processes."""
    turns = iter(range(1000))

    def meet() -> None:
        turn = next(turns)
        (folder / f"{turn}-{time.time_ns()}").touch()
        while len(list(folder.glob(f"{turn}-*"))) < of:
            time.sleep(0.01)

    return meet


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line of JSON for each loop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--loops", required=True)
    parser.add_argument("--meet", type=Path, required=True)
    parser.add_argument("--of", type=int, required=True)
    options = parser.parse_args(arguments)
    images = noise(options.batch * N_BATCHES, n_classes=N_CLASSES)
    meet = _meeting(options.meet, options.of)
    for loop in options.loops.split(","):
        print(json.dumps(rate(loop, images, options.batch, meet)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
