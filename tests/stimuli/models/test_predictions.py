"""Pixels as models take them."""

import torch

from stimuli.models.predictions import as_images


def test_each_of_256_values_is_divided_by_255_to_the_last_bit_and_channels_stay_last() -> None:
    pixels = torch.arange(256, dtype=torch.uint8).view(1, 16, 16, 1).repeat(1, 1, 1, 3)
    images = as_images(pixels)
    assert torch.equal(images, pixels.permute(0, 3, 1, 2).div(255))
    assert images.is_contiguous(memory_format=torch.channels_last)
