"""Photos of every mode: what is seen of them, and which are refused."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.datasets.photo_reader import (
    ADVICE,
    FRACTIONS,
    ONE_COLOUR,
    RANGE,
    PhotoFacts,
    UnfitPhotoError,
    as_rgb,
    look_at,
)

RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16)


def reread(image: Image.Image, path: Path) -> np.ndarray:
    image.save(path)
    with Image.open(path) as file:
        return np.asarray(as_rgb(file))


@pytest.mark.parametrize("ending", ["png", "tiff"])
@pytest.mark.parametrize(
    ("factor", "largest"), [(257, 65535), (16, 4080), (1, 255)], ids=["16", "12", "8"]
)
def test_greys_of_16_bits_are_scaled_by_the_depth_that_holds_them_33(
    ending: str, factor: int, largest: int, tmp_path: Path
) -> None:
    """65,535 is white, and 4,095; what has no value above 255 is as it is."""
    stored = RAMP.astype(np.uint16) * factor
    assert stored.max() == largest
    seen = reread(Image.fromarray(stored), tmp_path / f"a.{ending}")
    top = {65535: 65535, 4080: 4095, 255: 255}[largest]
    expected = np.round(stored.astype(np.float64) * 255 / top)
    assert np.array_equal(seen, np.repeat(expected[..., None], 3, axis=2))


def test_integers_of_32_bits_are_read_if_16_bits_hold_them_33(tmp_path: Path) -> None:
    stored = RAMP.astype(np.int32) * 257
    seen = reread(Image.fromarray(stored), tmp_path / "a.tiff")
    assert np.array_equal(seen[..., 0], RAMP)
    for wrong in (stored - 1, stored * 2):
        with pytest.raises(UnfitPhotoError, match="outside 0 to 65535"):
            reread(Image.fromarray(wrong), tmp_path / "a.tiff")


def test_transparent_parts_lie_on_white_33(tmp_path: Path) -> None:
    """All of the left half is transparent, and half of the right."""
    pixels = np.zeros((4, 8, 4), dtype=np.uint8)
    pixels[:, 4:] = (200, 100, 0, 51)
    seen = reread(Image.fromarray(pixels), tmp_path / "a.png")
    assert (seen[:, :4] == 255).all()
    assert np.abs(seen[0, 4].astype(int) - [244, 224, 204]).max() <= 1


def test_grey_with_alpha_a_palette_and_a_key_colour_are_on_white_too_33(tmp_path: Path) -> None:
    grey = Image.fromarray(np.dstack([RAMP, np.full_like(RAMP, 0)]), "LA")
    assert (reread(grey, tmp_path / "la.png") == 255).all()
    palette = Image.fromarray(RAMP % 2).convert("P")
    palette.putpalette([10, 20, 30, 40, 50, 60])
    palette.save(tmp_path / "p.png", transparency=0)
    with Image.open(tmp_path / "p.png") as file:
        assert file.mode == "P"
        seen = np.asarray(as_rgb(file))
    assert (seen[:, ::2] == 255).all()
    assert (seen[:, 1::2] == (40, 50, 60)).all()
    Image.fromarray(np.dstack([RAMP] * 3)).save(tmp_path / "rgb.png", transparency=(7, 7, 7))
    with Image.open(tmp_path / "rgb.png") as file:
        seen = np.asarray(as_rgb(file))
    assert (seen[0, 7] == 255).all()
    assert (seen[0, 8] == 8).all()


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "CMYK", "YCbCr", "HSV"])
def test_opaque_modes_are_what_pillow_makes_of_them_33(mode: str) -> None:
    rng = np.random.default_rng(0)
    image = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)).convert(mode)
    assert np.array_equal(np.asarray(as_rgb(image)), np.asarray(image.convert("RGB")))


def test_floating_point_and_one_colour_are_unfit_33(tmp_path: Path) -> None:
    Image.fromarray(RAMP.astype(np.float32) / 255).save(tmp_path / "float.tiff")
    Image.new("RGB", (9, 9), (3, 200, 3)).save(tmp_path / "plain.png")
    Image.new("RGBA", (9, 9), (3, 200, 3, 0)).save(tmp_path / "nothing.png")
    found = {}
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(UnfitPhotoError) as error:
            look_at(path)
        found[path.name] = error.value.has
    assert found == {"float.tiff": FRACTIONS, "nothing.png": ONE_COLOUR, "plain.png": ONE_COLOUR}
    assert {FRACTIONS, RANGE, ONE_COLOUR} == set(ADVICE)


@pytest.mark.parametrize("ending", ["jpg", "png", "tiff"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_told_whether_exif_turned_a_photo_33(
    ending: str, orientation: int, tmp_path: Path
) -> None:
    path, exif = tmp_path / f"a.{ending}", Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(np.dstack([RAMP[:8]] * 3)).save(path, exif=exif)
    facts = look_at(path)
    assert facts.is_turned == (orientation != 1)
    assert facts.size == ((8, 16) if orientation >= 5 else (16, 8))


def test_facts_tell_depth_and_transparency_33(tmp_path: Path) -> None:
    Image.fromarray(RAMP.astype(np.uint16) * 16).save(tmp_path / "deep.png")
    assert look_at(tmp_path / "deep.png") == PhotoFacts(
        size=(16, 16), stored_size=(16, 16), is_turned=False, bits=12, is_on_white=False
    )
    for alpha, expected in ((255, False), (254, True)):
        layers = np.dstack([RAMP] * 3 + [np.full_like(RAMP, alpha)])
        Image.fromarray(layers).save(tmp_path / "alpha.png")
        facts = look_at(tmp_path / "alpha.png")
        assert (facts.bits, facts.is_on_white) == (8, expected)
