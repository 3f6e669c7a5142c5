"""Painting one wing on its plate: gradients, marks, veins, scales and wear."""

import colorsys
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
_CIRCLE = np.stack([np.cos(np.arange(20) * np.pi / 10), np.sin(np.arange(20) * np.pi / 10)], -1)


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


def tint(colour: Colour, look: Look) -> Colour:
    """The colour as this butterfly wears it."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))
    rgb = colorsys.hsv_to_rgb(
        (hue + look.hue) % 1, min(1, saturation * look.saturation), min(1, value * look.value)
    )
    red, green, blue = (round(255 * channel) for channel in rgb)
    return red, green, blue


def paint(shape: WingShape, pattern: WingPattern, look: Look, scale: int) -> Image.Image:
    """The right wing as an RGB plate, painted beyond its outline: `wing_coverage` cuts it."""
    wing, stops = fields(shape, scale), (0.08 * 255, _MID_REACH * 255, 255.0)
    channels = zip(*(tint(colour, look) for colour in pattern.ramp), strict=True)
    tables = [np.interp(np.arange(256), stops, channel) for channel in channels]
    plate = Image.merge("RGB", [apply_table(wing.reach, table) for table in tables])
    for stripe in pattern.stripes:
        _stripe(plate, stripe, shape, look, scale)
    for field, (width, colour) in ((wing.border, pattern.border), (wing.tip, pattern.tip)):
        if width:
            plate.paste(tint(colour, look), mask=_below(field, width * look.border, 0.035))
    for band in pattern.bands:
        _band(plate, band, shape, scale)
    ink, fringe = _fixed_masks(shape, scale, pattern.dusting, pattern.vein)
    plate.paste(darken(tint(pattern.ramp[0], look), 0.45), mask=ink)
    for spot in pattern.spots:
        _spot(plate, spot, shape, look, scale)
    plate.paste(pattern.fringe, mask=fringe)
    left, top = (int(share * scale * 0.5) for share in look.grain)
    rubbed = _bare_places(scale)[top : top + plate.height, left : left + plate.width]
    plate.paste(_BARE, mask=apply_table(rubbed, np.arange(256) * look.fade))
    return plate


def wing_coverage(shape: WingShape, wing: int, look: Look, scale: int) -> Image.Image:
    """Coverage of one of the four wings on its plate, "L", with ragged nicks in the margin."""
    coverage = Image.fromarray(fields(shape, scale).coverage)
    draw = ImageDraw.Draw(coverage)
    nicks = look.nicks[wing]
    for place, depth, width in nicks[: round(look.nick_share * len(nicks))]:
        half = 0.02 + 0.035 * width
        places = np.clip([place - half, place, place + half], 0, 1)
        left, middle, right = along(outer_margin(shape), places)
        inwards = -middle / np.hypot(*middle)
        tip = middle + inwards * _NICK_DEPTH_UNITS * (0.35 + 0.65 * depth)
        slant = 0.35 * (right - middle) * (width - 0.5)
        nick = [left - 0.1 * inwards, left, tip + slant, right, right - 0.1 * inwards]
        draw.polygon(to_plate(shape, np.array(nick), scale), fill=0)
    return coverage


def apply_table(levels: np.ndarray, table: np.ndarray) -> Image.Image:
    """Replace every level by its entry in a table of 256; much faster than numpy's indexing."""
    height, width = levels.shape
    replaced = levels.tobytes().translate(table.astype(np.uint8).tobytes())
    return Image.frombytes("L", (width, height), replaced)


def _below(field: np.ndarray, distance: float, softness: float) -> Image.Image:
    """A soft mask of where a distance field lies below a distance, both in wing units."""
    units = np.arange(256) / 255 * FIELD_UNITS
    table = 255 * np.clip((distance - units) / softness + 0.5, 0, 1)
    return apply_table(field, table)


def darken(colour: Colour, factor: float) -> Colour:
    """The colour with every channel multiplied by a factor below 1."""
    red, green, blue = (round(factor * channel) for channel in colour)
    return red, green, blue


@lru_cache(maxsize=128)
def _fixed_masks(
    shape: WingShape, scale: int, dusting: float, vein: float
) -> tuple[Image.Image, Image.Image]:
    """Dark scales (along veins and edges, and the grain of the wing) and the pale fringe."""
    wing = fields(shape, scale)
    edge = np.asarray(_below(wing.edge, 0.010, 0.012))
    height, width = wing.edge.shape
    whole = round(scale * _GRAIN_UNITS), round(scale * _GRAIN_UNITS)
    noise = np.asarray(_noise(np.random.default_rng(8), _GRAIN_SIDE).resize(whole))
    grain = 255 * np.clip(noise[:height, :width], 0, 1)
    layers = (dusting * wing.relief, vein * wing.veins, 0.75 * edge, _GRAIN * grain)
    clear = np.prod([1 - layer / 255 for layer in layers], axis=0)
    fringe = 0.7 * np.asarray(_below(wing.margin, 0.016, 0.012))
    return _grey(255 * (1 - clear)), _grey(fringe)


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
    axis = in_space(shape, spot.space, 0.95) - in_space(shape, spot.space, 0.3)
    axis = axis / np.hypot(*axis)
    across = np.array([-axis[1], axis[0]])
    draw = ImageDraw.Draw(plate)
    for share, colour in spot.rings:
        radius = spot.radius * share * look.mark_size
        long, short = radius * np.sqrt(spot.stretch), radius / np.sqrt(spot.stretch)
        ring = centre + _CIRCLE[:, :1] * axis * long + _CIRCLE[:, 1:] * across * short
        draw.polygon(to_plate(shape, ring, scale), fill=colour)


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


def _noise(rng: np.random.Generator, cells: int) -> Image.Image:
    return Image.fromarray(rng.random((cells, cells), dtype=np.float32))


def _grey(values: np.ndarray) -> Image.Image:
    return Image.fromarray(values.astype(np.uint8))
