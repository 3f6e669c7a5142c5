"""From a data set's picture to the crop that is shown and classified: one path for all pictures.

The crop is made as large as it is shown (`stimuli.pictures.frame`) and encoded once. What is
classified is made of that file (`stimuli.bundle.classifier_input`), so people and classifier have
one picture. Imports no torch, so that workers start fast.
"""

import math
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from PIL import Image

from stimuli.bundle.classifier_input import RESAMPLING
from stimuli.bundle.ids import opaque_id
from stimuli.bundle.records import Kind
from stimuli.datasets.base import Box, DataError, Dataset, Example, Split, object_of
from stimuli.datasets.reading import Unreadable, load_picture
from stimuli.pictures.frame import as_displayed, framed
from stimuli.pictures.jpeg import Jpeg, encode
from stimuli.study.dataset_settings import PictureSettings
from stimuli.study.offline import StudySettings

# Handing one picture at a time to a worker would cost more than reading it.
CHUNK = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Crop:
    """An example as it is shown and classified.

    Attributes:
        jpeg: the picture as shown.
        boxes: the object's boxes in pixels of the classifier's input.
        mask: the object's pixels there, eight in a byte (`mask_of`), or of a soft map a byte for
            each; None where the data set has none.
        soft: whether it is a soft map.
        kind: whether it was perturbed after it was cut out, and how.
        against: the classifier that the perturbation was made to deceive, where each has pictures
            of its own; empty otherwise.
        input_px: side of the classifier's input; None where it is the picture as shown.
    """

    example: Example
    jpeg: Jpeg
    boxes: tuple[Box, ...]
    mask: bytes | memoryview | None = None
    soft: bool = False
    kind: Kind = Kind.NATURAL
    against: str = ""
    input_px: int | None = None

    @property
    def input_key(self) -> tuple[Jpeg | int, ...]:
        """What decides the classifier's input, for the digest of whatever is made of it."""
        return (self.jpeg,) if self.input_px is None else (self.jpeg, self.input_px, RESAMPLING)

    def stimulus_id(self, study: StudySettings) -> str:
        """The id that it has as a stimulus of a study."""
        return opaque_id(self.example.source, self.kind, study, self.against)


Crops = Mapping[Split, Sequence[Crop]]
"""Those of each split."""


class LeftOut(StrEnum):
    """Why a picture is not used."""

    TOO_SMALL = "too small"
    GREY = "grey-scale"


def crop_mask(mask: np.ndarray, shown: PictureSettings, input_px: int | None = None) -> np.ndarray:
    """A mask in the frame of the input: pixels of which at least half is the object's.

    Args:
        mask: (height, width) bool, or float in [0, 1] for a soft map, in the frame of the picture.
        shown: the settings that the crop itself is made with.
        input_px: side of the input; None where it is the crop as shown.

    Returns:
        (input_px, input_px) bool, or of a soft map uint8, in shares of 255.
    """
    square, _ = framed(Image.fromarray((mask * np.float32(255)).round().astype(np.uint8)), shown)
    if input_px is not None and square.size != (input_px, input_px):
        square = square.resize((input_px, input_px), RESAMPLING)
    return np.asarray(square) >= 128 if mask.dtype == bool else np.asarray(square)


def mask_of(crop: Crop) -> np.ndarray:
    """(side, side) bool, true on the object of a crop that has a mask (`object_of`).

    Raises:
        ValueError: if it has none.
    """
    if crop.mask is None:
        raise ValueError(f"{crop.example.source}: has no mask; look before asking for it")
    content = np.frombuffer(crop.mask, dtype=np.uint8)
    if crop.soft:
        side = math.isqrt(len(content))
        return object_of(content.reshape(side, side))
    bits = np.unpackbits(content).astype(bool)
    side = math.isqrt(len(bits))  # up to seven bits more than pixels, too few for another row
    return np.asarray(bits[: side * side].reshape(side, side))


def is_grey(image: Image.Image) -> bool:
    """Whether the three channels of an RGB picture are equal everywhere.

    So are those of a picture that was stored with one channel. A scanned black-and-white photo
    with a tint is not grey. (The authors' code drops what is not stored as RGB, which keeps grey
    pictures that were stored with three channels.)
    """
    pixels = np.asarray(image)
    return bool((pixels == pixels[..., :1]).all())


def crop(
    example: Example, dataset: Dataset, settings: PictureSettings, display_px: int | None = None
) -> Crop | LeftOut | Unreadable:
    """The crop of one example, or why there is none.

    Args:
        settings: they leave pictures out, and crop_px is the side of the classifier's input.
        display_px: side of the picture as shown; None for crop_px.
    """
    picture = load_picture(dataset, example)
    if isinstance(picture, Unreadable):
        return picture
    if min(picture.image.size) < settings.min_side:
        return LeftOut.TOO_SMALL
    whole = picture.image.convert("RGB")
    if settings.colour_only and is_grey(whole):
        return LeftOut.GREY
    side = settings.crop_px
    shown = as_displayed(settings, display_px or side)
    image, frame_as_shown = framed(whole, shown)
    frame = frame_as_shown.enlarged(side / shown.crop_px)
    boxes = (frame.box(box, side) for box in picture.boxes)
    mask = None if picture.mask is None else crop_mask(picture.mask, shown, side)
    is_soft = mask is not None and mask.dtype != bool
    return Crop(
        example=example,
        jpeg=encode(image),
        boxes=tuple(box for box in boxes if box),
        mask=None if mask is None else (mask if is_soft else np.packbits(mask)).tobytes(),
        soft=is_soft,
        input_px=side if shown.crop_px != side else None,
    )


def pixels_before_encoding(
    example: Example, dataset: Dataset, settings: PictureSettings, display_px: int
) -> np.ndarray:
    """What the file of an example's crop was encoded from, (display_px, display_px, 3) uint8.

    Raises:
        DataError: if the picture cannot be decoded any more.
    """
    picture = load_picture(dataset, example)
    if isinstance(picture, Unreadable):
        problem = f"{picture.source}: cannot be decoded any more ({picture.reason}); put it back"
        raise DataError("pictures of the data set", [problem])
    whole = picture.image.convert("RGB")
    return np.asarray(framed(whole, as_displayed(settings, display_px))[0])


@contextmanager
def crop_maker(
    dataset: Dataset, settings: PictureSettings, display_px: int | None
) -> Iterator[Callable[[Sequence[Example]], Iterator[Crop | LeftOut | Unreadable]]]:
    """What maps examples to their crops, or to why they have none, in several processes."""
    pool = ProcessPoolExecutor(
        os.cpu_count(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_remember,
        initargs=(dataset, settings, display_px),
    )
    with pool:
        yield lambda examples: pool.map(_remembered_crop, examples, chunksize=CHUNK)


# A data set may list 150,000 examples: each worker receives it once, not with every chunk.
_worker: dict[str, Any] = {}


def _remember(dataset: Dataset, settings: PictureSettings, display_px: int | None) -> None:
    _worker.update(dataset=dataset, settings=settings, display_px=display_px)


def _remembered_crop(example: Example) -> Crop | LeftOut | Unreadable:
    return crop(example, **_worker)
