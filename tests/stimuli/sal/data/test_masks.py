"""Masks as bytes, pixels and shares, and how well two agree."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stimuli.sal.data.masks import binarised, map_dice, mask_dice, packed, target_maps, unpacked


@given(st.integers(4, 20), st.integers(0, 99))
def test_bytes_give_back_every_pixel(side: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).random((3, side, side)) < 0.5
    assert np.array_equal(unpacked(packed(pixels)), pixels)


def test_a_place_is_the_share_of_it_that_the_object_covers() -> None:
    pixels = np.zeros((1, 4, 4), dtype=bool)
    pixels[0, :2, :2] = True  # all of the first place
    pixels[0, 2, 2] = True  # a quarter of the last
    assert target_maps(packed(pixels), (2, 2)).tolist() == [[[1, 0], [0, 0.25]]]


def test_an_object_smaller_than_a_place_does_not_vanish() -> None:
    pixels = np.zeros((1, 224, 224), dtype=bool)
    pixels[0, 100:112, 100:112] = True
    target = target_maps(packed(pixels), (7, 7))[0]
    assert float(target.max()) == 1
    assert target.argmax() == 3 * 7 + 3


def test_a_mask_of_everything_is_one_everywhere_and_of_nothing_zero() -> None:
    both = np.stack([np.ones((4, 4)), np.zeros((4, 4))]).astype(bool)
    assert target_maps(packed(both), (2, 2)).tolist() == [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]


def test_a_model_draws_what_reaches_half_of_its_range() -> None:
    """Enlarged from 2 to 4 with weights 1, 3/4, 1/4, 0: the first two columns of four."""
    maps = torch.tensor([[[3.0, 1.0], [3.0, 1.0]]])
    expected = [[True, True, False, False]] * 4
    assert binarised(maps, 4, threshold=0.5).tolist() == [expected]


def test_a_higher_threshold_draws_less() -> None:
    """Of 1, 3/4, 1/4 and 0 in each row."""
    maps = torch.tensor([[[3.0, 1.0], [3.0, 1.0]]])
    widths = [int(binarised(maps, 4, threshold=t)[0, 0].sum()) for t in (0.2, 0.3, 0.75, 0.8)]
    assert widths == [3, 2, 2, 1]


def test_cut_at_the_size_of_the_map_each_place_is_all_or_nothing() -> None:
    """A third of the range is below one half; enlarged to 6 pixels the row reaches it in three."""
    maps = torch.tensor([[[3.0, 1.0, 0.0]] * 3])
    place = [True, True, False, False, False, False]
    assert binarised(maps, 6, threshold=0.5, resolution="map").tolist() == [[place] * 6]
    assert binarised(maps, 6, threshold=0.5)[0, 0].sum() == 3


@given(st.integers(0, 99))
def test_masks_cut_at_the_size_of_the_map_stay_as_they_are_when_drawn_again(seed: int) -> None:
    """A model that has learnt its own masks exactly draws them once more."""
    maps = torch.from_numpy(np.random.default_rng(seed).random((2, 7, 7)))
    mask = binarised(maps, 56, threshold=0.5, resolution="map")
    learnt = target_maps(packed(mask), (7, 7))
    assert np.array_equal(binarised(learnt, 56, threshold=0.5, resolution="map"), mask)


def test_a_negative_map_is_ranked_by_its_sign() -> None:
    pixels = np.zeros((1, 4, 4), dtype=bool)
    pixels[0, :, :2] = True
    maps = torch.tensor([[[-1.0, -2.0], [-1.0, -2.0]]])
    assert map_dice(maps, packed(pixels)).tolist() == [1]
    assert map_dice(-maps, packed(pixels)).tolist() == [0]


def test_a_mask_of_nothing_has_no_dice() -> None:
    assert np.isnan(map_dice(torch.rand(1, 2, 2), packed(np.zeros((1, 4, 4), dtype=bool)))).all()


def test_the_dice_of_two_masks_by_hand() -> None:
    masks = np.array([[[1, 1], [0, 0]], [[1, 0], [0, 0]], [[0, 0], [0, 0]]], dtype=bool)
    truths = np.array([[[1, 0], [1, 0]], [[1, 0], [0, 0]], [[0, 0], [0, 0]]], dtype=bool)
    dices = mask_dice(masks, truths)
    assert dices[:2].tolist() == pytest.approx([0.5, 1])
    assert np.isnan(dices[2])
