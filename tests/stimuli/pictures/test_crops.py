"""One path for all pictures: crop, encode, and the boxes that go along."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stimuli.bundle.classifier_input import seen_pixels
from stimuli.datasets.base import Dataset, Example, Picture, Split
from stimuli.pictures.crops import LeftOut, crop, crop_mask, is_grey, mask_of
from stimuli.pictures.jpeg import decode
from stimuli.study.dataset_settings import FolderSettings


class OnePicture(Dataset):
    """A data set that loads the same picture for every example."""

    def __init__(self, picture: Picture) -> None:
        self.classes, self.examples, self.picture = [], [], picture

    def state(self, example: Example) -> object:
        """Nothing else decides it."""

    def load(self, example: Example) -> Picture:
        """The picture."""
        return self.picture


EXAMPLE = Example(source="a", label=0, split=Split.TEST)


def test_a_mask_moves_with_its_box_and_its_picture() -> None:
    """300 x 400 to 150 x 200, of which rows 5 to 145 and columns 30 to 170 are cut out."""
    mask = np.zeros((300, 400), dtype=bool)
    mask[100:200, 50:250] = True
    settings = FolderSettings(adaptor="folder", resize_px=150, crop_px=140, min_side=100)
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    picture = Picture(image=image, mask=mask, boxes=((50.0, 100.0, 250.0, 200.0),))
    made = crop(EXAMPLE, OnePicture(picture), settings)
    expected = np.zeros((140, 140), dtype=bool)
    expected[45:95, 0:95] = True
    assert made is not None
    assert made.boxes == ((0.0, 45.0, 95.0, 95.0),)
    assert np.array_equal(mask_of(made), expected)
    assert np.array_equal(decode(made.jpeg)[..., 0] > 127, expected)


def test_a_larger_picture_shows_the_same_view_while_box_and_mask_stay_those_of_the_input() -> None:
    """The bright square of 100 px of the photo is 50 px of the input, and 100 of the picture."""
    pixels = np.zeros((300, 400, 3), dtype=np.uint8)
    pixels[100:200, 150:250] = 255
    settings = FolderSettings(adaptor="folder", resize_px=150, crop_px=140)
    mask, boxes = pixels[..., 0] > 0, ((150.0, 100.0, 250.0, 200.0),)
    data = OnePicture(Picture(image=Image.fromarray(pixels), mask=mask, boxes=boxes))
    small, large = (crop(EXAMPLE, data, settings, side) for side in (None, 280))
    assert decode(large.jpeg).shape == (280, 280, 3)
    assert (small.input_px, large.input_px) == (None, 140)
    assert large.boxes == small.boxes == ((45.0, 45.0, 95.0, 95.0),)
    assert np.array_equal(mask_of(large), mask_of(small))
    seen = seen_pixels(large.jpeg, 140)
    assert np.array_equal(seen[..., 0] > 127, mask_of(small))
    assert np.abs(seen.astype(int) - decode(small.jpeg)).mean() < 2


def test_the_whole_picture_is_kept_where_it_is_squashed_or_between_bars() -> None:
    """A photo of 400 x 200 whose object, columns 40 to 120 and rows 100 to 200, lies at its edge.

    Squashed, an input of 100 px has it at columns 10 to 30 and rows 50 to 100. Between bars of 25
    px above and below, it is at columns 10 to 30 and rows 50 to 75. Cut out, its left half is lost.
    """
    mask = np.zeros((200, 400), dtype=bool)
    mask[100:200, 40:120] = True
    image = Image.fromarray(np.where(mask[..., None], 255, np.zeros(3)).astype(np.uint8))
    data = OnePicture(Picture(image=image, mask=mask, boxes=((40.0, 100.0, 120.0, 200.0),)))
    boxes = {"squash": (10, 50, 30, 100), "pad": (10, 50, 30, 75)}
    for fit, (x0, y0, x1, y1) in boxes.items():
        settings = FolderSettings(adaptor="folder", fit=fit, crop_px=100, min_side=200)
        for made in (crop(EXAMPLE, data, settings, display_px) for display_px in (None, 200)):
            assert not isinstance(made, LeftOut)
            assert made.boxes == ((x0, y0, x1, y1),)
            expected = np.zeros((100, 100), dtype=bool)
            expected[y0:y1, x0:x1] = True
            assert np.array_equal(mask_of(made), expected)
            seen = seen_pixels(made.jpeg, 100)[..., 0] > 191
            assert (seen == expected).mean() > 0.99
    settings = FolderSettings(adaptor="folder", resize_px=100, crop_px=100, min_side=200)
    made = crop(EXAMPLE, data, settings)
    assert not isinstance(made, LeftOut)
    assert made.boxes == ((0, 50, 10, 100),)
    assert mask_of(made).sum() == 10 * 50


@pytest.mark.parametrize("fit", ["crop", "squash", "pad"])
def test_pictures_are_left_out_by_their_own_size_however_they_are_fitted(fit: str) -> None:
    data = OnePicture(Picture(image=Image.new("RGB", (400, 199), "red")))
    for min_side, is_left_out in ((199, False), (200, True)):
        settings = FolderSettings(adaptor="folder", fit=fit, min_side=min_side)
        assert (crop(EXAMPLE, data, settings) is LeftOut.TOO_SMALL) == is_left_out


def test_a_picture_of_the_inputs_size_is_the_same_to_the_last_byte(
    rng: np.random.Generator,
) -> None:
    image = Image.fromarray(rng.integers(0, 256, (170, 211, 3), dtype=np.uint8))
    settings = FolderSettings(adaptor="folder", resize_px=150, crop_px=140, min_side=100)
    data = OnePicture(Picture(image=image, boxes=((3.3, 20.7, 101.1, 99.9),)))
    assert crop(EXAMPLE, data, settings, 140) == crop(EXAMPLE, data, settings)


def test_what_is_made_of_an_input_is_kept_under_its_side_too() -> None:
    settings = FolderSettings(adaptor="folder", resize_px=16, crop_px=16, min_side=1)
    other = settings.model_copy(update={"resize_px": 20, "crop_px": 20})
    data = OnePicture(Picture(image=Image.new("RGB", (40, 40), "red")))
    one, two = (crop(EXAMPLE, data, s, 40) for s in (settings, other))
    assert one.jpeg == two.jpeg
    assert one.input_key != two.input_key
    as_shown = crop(EXAMPLE, data, settings)
    assert as_shown.input_key == (as_shown.jpeg,)


@given(st.integers(16, 40), st.integers(0, 100))
def test_a_mask_of_any_side_is_kept_bit_by_bit(side: int, seed: int) -> None:
    mask = np.random.default_rng(seed).random((side, side)) < 0.5
    settings = FolderSettings(adaptor="folder", resize_px=side, crop_px=side, min_side=1)
    picture = Picture(image=Image.new("RGB", (side, side)), mask=mask)
    made = crop(EXAMPLE, OnePicture(picture), settings)
    assert made is not None
    assert np.array_equal(mask_of(made), mask)


def test_a_pixel_of_a_reduced_mask_is_true_where_half_of_it_is() -> None:
    settings = FolderSettings(adaptor="folder", resize_px=32, crop_px=32)
    for columns, expected in ((30, 15), (31, 16), (32, 16)):
        mask = np.zeros((64, 64), dtype=bool)
        mask[:, :columns] = True
        assert set(crop_mask(mask, settings).sum(axis=1)) == {expected}


def test_a_view_without_a_mask_is_not_asked_for_it() -> None:
    settings = FolderSettings(adaptor="folder", resize_px=16, crop_px=16, min_side=1)
    made = crop(EXAMPLE, OnePicture(Picture(image=Image.new("RGB", (20, 16)))), settings)
    assert made is not None
    with pytest.raises(ValueError, match="a: has no mask"):
        mask_of(made)


def test_one_coloured_pixel_makes_a_picture_coloured() -> None:
    pixels = np.full((8, 8, 3), 120, dtype=np.uint8)
    assert is_grey(Image.fromarray(pixels))
    pixels[3, 5, 2] += 1
    assert not is_grey(Image.fromarray(pixels))
