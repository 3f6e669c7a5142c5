"""The shapes of butterfly wings: outlines, veins, and the fields that patterns are painted along.

All positions are in wing units (the forewing is about one unit long) relative to the hinge, x away
from the body and y towards the tail, for the right-hand side; the left side is its mirror image.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Points = tuple[tuple[float, float], ...]

FIELD_UNITS = 0.6
"""Distance in wing units at which an eight-bit distance field saturates."""

VEINS = 8
"""Veins that reach the outer margin; they enclose VEINS - 1 spaces, counted from the tip."""

_CURVE_STEPS = 8
_PLATE_ROOM = 0.03  # around the outline, in wing units
_FIELD_SCALE = 84  # distances are smooth, so they are computed coarsely and enlarged
_OVERSAMPLING = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class WingShape:
    """Control points of a wing's outline, in wing units relative to the hinge.

    Attributes:
        costa: along the leading edge, from the hinge (left out) towards the tip.
        outer: along the outer margin, from the tip to the inner corner.
        inner: along the inner edge, back towards the hinge.
        scallop: depth of the notches at the veins' ends.
    """

    costa: Points
    outer: Points
    inner: Points
    scallop: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class WingFields:
    """Arrays of uint8, (height, width), from which the layers of a wing are cut by thresholds.

    Attributes:
        coverage: 255 on the wing.
        veins: 255 on the veins.
        relief: the veins, blurred: how near the next vein is.
        margin: distance to the outer margin, 255 at FIELD_UNITS.
        border: the same, shortened near veins, along which a border runs out.
        edge: distance to any edge, 255 at FIELD_UNITS.
        reach: 0 at the hinge, 255 at the outline.
        tip: distance to the tip, 255 at FIELD_UNITS, shortened near veins likewise.
    """

    coverage: np.ndarray
    veins: np.ndarray
    relief: np.ndarray
    margin: np.ndarray
    border: np.ndarray
    edge: np.ndarray
    reach: np.ndarray
    tip: np.ndarray


def curve(controls: Points, steps: int = _CURVE_STEPS) -> np.ndarray:
    """Catmull-Rom spline through the controls, (steps * (n - 1) + 1, 2)."""
    points = np.array(controls, dtype=float)
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.arange(steps)[:, None] / steps
    pieces = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        linear, square = p2 - p0, 2 * p0 - 5 * p1 + 4 * p2 - p3
        cube = 3 * p1 - p0 - 3 * p2 + p3
        pieces.append(0.5 * (2 * p1 + linear * t + square * t**2 + cube * t**3))
    return np.vstack([*pieces, points[-1:]])


def along(polyline: np.ndarray, fractions: np.ndarray) -> np.ndarray:
    """Points at fractions of a polyline's length, (n, 2)."""
    lengths = np.hypot(*np.diff(polyline, axis=0).T)
    marks = np.concatenate([[0.0], np.cumsum(lengths)])
    places = np.asarray(fractions) * marks[-1]
    return np.stack([np.interp(places, marks, polyline[:, axis]) for axis in (0, 1)], axis=-1)


@lru_cache(maxsize=64)
def outer_margin(shape: WingShape) -> np.ndarray:
    """The outer margin from the tip to the inner corner, scalloped, (121, 2)."""
    fractions = np.linspace(0, 1, 121)
    points = along(curve((shape.costa[-1], *shape.outer, shape.inner[0]), 16)[16:-16], fractions)
    tangent = np.gradient(points, axis=0)
    normal = np.stack([tangent[:, 1], -tangent[:, 0]], axis=-1)
    normal /= np.hypot(*normal.T)[:, None] + 1e-9
    waves = np.abs(np.sin(np.pi * (VEINS - 1) * (fractions - 0.02) / 0.96)) - 0.5
    return np.asarray(points + shape.scallop * waves[:, None] * normal)


@lru_cache(maxsize=64)
def outline(shape: WingShape) -> np.ndarray:
    """The closed outline, (n, 2), starting at the hinge."""
    costa = curve(((0.0, 0.0), *shape.costa, shape.outer[0]))
    inner = curve((shape.outer[-1], *shape.inner, (0.0, 0.0)))
    return np.vstack([costa[:-1], outer_margin(shape), inner[1:-1]])


@lru_cache(maxsize=64)
def veins(shape: WingShape) -> np.ndarray:
    """The veins from the cell's end to the margin, (VEINS, 17, 2), counted from the tip."""
    ends = along(outer_margin(shape), np.linspace(0.02, 0.98, VEINS))
    middle = ends.mean(axis=0)
    reach = 0.42 + 0.12 * np.sin(np.pi * np.linspace(0, 1, VEINS))
    starts = reach[:, None] * (0.62 * ends + 0.38 * middle)
    bend = 0.5 * (starts + ends) + 0.10 * (0.62 * ends + 0.38 * middle - starts)
    t = np.linspace(0, 1, 17)[:, None, None]
    paths = (1 - t) ** 2 * starts + 2 * t * (1 - t) * bend + t**2 * ends
    return np.asarray(paths.transpose(1, 0, 2))


@lru_cache(maxsize=2048)
def on_vein(shape: WingShape, vein: int, fraction: float) -> np.ndarray:
    """A point of a vein, (2,): 0 at the cell's end, 1 at the margin, below 0 within the cell."""
    path = veins(shape)[vein]
    if fraction < 0:
        return np.asarray(path[0] * (1 + fraction))
    return np.asarray(along(path, np.array([fraction]))[0])


