"""The numbers that a mask file holds, whatever its format: brightness, indices, alpha."""

import numpy as np
from PIL import Image

INTEGERS_OR_FLOATS = ("I", "F")
"""How the modes of Pillow begin whose pixels are numbers of more than eight bits."""


class MaskError(ValueError):
    """A mask file whose values mean nothing."""


def brightness_of(image: Image.Image) -> np.ndarray:
    """(height, width) numbers as they are stored; of colours their brightness, 0 to 255.

    Of a palette of greys, these greys; of any other its indices, with black below all others: it is
    the background wherever a program puts it.
    """
    if image.mode in ("P", "PA"):
        return _of_palette(image)
    if image.mode == "1":
        return np.asarray(image).astype(np.uint8)
    if image.mode.startswith(INTEGERS_OR_FLOATS):
        return np.asarray(image)
    if image.mode in ("L", "LA"):
        return np.asarray(image.getchannel(0))
    return np.asarray(image.convert("RGB").convert("L"))


def alpha_of(image: Image.Image) -> np.ndarray | None:
    """(height, width) uint8 opacity; None where it is the same everywhere, or there is none."""
    if not image.has_transparency_data:
        return None
    alpha = np.asarray(image.convert("RGBA").getchannel("A"))
    return None if alpha.min() == alpha.max() else alpha


def is_coloured(image: Image.Image) -> bool:
    """Whether some pixel is not grey."""
    if image.mode.startswith(INTEGERS_OR_FLOATS) or image.mode in ("1", "L", "LA"):
        return False
    pixels = np.asarray(image.convert("RGB"))
    return bool((pixels != pixels[..., :1]).any())


def _of_palette(image: Image.Image) -> np.ndarray:
    indices = np.asarray(image.getchannel(0) if image.mode == "PA" else image)
    colours = np.zeros((256, 3), dtype=np.uint8)
    listed = np.array(image.getpalette("RGB") or [], dtype=np.uint8).reshape(-1, 3)
    colours[: len(listed)] = listed
    used = np.flatnonzero(np.bincount(indices.ravel(), minlength=256))
    greys = colours[:, 0]
    if (colours == greys[:, None]).all() and len(np.unique(greys[used])) == len(used):
        return np.asarray(greys[indices])
    black = used[~colours[used].any(axis=1)]
    if len(black) == 1 and black[0] != used[0]:
        return np.where(indices == black[0], -1, indices.astype(np.int16))
    return indices
