"""Painting one wing on its plate: gradients, marks, veins, scales and wear."""

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from stimuli.datasets.species.pattern import Band, Colour, Spot, Stripe, WingPattern
from stimuli.datasets.species.wings import (
    FIELD_UNITS,
    WingShape,
    along,
    curve,
    fields,
    in_space,
    on_vein,
    outer_margin,
    to_plate,
)

_GRAIN_SIDE = 300
_GRAIN_UNITS = 1.7
_GRAIN = 0.2
_BARE: Colour = (176, 164, 148)
_MID_REACH = 0.55  # where along the wing the middle colour of the ramp lies
_NICK_DEPTH_UNITS = 0.085  # shallower than any mark that tells twins apart


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How one butterfly differs from another of its species.

    Attributes:
        hue: shift on the colour circle, in turns.
        saturation: factor, about 1.
        value: factor, about 1.
        mark_size: factor for the radius of spots, about 1.
        border: factor for the width of border and tip, about 1.
        fade: opacity of the rubbed places, 0 to 0.5.
        grain: where on the grain the wing lies, two numbers from 0 to 1.
        nicks: (4 wings, n, 3): place on the margin, depth and width, each 0 to 1.
        nick_share: the share of the nicks that are there at all, 0 to 1.
    """

    hue: float
    saturation: float
    value: float
    mark_size: float
    border: float
    fade: float
    grain: tuple[float, float]
    nicks: np.ndarray
    nick_share: float


def tinted(colour: Colour, look: Look) -> Colour:
    """The colour as this butterfly wears it."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))
    rgb = colorsys.hsv_to_rgb(
        (hue + look.hue) % 1, min(1, saturation * look.saturation), min(1, value * look.value)
    )
    red, green, blue = (round(255 * channel) for channel in rgb)
    return red, green, blue


def paint(shape: WingShape, pattern: WingPattern, look: Look, scale: int) -> Image.Image:
    """The right wing as an RGB plate, painted beyond its outline; its coverage is worn()."""
    cut = fields(shape, scale)
    plate = _gradient(cut.reach, [tinted(colour, look) for colour in pattern.ramp])
    for stripe in pattern.stripes:
        _stripe(plate, stripe, shape, look, scale)
    _margins(plate, shape, pattern, look, scale)
    for band in pattern.bands:
        _band(plate, band, shape, scale)
    ink, fringe = _fixed_masks(shape, scale, pattern.dusting, pattern.vein)
    plate.paste(darker(tinted(pattern.ramp[0], look), 0.45), mask=ink)
    for spot in pattern.spots:
        _spot(plate, spot, shape, look, scale)
    plate.paste(pattern.fringe, mask=fringe)
    plate.paste(_BARE, mask=_rubbed(plate.size, look, scale))
    return plate


def worn(shape: WingShape, wing: int, look: Look, scale: int) -> Image.Image:
    """Coverage of one of the four wings on its plate, "L", with nicks in the margin."""
    coverage = Image.fromarray(fields(shape, scale).coverage)
    draw = ImageDraw.Draw(coverage)
    nicks = look.nicks[wing]
    for place, depth, width in nicks[: round(look.nick_share * len(nicks))]:
        draw.polygon(to_plate(shape, _nick(shape, place, depth, width), scale), fill=0)
    return coverage


def with_coverage(colours: Image.Image, coverage: Image.Image) -> Image.Image:
    """RGBX from RGB and "L"."""
    return Image.merge("RGBX", (*colours.split(), coverage))


def _nick(shape: WingShape, place: float, depth: float, width: float) -> np.ndarray:
    """A ragged notch that points from the margin to the hinge, (5, 2)."""
    margin = outer_margin(shape)
    half = 0.02 + 0.035 * width
    left, middle, right = along(margin, np.clip([place - half, place, place + half], 0, 1))
    inwards = -middle / np.hypot(*middle)
    tip = middle + inwards * _NICK_DEPTH_UNITS * (0.35 + 0.65 * depth)
    slant = 0.35 * (right - middle) * (width - 0.5)
    return np.array([left - 0.1 * inwards, left, tip + slant, right, right - 0.1 * inwards])


def _gradient(reach: np.ndarray, ramp: Sequence[Colour]) -> Image.Image:
    stops = (0.08 * 255, _MID_REACH * 255, 255.0)
    tables = [np.interp(np.arange(256), stops, channel) for channel in zip(*ramp, strict=True)]
    return Image.merge("RGB", [looked_up(reach, table) for table in tables])


def looked_up(levels: np.ndarray, table: np.ndarray) -> Image.Image:
    """Replace every level by its entry in a table of 256; much faster than numpy's indexing."""
    height, width = levels.shape
    replaced = levels.tobytes().translate(table.astype(np.uint8).tobytes())
    return Image.frombytes("L", (width, height), replaced)


def _below(field: np.ndarray, distance: float, softness: float) -> Image.Image:
    """A soft mask of where a distance field lies below a distance, both in wing units."""
    units = np.arange(256) / 255 * FIELD_UNITS
    table = 255 * np.clip((distance - units) / softness + 0.5, 0, 1)
    return looked_up(field, table)


def darker(colour: Colour, factor: float) -> Colour:
    """The colour with every channel multiplied by a factor below 1."""
    red, green, blue = (round(factor * channel) for channel in colour)
    return red, green, blue