@lru_cache(maxsize=2048)
def in_space(shape: WingShape, space: float, fraction: float) -> np.ndarray:
    """A point between two veins, (2,); space 0 is nearest the tip and 0.5 half a space on."""
    vein = int(np.clip(np.floor(space), 0, VEINS - 2))
    aside = space - vein + 0.5 if space > vein else 0.5
    first, second = on_vein(shape, vein, fraction), on_vein(shape, vein + 1, fraction)
    return np.asarray((1 - aside) * first + aside * second)


@lru_cache(maxsize=64)
def plate_box(shape: WingShape) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the plate on which the wing is painted, in wing units."""
    left, top = outline(shape).min(axis=0) - _PLATE_ROOM
    right, bottom = outline(shape).max(axis=0) + _PLATE_ROOM
    return float(left), float(top), float(right), float(bottom)


def plate_size(shape: WingShape, scale: float) -> tuple[int, int]:
    """Width and height of a plate with so many pixels per wing unit."""
    left, top, right, bottom = plate_box(shape)
    return round((right - left) * scale), round((bottom - top) * scale)


def to_plate(shape: WingShape, points: np.ndarray, scale: float) -> list[tuple[float, float]]:
    """Wing units to pixels of a plate with so many pixels per wing unit."""
    pixels = (np.asarray(points) - plate_box(shape)[:2]) * scale
    return [(x, y) for x, y in pixels.reshape(-1, 2).tolist()]


@lru_cache(maxsize=128)
def fields(shape: WingShape, scale: int) -> WingFields:
    """All fields of a wing at so many pixels per wing unit."""
    # Positions in wing units, (height, width, 2), that sample the plate's box evenly.
    left, top, right, bottom = plate_box(shape)
    width, height = plate_size(shape, _FIELD_SCALE)
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    grid = np.stack([left + x * (right - left), top + y * (bottom - top)], axis=-1)
    size = plate_size(shape, scale)
    lines, rim = _vein_coverage(shape, scale), along(outline(shape), np.linspace(0, 1, 300))
    blurred = np.asarray(lines.filter(ImageFilter.GaussianBlur(scale * 0.018)), dtype=np.uint16)
    relief = np.minimum(3 * blurred, 255).astype(np.uint8)
    margin = _enlarge(_distance(grid, outer_margin(shape)) / FIELD_UNITS, size)
    tip = _enlarge(_distance(grid, np.array(shape.outer[:1])) / FIELD_UNITS, size)
    nearer = (0.09 * relief).astype(np.uint8)
    plate = _fine_plate(shape, scale)
    ring = to_plate(shape, outline(shape), scale * _OVERSAMPLING)
    ImageDraw.Draw(plate).polygon(ring, fill=255)
    return WingFields(
        coverage=np.asarray(plate.reduce(_OVERSAMPLING)),
        veins=np.asarray(lines),
        relief=relief,
        margin=margin,
        border=margin - np.minimum(margin, nearer),
        edge=_enlarge(_distance(grid, rim) / FIELD_UNITS, size),
        reach=_enlarge(np.hypot(grid[..., 0], grid[..., 1]) / _radius(shape, grid), size),
        tip=tip - np.minimum(tip, nearer),
    )


def _distance(grid: np.ndarray, polyline: np.ndarray) -> np.ndarray:
    x, y = grid[..., 0, None], grid[..., 1, None]
    squares = (x - polyline[:, 0]) ** 2 + (y - polyline[:, 1]) ** 2
    return np.asarray(np.sqrt(squares.min(axis=-1)))


def _radius(shape: WingShape, grid: np.ndarray) -> np.ndarray:
    """How far the wing stretches from the hinge in the direction of every grid point."""
    rim = outline(shape)[1:]
    angles = np.arctan2(rim[:, 1], rim[:, 0])
    order = np.argsort(angles)
    radii = np.interp(
        np.arctan2(grid[..., 1], grid[..., 0]), angles[order], np.hypot(*rim[order].T)
    )
    return np.asarray(np.maximum(radii, 0.3))


def _enlarge(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    small = Image.fromarray(np.clip(values * 255, 0, 255).astype(np.float32))
    large = np.asarray(small.resize(size, Image.Resampling.BICUBIC))
    return np.clip(large + 0.5, 0, 255).astype(np.uint8)


def _fine_plate(shape: WingShape, scale: int) -> Image.Image:
    width, height = plate_size(shape, scale)
    return Image.new("L", (width * _OVERSAMPLING, height * _OVERSAMPLING))


def _vein_coverage(shape: WingShape, scale: int) -> Image.Image:
    """The veins, the cell that they leave, and the long vein along the inner edge, "L"."""
    paths = veins(shape)
    starts = paths[:, 0]
    upper = curve(((0.0, 0.0), tuple(0.5 * starts[0] + [0.0, -0.012]), tuple(starts[0])))
    lower = curve(((0.0, 0.0), tuple(0.5 * starts[-1] + [0.0, 0.012]), tuple(starts[-1])))
    cell = curve(tuple(map(tuple, starts)), 3)
    corner = outer_margin(shape)[-1]
    inner = curve(((0.0, 0.0), tuple(0.5 * corner + [0.0, 0.02]), tuple(0.97 * corner)))
    image, fine = _fine_plate(shape, scale), scale * _OVERSAMPLING
    draw = ImageDraw.Draw(image)
    for path in [*paths, upper, lower, cell, inner]:
        pixels = to_plate(shape, path, fine)
        for i, pair in enumerate(zip(pixels, pixels[1:], strict=False)):
            taper = 0.0125 - 0.006 * i / len(pixels)
            draw.line(pair, fill=255, width=max(1, round(fine * taper)))
    return image.reduce(_OVERSAMPLING)
