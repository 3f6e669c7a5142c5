"""The pictures of a data set in memory."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from stimuli.models.augmentation import moves
from stimuli.models.predictions import as_images
from stimuli.sal.data.images import Images
from tests.benchmarks.noise import noise

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def images() -> Images:
    return noise(6, n_classes=2)


@pytest.mark.parametrize("behind", ["pixels", "trunk maps"])
def test_what_lies_on_a_gpu_is_taken_and_moved_as_what_does_not(
    images: Images, behind: str
) -> None:
    """The way of a GPU, gone on a processor."""
    if behind == "trunk maps":
        images = replace(images, trunk_maps=torch.rand(6, 4, 4, 5).half())
    rows, rng = np.array([4, 1, 1, 5]), np.random.default_rng(1)
    for places in (None, moves(4, rng, turned=True)):
        expected = images.batch(rows, CPU, places=places)
        batch = images._batch_on_gpu(CPU, rows, places)
        floats = as_images(batch) if behind == "pixels" else batch.permute(0, 3, 1, 2).float()
        assert torch.equal(floats, expected)


def test_other_pictures_are_no_longer_those_on_the_gpu(images: Images) -> None:
    rows = np.arange(6)
    before = images._batch_on_gpu(CPU, rows, None)
    other = replace(images, pixels=255 - images.pixels)
    assert torch.equal(other._batch_on_gpu(CPU, rows, None), 255 - before)
