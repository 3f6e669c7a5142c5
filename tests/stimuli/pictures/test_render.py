"""Heat maps as pictures: one can tell more from less, whatever colours one sees."""

import re

import matplotlib
import numpy as np
import pytest
from PIL import Image

from stimuli.pictures.jpeg import decode, encode
from stimuli.pictures.render import (
    OVERLAY_SHARE,
    STYLES,
    Style,
    beside,
    contour,
    edges,
    enlarged,
    heatmap_jpeg,
    overlay,
)
from tests.lab import ROOT

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
PHOTO_COLOURS = [(0, 0, 0), (255, 255, 255), (128, 128, 128), (40, 160, 60), (200, 40, 30)]
LEVELS = np.linspace(0, 1, 101)


def lightness(colours: np.ndarray, seen_by: str) -> np.ndarray:
    """CIE L*, 0 to 100, of sRGB colours (..., 3) in [0, 1] as somebody sees them."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    seen = (linear @ SEEN_BY[seen_by].T).clip(0, 1)
    luminance = seen @ np.array([0.2126, 0.7152, 0.0722])
    cube_root = np.where(
        luminance > (6 / 29) ** 3, np.cbrt(luminance), luminance / (3 * (6 / 29) ** 2) + 4 / 29
    )
    return np.asarray(116 * cube_root - 16)


def scale(style: Style, photo_colour: tuple[int, int, int]) -> np.ndarray:
    """Each level as it is drawn over a plain photo without lines, (levels, 3) in [0, 1]."""
    photo = np.full((4, 4, 3), photo_colour, dtype=np.uint8)
    flat = [STYLES[style](np.full((4, 4), level), photo)[1, 1] for level in LEVELS]
    return np.array(flat)


@pytest.mark.parametrize("seen_by", SEEN_BY)
@pytest.mark.parametrize("colour", PHOTO_COLOURS)
def test_more_is_lighter_over_the_photo_and_darker_beside_it(
    colour: tuple[int, int, int], seen_by: str
) -> None:
    plain = ~np.isin(LEVELS, (0.25, 0.5, 0.75))  # there the whole plane would be a contour
    over, reds = (
        lightness(scale(style, colour)[plain], seen_by) for style in ("overlay", "beside")
    )
    assert (np.diff(over) > 0).all()
    assert (np.diff(reds) < 0).all()
    assert over[-1] - over[0] > 35
    assert reds[0] - reds[-1] > 60


def test_a_map_beside_the_photo_is_reds_where_the_photo_is_flat() -> None:
    heatmap = np.linspace(0, 1, 64).reshape(8, 8)
    drawn = beside(heatmap, np.full((8, 8, 3), 90, np.uint8))
    assert np.allclose(drawn, matplotlib.colormaps["Reds"](heatmap)[..., :3])


def test_a_map_over_the_photo_takes_no_colour_from_it() -> None:
    """Where the map is equal, the photo only adds the same amount to each channel."""
    photo = np.random.default_rng(1).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    drawn = overlay(np.full((6, 6), 0.4), photo)
    added = drawn - OVERLAY_SHARE * np.array(matplotlib.colormaps["inferno"](0.4)[:3])
    assert np.allclose(added, added[..., :1])
    grey = photo @ np.array([0.2126, 0.7152, 0.0722]) / 255
    assert np.allclose(added[..., 0], (1 - OVERLAY_SHARE) * grey)


def test_a_contour_is_a_thin_line_where_the_level_is_crossed() -> None:
    heatmap = np.tile(np.linspace(0, 1, 101), (5, 1))
    line = contour(heatmap, 0.5)
    assert line[2].nonzero()[0].tolist() == [49, 50, 51]
    assert line[2, [49, 50, 51]] == pytest.approx([0.25, 1, 0.25])
    assert not contour(np.zeros((5, 5)), 0.5).any()


@pytest.mark.parametrize("style", STYLES)
def test_a_picture_has_the_frame_of_its_photo(style: Style, rng: np.random.Generator) -> None:
    photo = encode(Image.fromarray(rng.integers(0, 256, (32, 32, 3), dtype=np.uint8)))
    assert decode(heatmap_jpeg(rng.random((32, 32)), photo, style)).shape == (32, 32, 3)


@pytest.mark.parametrize("style", STYLES)
def test_a_map_over_a_larger_photo_is_enlarged_smoothly_and_its_lines_grow_with_it(
    style: Style,
) -> None:
    """A hill in the middle, over a plain photo: the large picture reduced is the small one."""
    rows, columns = np.mgrid[-1:1:56j, -1:1:56j]
    heatmap = np.exp(-3 * (rows**2 + columns**2))
    small, large = (
        (255 * STYLES[style](heatmap, np.full((side, side, 3), 120, dtype=np.uint8)))
        for side in (56, 224)
    )
    assert large.shape == (224, 224, 3)
    reduced = large.reshape(56, 4, 56, 4, 3).mean((1, 3))
    assert np.abs(reduced - small).mean() < 3
    steps = np.abs(np.diff(enlarged(heatmap, np.zeros((224, 224, 3))), axis=0))
    assert steps.max() < 1.2 * np.abs(np.diff(heatmap, axis=0)).max() / 4


def test_a_contour_of_twice_the_width_covers_twice_as_much() -> None:
    heatmap = np.tile(np.linspace(0, 1, 401), (5, 1))
    thin, thick = (contour(heatmap, 0.5, width=width)[2].sum() for width in (1.0, 2.0))
    assert (thin, thick) == pytest.approx((1.5, 3.0), abs=0.3)


def test_the_scales_on_the_page_are_those_of_the_pictures() -> None:
    """The legend's stops lie on the scale as it is drawn, over middle grey for the overlay."""
    css = (ROOT / "study_app/static/study.css").read_text("utf-8")
    pattern = r"\n\.ramp([.a-z]*) \{[^}]*linear-gradient\(to right, ([^)]+)\)"
    ramps = dict(re.findall(pattern, css))
    colours = matplotlib.colormaps
    shades = {
        "": colours["Reds"],
        ".overlay": lambda x: over_grey(colours["inferno"](x)),
        ".signed": colours["RdBu_r"],
        ".overlay.signed": lambda x: over_grey(colours["berlin"](x)),
    }
    assert ramps.keys() == shades.keys()
    for name, stops in ramps.items():
        drawn = [matplotlib.colors.to_rgb(stop.strip()) for stop in stops.split(",")]
        expected = shades[name](np.linspace(0, 1, len(drawn)))[:, :3]
        assert np.abs(np.array(drawn) - expected).max() < 0.02


