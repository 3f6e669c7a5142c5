"""GradCAM, ours and TorchRay's, in turns: `make bench ONLY=gradcam`."""

from collections.abc import Sequence
from statistics import median
from types import ModuleType

import pytest
import torch
from torch import Tensor

from explainers.classifier import Classifier
from explainers.gradcam import gradcam
from tests.benchmarks.peers import peer
from tests.benchmarks.photographs import FOLDER, lite0, photographs, whole
from tests.benchmarks.sizes import size
from tests.benchmarks.timing import cpu_seconds, machine

IMAGES = size(8, quick=2)
ROUNDS = size(9, quick=1)
# A fortieth of a step of an 8-bit picture.
TOLERANCE = 1e-4

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is not there")


def theirs(torchray: ModuleType, classifier: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    """(images, height, width), not yet divided by their peaks."""
    maps: Tensor = torchray.grad_cam(
        classifier, images, labels, saliency_layer=classifier.features, resize=True
    )
    return maps[:, 0].detach()


def print_times(rounds: Sequence[tuple[float, float]]) -> None:
    """Of CPU seconds, ours and TorchRay's."""
    ours_s, theirs_s = (median(times) for times in zip(*rounds, strict=True))
    ratio = median(other / own for own, other in rounds)
    print(  # noqa: T201
        f"\n{machine()}; CPU seconds for {IMAGES} images, median of {ROUNDS}"
        f"\nours {ours_s:.3f}, TorchRay {theirs_s:.3f}: {ratio:.2f} times as fast",
        flush=True,
    )


# TorchRay 1.0.0.2 is older than its libraries and warns of what they will drop.
@pytest.mark.filterwarnings("ignore")
def test_the_maps_are_those_of_torchray() -> None:
    torchray = peer("torchray.attribution.grad_cam")
    classifier = lite0()
    images = torch.cat([whole(photograph.name) for photograph in photographs()[:IMAGES]])
    labels = classifier(images).argmax(1)
    peer_maps = theirs(torchray, classifier, images, labels)
    peaks = peer_maps.amax((1, 2), keepdim=True)
    maps = gradcam(classifier, images, labels)
    assert torch.allclose(maps, peer_maps / peaks, rtol=0, atol=TOLERANCE)
    rounds = [
        (
            cpu_seconds(lambda: gradcam(classifier, images, labels)),
            cpu_seconds(lambda: theirs(torchray, classifier, images, labels)),
        )
        for _ in range(ROUNDS)
    ]
    print_times(rounds)
