"""RISE: masks and sums by hand, and what the map must find."""

import pytest
import torch

from explainers.classifier import Classifier
from explainers.rise import random_masks, rise, stretched, weighted_masks


def test_each_mask_counts_by_the_probability_of_what_it_leaves(by_hand: Classifier) -> None:
    """Logits 2 red - green + 5 and green - red - 3, of the mean over two pixels."""
    image = torch.tensor([[[[1.0, 0.0]], [[0.0, 1.0]], [[0.0, 0.0]]]])
    masks = torch.tensor([[[1.0, 0.0]], [[0.0, 0.5]]])
    # What the first leaves has mean red .5 and green 0, the second 0 and .25.
    logits = [(2 * 0.5 + 5, -0.5 - 3), (-0.25 + 5, 0.25 - 3)]
    first, second = (torch.tensor(pair).softmax(0)[0].item() for pair in logits)
    total = weighted_masks(by_hand, image, torch.tensor([0]), masks)
    assert total[0].flatten().tolist() == pytest.approx([first, second / 2], rel=1e-5)


def test_the_map_is_hottest_where_the_evidence_is(by_hand: Classifier) -> None:
    """The first class is helped by red, which is in one corner, and hurt by green."""
    by_hand.last_layer.bias.data.zero_()
    by_hand.last_layer.weight.data.mul_(20)
    image = torch.zeros(1, 3, 28, 28)
    image[0, 0, 3:9, 3:9] = 1
    image[0, 1, 19:25, 19:25] = 1
    heatmap = rise(by_hand, image, torch.tensor([0]), n_masks=2000, seed=4)[0]
    assert (heatmap.min(), heatmap.max()) == (0, 1)
    red, green = heatmap[3:9, 3:9].mean(), heatmap[19:25, 19:25].mean()
    elsewhere = heatmap[3:9, 19:25].mean()
    assert red > elsewhere + 0.3
    assert green < elsewhere - 0.1


def test_masks_leave_each_pixel_as_often_and_are_smooth(generator: torch.Generator) -> None:
    masks = random_masks(3000, (28, 35), cells=7, kept=0.3, generator=generator)
    assert masks.shape == (3000, 28, 35)
    assert (float(masks.min()), float(masks.max())) == (0, 1)
    assert (masks.mean(0) - 0.3).abs().max() < 0.04
    assert masks.diff(dim=2).abs().max() < 0.35  # 0 to 1 takes a cell of 5 pixels and more


def test_a_flat_map_is_zero() -> None:
    assert not stretched(torch.full((1, 4, 4), 0.3)).any()