def over_grey(colours: np.ndarray) -> np.ndarray:
    """As the overlay lies over a photo of middle grey."""
    return OVERLAY_SHARE * colours + (1 - OVERLAY_SHARE) * 0.5


@pytest.mark.parametrize("seen_by", SEEN_BY)
@pytest.mark.parametrize("style", STYLES)
def test_for_and_against_are_told_apart_by_everybody_and_neither_from_little(
    style: Style, seen_by: str
) -> None:
    """In linear RGB as somebody sees it: as strong, they differ by more than a tenth of its range.

    More is darker beside the photo and lighter over it, either way.
    """
    photo = np.full((4, 4, 3), 128, dtype=np.uint8)
    levels = np.array([-1.0, -0.9, -0.6, -0.1, 0.0, 0.1, 0.6, 0.9, 1.0])  # no contour runs there
    flat = [STYLES[style](np.full((4, 4), x), photo, is_signed=True)[1, 1] for x in levels]
    shown = np.array(flat)
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    seen = linear @ SEEN_BY[seen_by].T
    for against, in_favour in ((1, 7), (2, 6)):
        assert np.abs(seen[against] - seen[in_favour]).max() > 0.1
    light = lightness(shown, seen_by)
    sign = 1 if style == "overlay" else -1
    assert sign * (light[[0, 8]] - light[4]).min() > 30
    assert (sign * np.diff(light[4:8]) > 0).all()
    assert (sign * np.diff(light[4:0:-1]) > 0).all()


def test_a_heat_map_is_white_where_nothing_matters_and_dark_red_where_all_does() -> None:
    photo = encode(Image.new("RGB", (64, 64), "grey"))
    heatmap = np.zeros((64, 64))
    heatmap[:, 32:] = 1
    drawn = decode(heatmap_jpeg(heatmap, photo)).astype(int)
    assert drawn[:, :24].min() > 230
    red, green, blue = drawn[32, 48]
    assert red > 80
    assert max(green, blue) < 40


def test_the_edges_of_a_photo_are_where_it_changes() -> None:
    pixels = np.zeros((40, 40, 3), dtype=np.uint8)
    pixels[:, 20:] = 255
    found = edges(pixels)
    assert found[:, 18:22].min() > 0.4
    assert found[:, :14].max() == 0
    assert edges(np.zeros_like(pixels)).max() == 0
