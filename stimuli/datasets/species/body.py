"""Body and antennae of a butterfly, in body units: x to its right, y towards the tail."""

from functools import lru_cache

import numpy as np
from PIL import Image

from stimuli.datasets.species.paint import apply_table
from stimuli.datasets.species.pattern import Colour
from stimuli.datasets.species.scene import Pose
from stimuli.datasets.species.wings import curve

BODY_BOX = (-0.09, -0.24, 0.09, 0.60)
"""Left, top, right, bottom of the plate on which the body is painted."""

_ANTENNA_WIDTH = 0.020
_PROFILE_Y = (
    -0.225,
    -0.205,
    -0.17,
    -0.145,
    -0.11,
    -0.04,
    0.05,
    0.10,
    0.20,
    0.34,
    0.47,
    0.545,
    0.58,
)
_PROFILE_RADIUS = (
    0.0,
    0.028,
    0.042,
    0.034,
    0.060,
    0.080,
    0.066,
    0.046,
    0.054,
    0.050,
    0.034,
    0.016,
    0.0,
)
_SEGMENT_LENGTH = 0.058
_CLUB_PLACES = (0.0, 0.75, 0.92, 0.98, 1.0)
_CLUB_WIDTHS = (0.9, 0.8, 2.2, 2.0, 0.8)


def antennae(pose: Pose) -> list[np.ndarray]:
    """The left and the right antenna from the head to the club, (17, 2) each."""
    lines = []
    for sign, (spread, bend) in zip((-1, 1), pose.antennae, strict=True):
        reach = 0.15 + 0.16 * spread
        middle = (sign * reach * (0.35 + 0.3 * bend), -0.42)
        controls = ((sign * 0.018, -0.20), middle, (sign * reach, -0.60 + 0.07 * spread))
        lines.append(curve(controls))
    return lines


def antenna_ring(line: np.ndarray, unit: float) -> list[tuple[float, float]]:
    """The outline of a mapped antenna with its club; unit is a body unit's length in pixels."""
    widths = np.interp(np.linspace(0, 1, len(line)), _CLUB_PLACES, _CLUB_WIDTHS)
    along = np.gradient(line, axis=0)
    along /= np.hypot(along[:, 0], along[:, 1])[:, None] + 1e-9
    across = np.stack([-along[:, 1], along[:, 0]], axis=-1)
    across *= (0.5 * unit * _ANTENNA_WIDTH * widths)[:, None]
    return [(x, y) for x, y in [*(line + across).tolist(), *(line - across)[::-1].tolist()]]


def body_plate(scale: int, colour: Colour) -> Image.Image:
    """The body at so many pixels per body unit, RGBX, with its coverage as X."""
    shade, coverage = _body(scale)
    brightest = (min(255.0, 1.5 * channel + 18) for channel in colour)
    channels = [apply_table(shade, np.arange(256) / 255 * level) for level in brightest]
    return Image.merge("RGBX", (*channels, Image.fromarray(coverage)))


@lru_cache(maxsize=32)
def _body(scale: int) -> tuple[np.ndarray, np.ndarray]:
    """Shade and coverage, uint8: a furry thorax, a ringed abdomen, a head with two eyes."""
    left, top, right, bottom = BODY_BOX
    width, height = round((right - left) * scale), round((bottom - top) * scale)
    y, x = (np.mgrid[:height, :width] + 0.5) / scale
    x, y = x + left, y + top
    radius = np.interp(y, _PROFILE_Y, _PROFILE_RADIUS)
    across = np.clip(x / np.maximum(radius, 1e-3), -1, 1)
    shade = 0.34 + 0.42 * np.sqrt(1 - across**2) + 0.16 * np.exp(-((across + 0.3) ** 2) / 0.08)
    rings = 1 - 0.22 * np.cos(y * 2 * np.pi / _SEGMENT_LENGTH) ** 8
    strands = np.random.default_rng(3).random((40, 14), dtype=np.float32)
    large = Image.fromarray(strands).resize((width, height), Image.Resampling.BICUBIC)
    fur = 0.78 + 0.34 * np.asarray(large)
    shade *= np.where(y > 0.09, rings, fur)
    shade *= 1 - 0.75 * np.clip(1.4 - np.hypot(np.abs(x) - 0.030, y + 0.175) / 0.013, 0, 1)
    coverage = np.clip((radius - np.abs(x)) * scale + 0.5, 0, 1) * (radius > 0)
    return _grey(np.clip(shade, 0, 1)), _grey(coverage)


def _grey(values: np.ndarray) -> np.ndarray:
    return (values * 255).astype(np.uint8)
