"""Smooth masks and their areas: by hand, and by second implementations."""

import math

import pytest
import torch

from explainers.smooth_masks import area_errors, smooth_masks


def test_a_lone_seed_paints_a_round_blob_of_radius_sigma() -> None:
    """Among the 81 seeds around it all others are 0: smax = f exp(20 f) / (exp(20 f) + 80)."""
    seeds = torch.zeros(1, 9, 9)
    seeds[0, 4, 4] = 1
    blob = smooth_masks(seeds, step_px=7, sigma_px=21)[0]
    centre = 4 * 7 + 21
    assert torch.allclose(blob, blob.T)
    for right, down in ((0, 0), (10, 0), (0, -21), (21, 0), (14, 21), (-28, 0)):
        distance = math.hypot(right, down) / 21
        painted = math.exp(-2 * max(0, distance - 0.5) ** 2)
        weight = math.exp(20 * painted)
        value = float(blob[centre + down, centre + right])
        assert value == pytest.approx(painted * weight / (weight + 80), abs=1e-6)
    assert float(blob[centre, centre + 35]) == 0


def test_seeds_of_nought_make_no_mask_and_seeds_of_one_nearly_one() -> None:
    """Of some equal tops and lower slopes the smooth maximum is a little below the tops."""
    assert not smooth_masks(torch.zeros(1, 9, 7), step_px=4, sigma_px=8).any()
    masks = smooth_masks(torch.ones(2, 9, 7), step_px=4, sigma_px=8)
    assert masks.shape == (2, 49, 41)
    assert 0.9 < float(masks[:, 8:-8, 8:-8].min()) < float(masks.max()) < 1


def test_the_smooth_maximum_equals_its_definition_written_out(generator: torch.Generator) -> None:
    """Second implementation: loops over every pixel and the seeds around its cell."""
    seeds = torch.rand(1, 3, 4, generator=generator, dtype=torch.float64)
    step, sigma, reach = 2, 3, 3

    def at(y: int, x: int) -> float:
        painted = []
        for row in range(y // step - reach, y // step + reach + 1):
            for column in range(x // step - reach, x // step + reach + 1):
                inside = 0 <= row < 3 and 0 <= column < 4
                distance = math.hypot(y - row * step, x - column * step) / sigma
                kernel = math.exp(-2 * max(0.0, distance - 0.5) ** 2)
                painted.append(kernel * float(seeds[0, row, column]) if inside else 0.0)
        f = torch.tensor(painted, dtype=torch.float64)
        return float((f * (20 * f).exp()).sum() / (20 * f).exp().sum())

    expected = [[at(y, x) for x in range(-3, 10)] for y in range(-3, 8)]
    masks = smooth_masks(seeds, step_px=step, sigma_px=sigma)[0]
    assert torch.allclose(masks, torch.tensor(expected, dtype=torch.float64))


def test_the_slopes_of_the_smooth_maximum_are_those_of_finite_differences(
    generator: torch.Generator,
) -> None:
    seeds = torch.rand(2, 3, 4, generator=generator, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda s: smooth_masks(s, step_px=2, sigma_px=3), [seeds])


def test_the_area_error_is_the_distance_of_the_sorted_mask_from_a_step() -> None:
    """Ten places: asked for .25, two and a half of them ought to be 1."""
    mask = torch.tensor([0.0, 1, 0, 0.2, 0, 0, 1, 0, 0, 0]).view(1, 1, 2, 5)
    assert float(area_errors(mask, [0.25])) == pytest.approx((0.5 - 0.2) ** 2 / 10)
    assert float(area_errors(mask, [0.1])) == pytest.approx((1 + 0.2**2) / 10)


def test_of_equal_places_the_last_ones_ought_to_be_one() -> None:
    mask = torch.tensor([[0.4, 0.9], [0.4, 0.1]]).view(1, 1, 2, 2).requires_grad_()
    error = area_errors(mask, [0.5])
    assert error.item() == pytest.approx((0.6**2 + 0.1**2 + 0.4**2 + 0.1**2) / 4)
    (slope,) = torch.autograd.grad(error, [mask])
    assert [n for n, value in enumerate(slope.flatten()) if value < 0] == [1, 2]


@pytest.mark.parametrize("values", ["different", "few", "at the border", "one"])
def test_the_area_error_and_its_slopes_are_those_of_sorted_values(
    values: str, generator: torch.Generator
) -> None:
    """Second implementation: equation 3 as it is written, equal values in reading order."""
    masks = torch.rand(2, 3, 9, 7, generator=generator, dtype=torch.float64)
    if values == "few":
        masks = (4 * masks).round() / 4
    elif values == "at the border":
        masks = (3 * masks - 1).clamp(0, 1)
    elif values == "one":
        masks = torch.ones_like(masks)
    masks.requires_grad_()
    areas = torch.tensor([0.1, 0.5, 1.0], dtype=torch.float64)
    ranks = torch.arange(63, 0, -1)
    template = (areas[:, None] * 63 - ranks + 1).clamp(0, 1)
    expected = (masks.flatten(2).sort(dim=2, stable=True).values - template).square().mean(2)
    errors = area_errors(masks, areas.tolist())
    assert torch.allclose(errors, expected)
    slopes = [torch.autograd.grad(e.sum(), masks)[0] for e in (errors, expected)]
    assert torch.allclose(*slopes)
