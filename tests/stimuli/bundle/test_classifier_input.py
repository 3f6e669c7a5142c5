"""What a classifier saw, made again from the displayed file by nothing but Pillow."""

import hashlib
import io

import numpy as np
import pytest
from PIL import Image

from stimuli.bundle.classifier_input import input_sha256, seen_pixels
from stimuli.pictures.jpeg import decode, encode


@pytest.fixture
def jpeg(rng: np.random.Generator) -> bytes:
    """Noise of 64 px."""
    return encode(Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)))


def test_the_input_is_the_displayed_file_resized_as_anybody_with_pillow_would(jpeg: bytes) -> None:
    with Image.open(io.BytesIO(jpeg)) as image:
        expected = np.asarray(image.resize((24, 24), Image.Resampling.BILINEAR))
    assert np.array_equal(seen_pixels(jpeg, 24), expected)


@pytest.mark.parametrize("side", [None, 64])
def test_an_input_of_the_displayed_size_is_the_decoded_file_itself(
    jpeg: bytes, side: int | None
) -> None:
    assert np.array_equal(seen_pixels(jpeg, side), decode(jpeg))


def test_zeros_behind_the_picture_change_nothing(jpeg: bytes) -> None:
    assert np.array_equal(seen_pixels(jpeg + bytes(1000), 24), seen_pixels(jpeg, 24))


def test_the_digest_is_that_of_the_bytes_of_red_green_and_blue_row_by_row() -> None:
    pixels = np.array([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]], dtype=np.uint8)
    expected = hashlib.sha256(bytes(range(1, 13))).hexdigest()
    assert input_sha256(pixels) == expected
    columns_first = np.asfortranarray(pixels)
    assert input_sha256(columns_first) == expected