@lru_cache(maxsize=128)
def _fixed_masks(
    shape: WingShape, scale: int, dusting: float, vein: float
) -> tuple[Image.Image, Image.Image]:
    """Dark scales (along veins and edges, and the grain of the wing) and the pale fringe."""
    cut = fields(shape, scale)
    edge = np.asarray(_below(cut.edge, 0.010, 0.012))
    grain = _noise_plate(scale, cut.edge.shape)
    layers = (dusting * cut.relief, vein * cut.veins, 0.75 * edge, _GRAIN * grain)
    clear = np.prod([1 - layer / 255 for layer in layers], axis=0)
    fringe = 0.7 * np.asarray(_below(cut.margin, 0.016, 0.012))
    return _grey(255 * (1 - clear)), _grey(fringe)


def _margins(
    plate: Image.Image, shape: WingShape, pattern: WingPattern, look: Look, scale: int
) -> None:
    """Border and tip, both running out along the veins."""
    margin, tip = _ragged(shape, scale)
    for field, (width, colour) in ((margin, pattern.border), (tip, pattern.tip)):
        if width:
            plate.paste(tinted(colour, look), mask=_below(field, width * look.border, 0.035))


@lru_cache(maxsize=128)
def _ragged(shape: WingShape, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """Distance to the margin and to the tip, shortened near veins."""
    cut = fields(shape, scale)
    shorter = (0.09 * cut.relief).astype(np.uint8)
    margin, tip = (field - np.minimum(field, shorter) for field in (cut.margin, cut.tip))
    return margin, tip


def _stripe(plate: Image.Image, stripe: Stripe, shape: WingShape, look: Look, scale: int) -> None:
    points = curve(stripe.points)
    tangent = np.gradient(points, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=-1)
    normal /= np.hypot(*normal.T)[:, None]
    bulge = 0.35 + 0.65 * np.sin(np.pi * np.linspace(0, 1, len(points)))
    offset = normal * (0.5 * stripe.width * look.mark_size * bulge)[:, None]
    ring = np.vstack([points + offset, (points - offset)[::-1]])
    ImageDraw.Draw(plate).polygon(to_plate(shape, ring, scale), fill=stripe.colour)


def _band(plate: Image.Image, band: Band, shape: WingShape, scale: int) -> None:
    """Patches with bulging ends; neighbours meet on their common vein."""
    draw = ImageDraw.Draw(plate)
    for space, inner, outer in band.patches:
        corners = [
            on_vein(shape, space, inner),
            in_space(shape, space, inner - 0.05),
            on_vein(shape, space + 1, inner),
            on_vein(shape, space + 1, outer),
            in_space(shape, space, outer + 0.06),
            on_vein(shape, space, outer),
        ]
        ring = np.array(corners)
        draw.polygon(to_plate(shape, ring, scale), fill=band.colour)


def _spot(plate: Image.Image, spot: Spot, shape: WingShape, look: Look, scale: int) -> None:
    centre = in_space(shape, spot.space, spot.fraction)
    along_vein = in_space(shape, spot.space, 0.95) - in_space(shape, spot.space, 0.3)
    draw = ImageDraw.Draw(plate)
    for share, colour in spot.rings:
        ring = _ellipse(centre, along_vein, spot.radius * share * look.mark_size, spot.stretch)
        draw.polygon(to_plate(shape, ring, scale), fill=colour)


_CIRCLE = np.stack([np.cos(np.arange(20) * np.pi / 10), np.sin(np.arange(20) * np.pi / 10)], -1)


def _ellipse(centre: np.ndarray, axis: np.ndarray, radius: float, stretch: float) -> np.ndarray:
    axis = axis / np.hypot(*axis)
    across = np.array([-axis[1], axis[0]])
    long, short = radius * np.sqrt(stretch), radius / np.sqrt(stretch)
    return np.asarray(centre + _CIRCLE[:, :1] * axis * long + _CIRCLE[:, 1:] * across * short)


def _rubbed(size: tuple[int, int], look: Look, scale: int) -> Image.Image:
    """A mask of the places where the scales have gone."""
    left, top = (int(share * scale * 0.5) for share in look.grain)
    part = _bare_places(scale)[top : top + size[1], left : left + size[0]]
    return looked_up(part, np.arange(256) * look.fade)


@lru_cache(maxsize=32)
def _bare_places(scale: int) -> np.ndarray:
    """Patches of noise over 1.7 by 1.7 wing units, uint8, the same at every scale."""
    rng, square = np.random.default_rng(7), (_GRAIN_SIDE, _GRAIN_SIDE)
    layers = [
        np.asarray(_noise(rng, cells).resize(square, Image.Resampling.BICUBIC)) / weight
        for cells, weight in ((9, 1.0), (22, 1.6), (60, 2.6))
    ]
    whole = round(scale * _GRAIN_UNITS), round(scale * _GRAIN_UNITS)
    return np.asarray(_grey(np.clip((sum(layers) - 0.95) * 3, 0, 1) * 255).resize(whole))


def _noise_plate(scale: int, shape: tuple[int, ...]) -> np.ndarray:
    whole = round(scale * _GRAIN_UNITS), round(scale * _GRAIN_UNITS)
    grain = np.asarray(_noise(np.random.default_rng(8), _GRAIN_SIDE).resize(whole))
    return np.asarray(255 * np.clip(grain[: shape[0], : shape[1]], 0, 1))


def _noise(rng: np.random.Generator, cells: int) -> Image.Image:
    return Image.fromarray(rng.random((cells, cells), dtype=np.float32))


def _grey(values: np.ndarray) -> Image.Image:
    return Image.fromarray(values.astype(np.uint8))
