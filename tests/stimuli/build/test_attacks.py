"""What an attack starts from."""

from pathlib import Path

import pytest
import torch

from stimuli.build.attacks import noise_of
from stimuli.datasets.adaptors import open_dataset
from stimuli.pictures.crops import crop
from stimuli.study import Study


def test_the_noise_that_an_attack_starts_with_is_uniform_and_each_pictures_own(
    colour_folder: Path, colour_study: Study
) -> None:
    """Moments of the uniform distribution on [-1, 1]: mean 0, variance 1/3, fourth moment 1/5."""
    dataset = open_dataset(colour_study.dataset, colour_folder)
    crops = [crop(example, dataset, colour_study.dataset) for example in dataset.examples[:2]]
    first, second = (noise_of(picture, torch.Size((3, 100, 100)), 1).double() for picture in crops)
    for power, moment in ((1, 0), (2, 1 / 3), (4, 1 / 5)):
        assert float((first**power).mean()) == pytest.approx(moment, abs=0.02)
    assert first.abs().max() <= 1
    assert not torch.equal(first, second)
    assert not torch.equal(first, noise_of(crops[0], torch.Size((3, 100, 100)), 2))
