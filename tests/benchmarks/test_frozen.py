"""Training EfficientNet-Lite0 whole and behind twelve frozen modules: `make bench ONLY=frozen`.

Images per second of one epoch at 224 px in batches of 20, without a look at val beyond one image;
the two take turns, so that a busy machine slows both. What the trunk makes of the pictures is
computed before, once for all models of a run.
"""

from dataclasses import replace
from statistics import median

import torch

from explainers.classifier import new_classifier
from explainers.networks.trunk import split
from stimuli.sal.data.images import Images
from stimuli.sal.experiment import LossSettings, TrainingSettings
from stimuli.sal.learning.training import train_classifier
from stimuli.sal.learning.trunk_maps import compute_trunk_maps
from tests.benchmarks.noise import SIDE, everything, noise
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import machine, seconds

FROZEN = 12
N = size(60, quick=4)
TURNS = size(5, quick=1)
CLASSES = tuple(f"class {n}" for n in range(200))
SETTINGS = TrainingSettings(epochs=1)


def first(images: Images) -> Images:
    maps = images.trunk_maps
    return replace(
        images,
        pixels=images.pixels[:1],
        labels=images.labels[:1],
        trunk_maps=None if maps is None else maps[:1],
    )


def epoch_seconds(images: Images, frozen: int) -> float:
    """One epoch of a new model; that of making it does not count."""
    whole = new_classifier("efficientnet_lite0", weights="imagenet", classes=CLASSES, seed=1)
    learning = split(whole, frozen)[1] if frozen else whole
    parts = learning, images, first(images), everything(images), SETTINGS, LossSettings()
    return seconds(lambda: train_classifier(*parts, alpha=0.9, probe="cam", seed=1))


def times_as_fast() -> float:
    """How many images are trained on behind the frozen modules for one without; prints it."""
    pixels = noise(N, n_classes=len(CLASSES))
    whole = new_classifier("efficientnet_lite0", weights="imagenet", classes=CLASSES, seed=1)
    trunk, _ = split(whole, FROZEN)
    behind = replace(pixels, trunk_maps=torch.from_numpy(compute_trunk_maps(trunk, pixels)))
    times = [(epoch_seconds(pixels, 0), epoch_seconds(behind, FROZEN)) for _ in range(TURNS)]
    unfrozen, frozen = (N / median(column) for column in zip(*times, strict=True))
    ratio = median(slow / fast for slow, fast in times)
    print(  # noqa: T201
        f"\n{machine()}: EfficientNet-Lite0 at {SIDE} px, {unfrozen:.0f} images/s whole, "
        f"{frozen:.0f} behind {FROZEN} frozen modules, {ratio:.1f} times as many "
        f"(medians of {TURNS} turns)",
        flush=True,
    )
    return ratio


def test_behind_twelve_frozen_modules_training_takes_a_third_of_the_time_at_most() -> None:
    ratio = times_as_fast()
    assert QUICK or ratio > 3
