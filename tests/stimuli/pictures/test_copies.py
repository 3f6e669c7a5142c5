"""Copies of pictures: what the hash is, which alterations it sees through, what it keeps apart."""

import math
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance
from scipy import ndimage

from stimuli.pictures.copies import (
    MOST_BITS,
    Copy,
    correlation,
    find_copies,
    perceptual_hashes,
    thumbnail,
)
from stimuli.pictures.jpeg import encode


def photo(seed: int, side: int = 96) -> Image.Image:
    """Something with large forms and fine detail, in colour."""
    rng = np.random.default_rng(seed)
    coarse = ndimage.zoom(rng.random((6, 6, 3)), (side / 6, side / 6, 1), order=3)
    pixels = 200 * coarse + rng.normal(25, 12, (side, side, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def again(image: Image.Image, quality: int) -> Image.Image:
    """Stored once more."""
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


PHOTOS = [photo(seed) for seed in range(12)]
FILES = [encode(image) for image in PHOTOS]

ALTERED = {
    "encoded again": lambda image: again(image, 40),
    "made smaller": lambda image: image.resize((48, 48)).resize((96, 96)),
    "brightened": lambda image: ImageEnhance.Brightness(image).enhance(1.1),
    "with less contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.7),
}


def test_the_same_file_is_an_exact_copy_and_of_the_first_one_of_several_33() -> None:
    assert find_copies([FILES[3]], [*FILES, FILES[3]]) == {0: Copy(of=3, is_exact=True)}


@pytest.mark.parametrize("name", ALTERED)
def test_a_copy_that_was_altered_is_a_near_copy_33(name: str) -> None:
    altered = [encode(ALTERED[name](image)) for image in PHOTOS]
    assert find_copies(altered, FILES) == {
        row: Copy(of=row, is_exact=False) for row in range(len(PHOTOS))
    }


def test_other_pictures_are_no_copies_33() -> None:
    assert find_copies([encode(photo(seed)) for seed in range(100, 140)], FILES) == {}


def test_the_same_form_in_another_colour_is_no_copy_33() -> None:
    """One bright disc at one place: of equal brightness, so that the hashes agree."""
    rows, columns = np.mgrid[:96, :96]
    disc = (rows - 40) ** 2 + (columns - 60) ** 2 < 400
    files = []
    for colour in ((220, 0, 0), (0, 112, 0)):
        pixels = np.zeros((96, 96, 3), dtype=np.uint8)
        pixels[disc] = colour
        files.append(encode(Image.fromarray(pixels)))
    one, other = perceptual_hashes(files)
    assert np.bitwise_count(one ^ other) <= MOST_BITS
    assert find_copies(files[:1], files[1:]) == {}


def test_pictures_of_one_colour_are_copies_only_if_they_are_the_same_33() -> None:
    plain = [encode(Image.new("RGB", (64, 64), (level, 0, 0))) for level in (90, 100, 200)]
    assert find_copies(plain[:1], plain[1:]) == {}
    assert find_copies(plain[:1], plain) == {0: Copy(of=0, is_exact=True)}


def test_without_pictures_or_originals_there_are_no_copies_33() -> None:
    assert find_copies([], FILES) == find_copies(FILES, []) == {}


def test_the_hash_has_a_bit_for_each_low_frequency_above_their_median_33() -> None:
    """The discrete cosine transform as its sum, against SciPy's."""
    grey = thumbnail(FILES[0]).astype(np.float64) @ [0.299, 0.587, 0.114]
    waves = np.array(
        [[math.cos(math.pi * (x + 0.5) * k / 32) for x in range(32)] for k in range(8)]
    )
    waves *= np.where(np.arange(8) == 0, math.sqrt(1 / 32), math.sqrt(2 / 32))[:, None]
    spectrum = (waves @ grey @ waves.T).ravel()
    expected = spectrum > np.median(spectrum[1:])
    expected[0] = False
    bits = np.unpackbits(perceptual_hashes(FILES[:1]).view(np.uint8)).astype(bool)
    assert bits.tolist() == expected.tolist()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.2, 3), st.floats(-50, 50))
def test_correlation_is_pearsons_of_centred_colours_and_ignores_brightness_and_contrast_33(
    seed: int, gain: float, offset: float
) -> None:
    one, other = np.random.default_rng(seed).random((2, 8, 8, 3)) * 255
    centred = [(part - part.mean((0, 1))).ravel() for part in (one, other)]
    expected = np.corrcoef(*centred)[0, 1]
    assert correlation(one, other[None])[0] == pytest.approx(expected)
    assert correlation(one, (other * gain + offset)[None])[0] == pytest.approx(expected)
    assert correlation(one, one[None])[0] == pytest.approx(1)
