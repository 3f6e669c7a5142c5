"""Heat maps as pictures: red for what mattered, faint edges of the photo to find one's way."""

import matplotlib
import numpy as np
from PIL import Image
from scipy import ndimage

from stimuli.pictures import Jpeg, decode, encode

# The paper blends in 10 % of a Canny edge map; a gradient needs no threshold, and is drawn
# somewhat stronger because most of it is thin.
EDGE_STRENGTH = 0.35


def heatmap_jpeg(heatmap: np.ndarray, photo: Jpeg) -> bytes:
    """Draw a heat map in the frame of its photo (colour map Reds, 0 white to 1 dark red).

    Args:
        heatmap: (height, width) in [0, 1].
        photo: the view as JPEG, of the same size.
    """
    colours = matplotlib.colormaps["Reds"](heatmap)[..., :3]
    shaded = colours * (1 - EDGE_STRENGTH * edges(decode(photo)))[..., None]
    return encode(Image.fromarray((shaded * 255).round().astype(np.uint8)))


def edges(photo: np.ndarray) -> np.ndarray:
    """Strength of the edges of a photo, 0 to 1 (Sobel on luminance, slightly smoothed).

    Args:
        photo: (height, width, 3) uint8.

    Returns:
        (height, width); the strongest one per cent are cut off at 1.
    """
    grey = ndimage.gaussian_filter(photo.astype(np.float64).mean(2), 1.0)
    strength = np.hypot(ndimage.sobel(grey, 0), ndimage.sobel(grey, 1))
    return np.asarray(np.clip(strength / max(float(np.quantile(strength, 0.99)), 1.0), 0, 1))
