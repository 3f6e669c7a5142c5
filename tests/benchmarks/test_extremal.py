"""Extremal perturbations, ours and TorchRay's, in turns: `make bench ONLY=extremal`.

TorchRay is called with the study paper's settings, 800 steps per area, one area after the other or
all at once as it likes; both explain the same noise, since a step costs the same for any image.
"""

from collections.abc import Sequence
from types import ModuleType

import pytest
import torch
from torch import Tensor

from explainers.classifier import Classifier
from explainers.extremal import AREAS, N_FITS, N_STEPS, extremal_perturbation
from tests.benchmarks.peers import peer
from tests.benchmarks.photographs import lite0
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import cpu_seconds, machine

# Ours are of each fit.
STEPS = size(20, quick=1)
ROUNDS = size(3, quick=1)
PEER_STEPS = 800
# What is not fitting (the pyramid, the smoothing) is counted as steps: against us, who take fewer.
TIMES_FASTER = 4


def noise_and_label(classifier: Classifier) -> tuple[Tensor, Tensor]:
    """An image (1, 3, 224, 224) of noise, and what the classifier takes it for, (1,)."""
    image = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    return image, classifier(image).argmax(1)


def ours(classifier: Classifier, image: Tensor, label: Tensor) -> None:
    extremal_perturbation(classifier, image, label, n_steps=STEPS)


def theirs(torchray: ModuleType, classifier: Classifier, image: Tensor, label: Tensor) -> None:
    torchray.extremal_perturbation(
        classifier,
        image,
        int(label),
        areas=list(AREAS),
        num_levels=8,
        step=7,
        sigma=21,
        max_iter=STEPS,
        smooth=0.09,
        perturbation="blur",
        reward_func=torchray.simple_reward,
        jitter=True,
    )


def times_faster(rounds: Sequence[tuple[float, float]]) -> float:
    """By how much ours are, of an image; CPU seconds of STEPS, ours and TorchRay's, are given."""
    our_step, peer_step = (min(times) / STEPS for times in zip(*rounds, strict=True))
    our_image, peer_image = our_step * N_STEPS, peer_step * PEER_STEPS
    print(  # noqa: T201
        f"\n{machine()}; CPU seconds"
        f"\nours      {our_step / N_FITS:.3f} a step, "
        f"{our_image:.0f} an image, {N_FITS} fits of {N_STEPS} steps"
        f"\nTorchRay  {peer_step:.3f} a step, {peer_image:.0f} an image, {PEER_STEPS} steps"
        f"\n{peer_image / our_image:.1f} times faster",
        flush=True,
    )
    return peer_image / our_image


# TorchRay 1.0.0.2 is older than its libraries and warns of what they will drop.
@pytest.mark.filterwarnings("ignore")
def test_an_image_takes_a_quarter_of_the_time_that_torchray_takes() -> None:
    torchray = peer("torchray.attribution.extremal_perturbation")
    classifier = lite0()
    image, label = noise_and_label(classifier)
    rounds = [
        (
            cpu_seconds(lambda: ours(classifier, image, label)),
            cpu_seconds(lambda: theirs(torchray, classifier, image, label)),
        )
        for _ in range(ROUNDS)
    ]
    ratio = times_faster(rounds)
    assert QUICK or ratio > TIMES_FASTER
