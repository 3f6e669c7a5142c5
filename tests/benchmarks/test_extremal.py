"""Extremal perturbations, ours and TorchRay's, in turns: `make bench ONLY=extremal`.

TorchRay is no requirement of ours (its licence forbids commercial use). To compare with it:
    pip install --no-deps --target DIR torchray==1.0.0.2
    PYTHONPATH=DIR make bench ONLY=extremal
It is called with the study paper's settings, 800 steps per area, one area after the other or all
at once as it likes; both explain the same noise, since a step costs the same for any image.
"""

import pytest
import torch

from explainers.extremal import AREAS, N_FITS, N_STEPS, extremal_perturbation
from tests.benchmarks.photographs import lite0
from tests.benchmarks.timing import cpu_seconds, machine

# Ours are of each fit.
STEPS = 20
ROUNDS = 3
PEER_STEPS = 800
# What is not fitting (the pyramid, the smoothing) is counted as steps: against us, who take fewer.
TIMES_FASTER = 4


# TorchRay 1.0.0.2 is older than its libraries and warns of what they will drop.
@pytest.mark.filterwarnings("ignore")
def test_an_image_takes_a_quarter_of_the_time_that_torchray_takes() -> None:
    peer = pytest.importorskip(
        "torchray.attribution.extremal_perturbation",
        reason="torchray is not installed; see the head of this file",
    )
    classifier = lite0()
    image = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    label = classifier(image).argmax(1)

    def ours() -> None:
        extremal_perturbation(classifier, image, label, n_steps=STEPS)

    def theirs() -> None:
        peer.extremal_perturbation(
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
            reward_func=peer.simple_reward,
            jitter=True,
        )

    rounds = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(ROUNDS)]
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
    assert peer_image > TIMES_FASTER * our_image
