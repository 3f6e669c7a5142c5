"""GradCAM, ours and TorchRay's, in turns: `make bench ONLY=gradcam`.

TorchRay is no requirement of ours (its licence forbids commercial use). To compare with it:
    pip install --no-deps --target DIR torchray==1.0.0.2
    PYTHONPATH=DIR make bench ONLY=gradcam
"""

from statistics import median

import pytest
import torch
from torch import Tensor

from explainers.gradcam import gradcam
from tests.benchmarks.photographs import FOLDER, lite0, photographs, whole
from tests.benchmarks.timing import cpu_seconds, machine

IMAGES = 8
ROUNDS = 9
# A fortieth of a step of an 8-bit picture.
TOLERANCE = 1e-4

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is not there")


# TorchRay 1.0.0.2 is older than its libraries and warns of what they will drop.
@pytest.mark.filterwarnings("ignore")
def test_the_maps_are_those_of_torchray() -> None:
    peer = pytest.importorskip(
        "torchray.attribution.grad_cam",
        reason="torchray is not installed; see the head of this file",
    )
    classifier = lite0()
    images = torch.cat([whole(photograph.name) for photograph in photographs()[:IMAGES]])
    labels = classifier(images).argmax(1)

    def ours() -> Tensor:
        return gradcam(classifier, images, labels)

    def theirs() -> Tensor:
        maps: Tensor = peer.grad_cam(
            classifier, images, labels, saliency_layer=classifier.features, resize=True
        )
        return maps[:, 0].detach()

    peaks = theirs().amax((1, 2), keepdim=True)
    assert torch.allclose(ours(), theirs() / peaks, rtol=0, atol=TOLERANCE)
    rounds = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(ROUNDS)]
    mine, others = (median(times) for times in zip(*rounds, strict=True))
    ratio = median(other / own for own, other in rounds)
    print(  # noqa: T201
        f"\n{machine()}; CPU seconds for {IMAGES} images, median of {ROUNDS}"
        f"\nours {mine:.3f}, TorchRay {others:.3f}: {ratio:.2f} times as fast",
        flush=True,
    )
