"""Blurred images, and images that are blurred more in some places than in others."""

import math

import pytest
import torch

from explainers.blurring import gaussian_blur, preserved


def test_the_blur_of_a_spot_is_a_gaussian_and_keeps_its_sum() -> None:
    spot = torch.zeros(1, 41, 41, dtype=torch.float64)
    spot[0, 20, 20] = 1
    blurred = gaussian_blur(spot, 3)[0]
    assert float(blurred.sum()) == pytest.approx(1, abs=1e-5)
    assert float(blurred[20, 23] / blurred[20, 20]) == pytest.approx(2.718281828459045**-0.5)
    flat = torch.full((1, 9, 13), 0.3)
    assert torch.allclose(gaussian_blur(flat, 20), flat)


def test_where_black_lies_outside_a_blur_darkens_the_border() -> None:
    """At an edge the middle weight, of all a share of 1 in 3 sqrt(2 pi), and half of the rest."""
    flat = torch.full((1, 41, 41), 0.3, dtype=torch.float64)
    edge = 0.5 + 0.5 / (3 * math.sqrt(2 * math.pi))
    blurred = gaussian_blur(flat, 3, black_outside=True)[0]
    assert float(blurred[20, 20]) == pytest.approx(0.3)
    assert float(blurred[0, 20]) == pytest.approx(0.3 * edge)
    assert float(blurred[40, 0]) == pytest.approx(0.3 * edge**2)


def test_masks_choose_the_level_of_blur_and_mix_the_nearest_two() -> None:
    pyramid = torch.tensor([8.0, 4.0, 0.0]).view(1, 3, 1, 1, 1).expand(1, 3, 3, 1, 4)
    masks = torch.tensor([1.0, 0.5, 0.75, 0.0]).view(1, 1, 1, 4)
    assert preserved(pyramid, masks)[0, 0, 0, 0].tolist() == [8, 4, 6, 0]
