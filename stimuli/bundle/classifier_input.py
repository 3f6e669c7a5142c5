"""What a classifier saw of a picture that is shown: the one place where its input is made.

The displayed file is the only picture. Whoever has it, the side of the input and Pillow can make
the input again, to the last bit, and compare its digest. Imports no torch.
"""

import hashlib
import io

import numpy as np
from PIL import Image

# As the crop itself was cut out.
RESAMPLING = Image.Resampling.BILINEAR


def seen_pixels(jpeg: bytes | memoryview, side: int | None = None) -> np.ndarray:
    """The file decoded, and resized where a classifier's input has another side.

    Args:
        side: of the input in pixels; None for that of the picture, which then is the input.

    Returns:
        (side, side, 3) uint8, RGB.
    """
    with Image.open(io.BytesIO(jpeg)) as image:
        picture = image.convert("RGB")
    if side is not None and picture.size != (side, side):
        picture = picture.resize((side, side), RESAMPLING)
    return np.asarray(picture)


def input_sha256(pixels: np.ndarray) -> str:
    """SHA-256 of pixels, uint8, row by row and each with its three channels, in hexadecimal."""
    return hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()
