"""The numbers that a mask file holds, whatever its format: brightness, indices, alpha."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from stimuli.study.dataset_settings import MaskFormat

# Object, background and border: Oxford's, and those of image matting.
TRIMAPS = ((1, 2, 3), (255, 0, 128))
INTEGERS_OR_FLOATS = ("I", "F")
"""How the modes of Pillow begin whose pixels are numbers of more than eight bits."""


class MaskError(ValueError):
    """A mask file whose values mean nothing."""


def values_of(path: Path, form: MaskFormat) -> np.ndarray:
    """(height, width) numbers, upright: the picture's, or those of its alpha channel.

    Raises:
        MaskError: if it cannot be told which of the two, or if they are no amounts.
        OSError: and what else Pillow raises, if it cannot be decoded.
    """
    with Image.open(path) as file:
        file.load()
        image = ImageOps.exif_transpose(file)
    alpha = alpha_of(image)
    if form.masks == "alpha":
        if alpha is None:
            raise MaskError("have no alpha channel, or the same everywhere; leave out masks")
        return alpha
    if form.masks == "soft" and alpha is None and is_coloured(image):
        raise MaskError("are coloured, and a colour is no amount; save them as grey")
    values = brightness_of(image)
    if alpha is None:
        return values
    colours = present_in(values)
    agree = np.array_equal(values > colours[0], alpha > alpha.min())
    if len(colours) != 2 or (agree and form.masks != "binary"):
        return alpha  # one colour cut out, or a photo
    if form.masks is None:
        raise MaskError(
            "have two colours and an alpha channel that differs from them; set masks = 'binary' "
            "for the colours, or 'alpha'"
        )
    return values


def present_in(values: np.ndarray) -> np.ndarray:
    """The values that occur, in order."""
    if values.dtype == np.uint8:
        return np.flatnonzero(np.bincount(values.ravel(), minlength=1))
    return np.unique(values)


def brightness_of(image: Image.Image) -> np.ndarray:
    """(height, width) numbers as they are stored; of colours their brightness, 0 to 255.

    Of a palette of greys, these greys; of any other its indices, with black below all others: it is
    the background wherever a program puts it.

    Raises:
        MaskError: if a float is no number.
    """
    if image.mode in ("P", "PA"):
        return palette_values(image)
    if image.mode == "1":
        return np.asarray(image).astype(np.uint8)
    if image.mode.startswith(INTEGERS_OR_FLOATS):
        numbers = np.asarray(image)
        if not np.isfinite(numbers).all():
            raise MaskError("have pixels that are no number; save them with one")
        return numbers
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


def palette_values(image: Image.Image) -> np.ndarray:
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


def trimap_of(present: np.ndarray) -> tuple[int, int, int]:
    """The one of TRIMAPS that these values are of.

    Raises:
        MaskError: if there is none.
    """
    for trimap in TRIMAPS:
        if {*present.tolist()} <= {*trimap}:
            return trimap
    raise MaskError(f"its trimap has the values {', '.join(f'{v:g}' for v in present[:4])}")
