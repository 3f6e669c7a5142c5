"""Heat maps are read back from the pictures that people see."""

import io

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from stimuli.ceiling.displayed import SIDE, heat_map, in_cells
from stimuli.pictures.jpeg import decode, encode
from stimuli.pictures.render import Style, heatmap_jpeg

PX = 224


def smooth(rng: np.random.Generator, side: int, sigma: float) -> np.ndarray:
    """Hills, from 0 to 1."""
    hills = ndimage.gaussian_filter(rng.normal(size=(side, side)), sigma)
    return np.asarray((hills - hills.min()) / np.ptp(hills))


@pytest.fixture
def photo(rng: np.random.Generator) -> bytes:
    """Shapes of every colour, with edges."""
    planes = [smooth(rng, PX, 6) for _ in range(3)]
    pixels = np.stack([255 * (plane > 0.5) * 0.7 + 60 * plane for plane in planes], axis=2)
    return encode(Image.fromarray(pixels.astype(np.uint8)))


@pytest.mark.parametrize("style", ["beside", "overlay"])
@pytest.mark.parametrize("is_signed", [False, True])
def test_a_map_is_read_back_from_its_picture(
    style: Style, is_signed: bool, photo: bytes, rng: np.random.Generator
) -> None:
    heat = smooth(rng, PX, 14) * (2 if is_signed else 1) - is_signed
    drawn = decode(heatmap_jpeg(heat, photo, style, is_signed=is_signed))
    found = heat_map(drawn, decode(photo), style, is_signed=is_signed)
    expected = in_cells(heat[..., None])[..., 0]
    assert np.abs(found - expected).mean() < 0.03 * np.ptp(heat)
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.98


def test_an_enlarged_map_is_read_back_too(photo: bytes, rng: np.random.Generator) -> None:
    heat = smooth(rng, PX // 4, 4)
    drawn = decode(heatmap_jpeg(heat, photo, "beside"))
    found = heat_map(drawn, decode(photo), "beside", is_signed=False, width=4)
    assert np.abs(found - in_cells(heat[..., None])[..., 0]).mean() < 0.03 * np.ptp(heat)


def test_cells_are_means() -> None:
    pixels = np.arange(PX * PX, dtype=float).reshape(PX, PX, 1)
    expected = pixels[..., 0].reshape(SIDE, PX // SIDE, SIDE, PX // SIDE).mean((1, 3))
    assert in_cells(pixels)[..., 0] == pytest.approx(expected, rel=1e-4)


def test_a_picture_of_another_size_has_as_many_cells() -> None:
    file = io.BytesIO()
    Image.new("RGB", (90, 90), (10, 20, 30)).save(file, "PNG")
    pixels = np.asarray(Image.open(file)) / 255
    assert in_cells(pixels) == pytest.approx(np.broadcast_to(pixels[0, 0], (SIDE, SIDE, 3)))
