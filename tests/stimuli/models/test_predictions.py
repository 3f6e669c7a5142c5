"""Pixels as models take them."""

import numpy as np
import pytest
import torch
from PIL import Image

from stimuli.bundle.classifier_input import RESAMPLING
from stimuli.models.predictions import as_images, as_input


def test_each_of_256_values_is_divided_by_255_to_the_last_bit_and_channels_stay_last() -> None:
    pixels = torch.arange(256, dtype=torch.uint8).view(1, 16, 16, 1).repeat(1, 1, 1, 3)
    images = as_images(pixels)
    assert torch.equal(images, pixels.permute(0, 3, 1, 2).div(255))
    assert images.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("side", [224, 300, 336, 448, 512])
def test_a_picture_is_resized_with_a_gradient_as_pillow_does_it_to_within_a_level(
    side: int, rng: np.random.Generator
) -> None:
    """Pillow rounds to whole levels after each of the two directions, so by half a level twice."""
    pixels = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
    pillow = np.asarray(Image.fromarray(pixels).resize((224, 224), RESAMPLING)).astype(float)
    images = as_images(torch.from_numpy(pixels)[None]).requires_grad_()
    seen = as_input(images, 224)
    levels = 255 * seen[0].permute(1, 2, 0).detach().numpy()
    assert np.abs(levels - pillow).max() <= 1 + 1e-3
    (gradient,) = torch.autograd.grad(seen.sum(), images)
    assert float(gradient.sum()) == pytest.approx(3 * 224**2, rel=1e-4)


def test_a_picture_of_the_inputs_size_is_not_touched() -> None:
    images = torch.rand(1, 3, 32, 32)
    assert as_input(images, 32) is images
