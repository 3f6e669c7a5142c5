"""The one JPEG encoder: every picture that people see is written and read here."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

# Pillow's default, with half the colour resolution, as in the paper: a stronger file keeps every
# attack so fully that no adversarial stimulus is less than sure (docs/stimuli.md).
JPEG_QUALITY = 75
# So long that another choice of pictures seldom changes the length of all.
LENGTH_STEP = 8192


Jpeg = bytes | memoryview
"""The content of a file, in memory or mapped from the disk."""


def encode(image: Image.Image) -> bytes:
    """The one JPEG encoder of the project: same tables, no metadata, for every picture."""
    file = io.BytesIO()
    # From bare pixels: Pillow would write the comment and profile of the file it was read from.
    Image.fromarray(np.asarray(image)).save(file, "JPEG", quality=JPEG_QUALITY, subsampling="4:2:0")
    return file.getvalue()


def of_one_length(files: Sequence[Jpeg]) -> list[bytes]:
    """The same pictures in files of one length: the longest, up to a multiple of LENGTH_STEP.

    Noise compresses badly: the length of a file, which a browser shows, would tell which pictures
    were attacked. Decoders stop at the end of the picture and never see the zeros behind it.
    """
    longest = max(map(len, files), default=0)
    return [bytes(file).ljust(longest + -longest % LENGTH_STEP, b"\0") for file in files]


def decode(jpeg: Jpeg) -> np.ndarray:
    """(height, width, 3) uint8."""
    with Image.open(io.BytesIO(jpeg)) as image:
        return np.asarray(image.convert("RGB"))
