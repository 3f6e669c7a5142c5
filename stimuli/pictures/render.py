"""Heat maps as pictures, in the frame of their photo and legible whatever colours one sees."""

from collections.abc import Callable
from typing import Literal

import matplotlib
import numpy as np
from PIL import Image
from scipy import ndimage

from stimuli.pictures.jpeg import Jpeg, decode, encode

Style = Literal["beside", "overlay"]

# The paper blends in 10 % of a Canny edge map; a gradient needs no threshold, and is drawn
# somewhat stronger because most of it is thin.
EDGE_STRENGTH = 0.35
# Enough of the heat map to read it on dark and on bright places alike.
OVERLAY_SHARE = 0.65
CONTOURS = (0.25, 0.5, 0.75)
# Of each contour, in white.
CONTOUR_STRENGTH = (0.45, 0.7, 0.95)
GREY = np.array([0.2126, 0.7152, 0.0722])


SEQUENTIAL: dict[Style, str] = {"beside": "Reds", "overlay": "inferno"}
"""Colours of maps in [0, 1]."""

DIVERGING: dict[Style, str] = {"beside": "RdBu_r", "overlay": "berlin"}
"""Of maps in [-1, 1]: red for, blue against, white or black where nothing speaks."""


def heatmap_jpeg(
    heatmap: np.ndarray, photo: Jpeg, style: Style = "beside", *, is_signed: bool = False
) -> bytes:
    """Draw a heat map in the frame of its photo.

    Args:
        heatmap: (height, width) in [0, 1]; enlarged where the photo is larger.
        photo: the crop as JPEG.
        is_signed: whether the map is in [-1, 1] and also says what speaks against the label.
    """
    drawn = STYLES[style](heatmap, decode(photo), is_signed=is_signed)
    return encode(Image.fromarray((drawn * 255).round().astype(np.uint8)))


def beside(heatmap: np.ndarray, photo: np.ndarray, *, is_signed: bool = False) -> np.ndarray:
    """Reds, 0 white to 1 dark red, with faint edges of the photo to find one's way.

    Args:
        heatmap: (height, width) in [0, 1], or in [-1, 1], where dark blue is -1.
        photo: (height, width, 3) uint8, as large or larger.

    Returns:
        (height, width, 3) of the photo, in [0, 1].
    """
    colours = coloured(enlarged(heatmap, photo), "beside", is_signed)
    faint = EDGE_STRENGTH * edges(photo, width=len(photo) / len(heatmap))
    return np.asarray(colours * (1 - faint)[..., None])


def overlay(heatmap: np.ndarray, photo: np.ndarray, *, is_signed: bool = False) -> np.ndarray:
    """Inferno, 0 black to 1 pale yellow, over the photo in grey, with white contour lines.

    All colour comes from the map, whose lightness grows with it: wherever the photo is equally
    bright, brighter means more. The lines at a quarter, a half and three quarters tell a bright
    map from a bright photo. A signed map is pale red at 1 and pale blue at -1. Arguments and result
    as in `beside`.
    """
    grey = (photo / 255) @ GREY
    width = len(photo) / len(heatmap)
    heatmap = enlarged(heatmap, photo)
    colours = coloured(heatmap, "overlay", is_signed)
    drawn = OVERLAY_SHARE * colours + (1 - OVERLAY_SHARE) * grey[..., None]
    for level, strength in zip(CONTOURS, CONTOUR_STRENGTH, strict=True):
        line = strength * contour(np.abs(heatmap), level, width=width)[..., None]
        drawn = drawn * (1 - line) + line
    return np.asarray(drawn)


def coloured(heatmap: np.ndarray, style: Style, is_signed: bool) -> np.ndarray:
    """Each value as its colour, (height, width, 3) in [0, 1]."""
    if is_signed:
        return np.asarray(matplotlib.colormaps[DIVERGING[style]]((heatmap + 1) / 2)[..., :3])
    return np.asarray(matplotlib.colormaps[SEQUENTIAL[style]](heatmap)[..., :3])


STYLES: dict[Style, Callable[..., np.ndarray]] = {
    "beside": beside,
    "overlay": overlay,
}


def enlarged(heatmap: np.ndarray, photo: np.ndarray) -> np.ndarray:
    """A heat map in the size of its photo, smoothly; as it is where it has that size."""
    if heatmap.shape == photo.shape[:2]:
        return heatmap
    image = Image.fromarray(heatmap.astype(np.float32))
    larger = image.resize((photo.shape[1], photo.shape[0]), Image.Resampling.BICUBIC)
    return np.asarray(larger).clip(heatmap.min(), heatmap.max())


def contour(heatmap: np.ndarray, level: float, *, width: float = 1.0) -> np.ndarray:
    """How much of a line covers each pixel, (height, width) in [0, 1].

    The distance to the line is the difference to the level over the slope.

    Args:
        width: the line is one and a half of it wide, in pixels.
    """
    slope = np.hypot(*np.gradient(heatmap))
    distance_px = np.abs(heatmap - level) / np.maximum(slope, 1e-6)
    return np.asarray(np.clip(0.75 * width + 0.5 - distance_px, 0, 1))


def edges(photo: np.ndarray, *, width: float = 1.0) -> np.ndarray:
    """Strength of the edges of a photo, 0 to 1 (Sobel on luminance, slightly smoothed).

    Args:
        photo: (height, width, 3) uint8.
        width: how far it is smoothed, in pixels.

    Returns:
        (height, width); the strongest one per cent are cut off at 1.
    """
    grey = ndimage.gaussian_filter(photo.astype(np.float64).mean(2), width)
    strength = np.hypot(ndimage.sobel(grey, 0), ndimage.sobel(grey, 1))
    return np.asarray(np.clip(strength / max(float(np.quantile(strength, 0.99)), 1.0), 0, 1))
