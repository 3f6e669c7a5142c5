"""What is on the screen as numbers: pictures made small, and heat maps read back from theirs.

A bundle has no heat maps, only their pictures, and people see no more. The colours are inverted
exactly (`stimuli.pictures.render` draws them): what the photo's edges or its brightness added is
taken off, since the photo is there too, and the colour that is left is looked up on the scale.
Statistics of the picture itself, such as its redness, would follow the photo's edges in part.
"""

from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage
from scipy.spatial import KDTree

from stimuli.bundle.classifier_input import seen_pixels
from stimuli.pictures.render import (
    EDGE_STRENGTH,
    GREY,
    OVERLAY_SHARE,
    Style,
    coloured,
    edges,
)

SIDE = 56  # what statistics are made of, in cells: a quarter of 224 px, and finer than any map
SHADES = 256
CONTOUR_PX = 5  # wider than a contour, so that the median of a window knows nothing of it


def small_picture(path: Path) -> np.ndarray:
    """A picture as means over its cells, (SIDE, SIDE, 3) in [0, 1]."""
    return in_cells(seen_pixels(path.read_bytes()) / 255)


def in_cells(pixels: np.ndarray) -> np.ndarray:
    """(height, width, channels) as means over cells, (SIDE, SIDE, channels)."""
    channels = [
        Image.fromarray(channel.astype(np.float32)).resize((SIDE, SIDE), Image.Resampling.BOX)
        for channel in np.moveaxis(pixels, 2, 0)
    ]
    return np.stack([np.asarray(channel, dtype=np.float64) for channel in channels], axis=2)


def heat_map(
    drawn: np.ndarray, photo: np.ndarray, style: Style, *, is_signed: bool, width: float = 1.0
) -> np.ndarray:
    """The heat map that a picture shows.

    Args:
        drawn: (height, width, 3) uint8, as `heatmap_jpeg` drew it.
        photo: (height, width, 3) uint8, that it was drawn for.
        is_signed: whether its colours also say what speaks against the label.
        width: pixels of the picture for each of the map, as they were drawn.

    Returns:
        (SIDE, SIDE) in [0, 1], or in [-1, 1] where signed; off by a few hundredths, since JPEG
        keeps half of the colours' resolution.
    """
    if style == "beside":
        faint = EDGE_STRENGTH * edges(photo, width=width)
        colours = drawn / 255 / (1 - faint)[..., None]
    else:
        window = (round(CONTOUR_PX * width), round(CONTOUR_PX * width), 1)
        grey = (1 - OVERLAY_SHARE) * (photo / 255 @ GREY)
        colours = ndimage.median_filter((drawn / 255 - grey[..., None]) / OVERLAY_SHARE, window)
    levels = np.linspace(-1 if is_signed else 0, 1, SHADES)
    _, nearest = KDTree(coloured(levels, style, is_signed)).query(in_cells(colours))
    return np.asarray(levels[nearest])
