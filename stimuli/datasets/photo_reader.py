"""The one way from a photo's file to what people and networks see: RGB of eight bits, on white.

Greys of more bits are scaled by the depth that holds them: values up to 255 are eight bits, up to
4095 twelve, as cameras and scanners write them, and others sixteen. Transparent parts lie on white.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

WHITE = (255, 255, 255, 255)
HIGHEST = (255, 4095, 65535)
"""The highest value of eight, twelve and sixteen bits."""

FRACTIONS, RANGE = "brightness in fractions (floating point)", "brightness outside 0 to 65535"
ONE_COLOUR = "one colour and nothing else"
ADVICE = {
    FRACTIONS: "save them with 8 or 16 bits",
    RANGE: "save them with 8 or 16 bits",
    ONE_COLOUR: "replace them, or remove their rows",
}
"""What to do about photos that cannot be used, by what these have."""


class UnfitPhotoError(ValueError):
    """A photo that can be decoded, and yet cannot be shown.

    Attributes:
        has: what it has, one of `ADVICE`.
    """

    def __init__(self, has: str) -> None:
        self.has = has
        super().__init__(f"it has {has}")


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoFacts:
    """What was done to a photo as it was read.

    Attributes:
        size: width and height, upright.
        stored_size: width and height in the file.
        is_turned: whether its EXIF data turned or mirrored it.
        bits: 12 or 16, where its greys were scaled; else 8.
        is_on_white: whether some of it is transparent.
    """

    size: tuple[int, int]
    stored_size: tuple[int, int]
    is_turned: bool
    bits: int
    is_on_white: bool


def upright(file: Image.Image) -> Image.Image:
    """A photo as its EXIF data say it was taken."""
    return ImageOps.exif_transpose(file)


def is_turned(file: Image.Image) -> bool:
    """Whether the EXIF data of a file turn or mirror it."""
    return file.getexif().get(0x0112, 1) in range(2, 9)


def as_rgb(image: Image.Image) -> Image.Image:
    """A picture of any mode in RGB.

    Raises:
        UnfitPhotoError: of floating point, or with values that no unsigned depth up to 16 bits has.
    """
    if image.mode == "F":
        raise UnfitPhotoError(FRACTIONS)
    if image.mode.startswith("I"):
        greys = np.asarray(image).astype(np.float64) * (255 / _highest(image))
        return Image.fromarray(greys.round().astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, WHITE), layer).convert("RGB")
    return image.convert("RGB")


def _highest(image: Image.Image) -> int:
    """The highest value of the depth of greys of more than eight bits."""
    values = np.asarray(image)
    if values.min() < 0 or values.max() > HIGHEST[-1]:
        raise UnfitPhotoError(RANGE)
    return next(highest for highest in HIGHEST if values.max() <= highest)


def look_at(path: Path) -> PhotoFacts:
    """Decode a photo to its end, and tell what reading it does to it.

    Raises:
        UnfitPhotoError: if it cannot be had in RGB, or is of one colour.
        OSError, SyntaxError, ValueError: as Pillow does of what is no picture.
    """
    with Image.open(path) as file:
        # Before it is decoded: Pillow turns a TIFF as it does so, and forgets about it.
        turned = is_turned(file)
        file.load()
        image = as_rgb(upright(file))
        pixels = np.asarray(image)
        if (pixels == pixels[0, 0]).all():
            raise UnfitPhotoError(ONE_COLOUR)
        return PhotoFacts(
            size=image.size,
            stored_size=file.size,
            is_turned=turned,
            bits=_highest(file).bit_length() if file.mode.startswith("I") else 8,
            is_on_white=file.has_transparency_data
            and file.convert("RGBA").getchannel("A").getextrema() != (255, 255),
        )
