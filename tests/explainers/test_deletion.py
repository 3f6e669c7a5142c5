"""Deletion and insertion: a model whose answer is the mean red of the image."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage
from torch import Tensor

from explainers.deletion import BATCH, STEPS, batch_size, deletion, insertion

BLACK = torch.zeros(3, 1, 1)


def redness(images: Tensor) -> Tensor:
    """(batch,)."""
    return images[:, 0].mean((1, 2))


def reds(values: list[list[float]] | Tensor) -> Tensor:
    """A red image, (3, height, width)."""
    red = torch.as_tensor(values)
    return torch.stack([red, torch.zeros_like(red), torch.zeros_like(red)])


def test_the_hottest_pixels_go_first_and_the_area_is_by_trapezoids() -> None:
    """Red adds up to 2.4, 1.6, 1.2, 0 and 0 while pixels go; its mean is a quarter of that."""
    image, heatmap = reds([[0.8, 1.2], [0.0, 0.4]]), torch.tensor([[1.0, 0.5], [0.0, 0.7]])
    expected = (0.6 / 2 + 0.4 + 0.3 + 0 + 0) / 4
    assert deletion(redness, image, heatmap, plain=BLACK, steps=4) == pytest.approx(expected)
    # Two steps remove two pixels each.
    expected = (0.6 / 2 + 0.3 + 0) / 2
    assert deletion(redness, image, heatmap, plain=BLACK, steps=2) == pytest.approx(expected)


def test_equally_hot_pixels_go_row_by_row() -> None:
    image, heatmap = reds([[0.8, 0.0], [0.4, 0.0]]), torch.ones(2, 2)
    expected = (0.3 / 2 + 0.1 + 0.1 + 0 + 0) / 4
    assert deletion(redness, image, heatmap, plain=BLACK, steps=4) == pytest.approx(expected)


def test_what_is_removed_becomes_the_plain_colour() -> None:
    image, plain = reds([[1.0, 1.0], [1.0, 1.0]]), torch.tensor([0.5, 0.0, 0.0]).view(3, 1, 1)
    heatmap = torch.rand(2, 2, generator=torch.Generator().manual_seed(2))
    assert deletion(redness, image, heatmap, plain=plain, steps=4) == pytest.approx(0.75)


def test_insertion_goes_from_the_blurred_image_to_the_sharp_one() -> None:
    """Second implementation: scipy's Gaussian, cut off at five pixels, and a loop."""
    generator = torch.Generator().manual_seed(4)
    red, heatmap = torch.rand(12, 10, generator=generator), torch.rand(12, 10, generator=generator)
    state = ndimage.gaussian_filter(red.double().numpy(), 5.0, truncate=1.0, mode="mirror")
    curve = [state.mean()]
    order = np.argsort(-heatmap.numpy(), axis=None)
    for part in np.split(order, 10):
        state.flat[part] = red.numpy().flat[part]
        curve.append(state.mean())
    expected = np.trapezoid(curve, dx=1 / 10)
    assert insertion(redness, reds(red), heatmap, steps=10) == pytest.approx(expected, abs=1e-6)


def test_an_image_without_detail_gains_nothing_by_insertion() -> None:
    assert insertion(redness, reds(torch.full((16, 16), 0.25)), torch.rand(16, 16)) == (
        pytest.approx(0.25)
    )


def test_a_map_without_support_has_no_order_and_so_no_area() -> None:
    image = reds(torch.rand(16, 16))
    assert deletion(redness, image, torch.zeros(16, 16), plain=BLACK) is None
    assert insertion(redness, image, torch.zeros(16, 16)) is None


@given(st.integers(0, 1000))
def test_no_map_deletes_a_sum_of_pixels_faster_than_the_pixels_themselves(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    red, other = (torch.rand(8, 8, generator=generator) for _ in range(2))
    best, any_map, worst = (
        deletion(redness, reds(red), heatmap, plain=BLACK, steps=16)
        for heatmap in (red, other, 1 - red)
    )
    assert best is not None
    assert any_map is not None
    assert worst is not None
    assert 0 <= best <= any_map <= worst <= 1


def test_a_curve_is_the_same_whatever_the_scale_of_the_map() -> None:
    red, heatmap = torch.rand(2, 28, 28, generator=torch.Generator().manual_seed(0))
    areas = {deletion(redness, reds(red), heatmap * k, plain=BLACK) for k in (1.0, 0.5, 0.125)}
    assert len(areas) == 1
    assert STEPS == 28


@pytest.mark.parametrize(("side", "n"), [(32, BATCH), (224, BATCH), (448, BATCH // 4), (2000, 1)])
def test_fewer_copies_of_a_larger_picture_are_looked_at_together(side: int, n: int) -> None:
    assert batch_size(torch.empty(3, side, side, device="meta")) == n
