"""From a data set's picture to the view that is classified and shown: one path for all pictures.

The view is encoded once, and what is classified is the decoded file: the picture on the screen is,
byte for byte, the one that the classifier judged. Imports no torch, so that workers start fast.
"""

import io
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image
from tqdm import tqdm

from stimuli.datasets.base import Box, Dataset, Example
from stimuli.records import Kind
from stimuli.settings import PictureSettings

# High enough that no artefact shows when the page enlarges the picture.
JPEG_QUALITY = 90
# Handing one picture at a time to a worker would cost more than reading it.
CHUNK = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """An example as it is classified and shown.

    Attributes:
        jpeg: the picture, crop_px on each side.
        boxes: the object's boxes in pixels of the view.
        kind: whether it was perturbed after it was cut out.
    """

    example: Example
    jpeg: bytes
    boxes: tuple[Box, ...]
    kind: Kind = Kind.NATURAL


def encode(image: Image.Image) -> bytes:
    """The one JPEG encoder of the project: same tables, no metadata, for every picture."""
    file = io.BytesIO()
    # From bare pixels: Pillow would write the comment and profile of the file it was read from.
    Image.fromarray(np.asarray(image)).save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return file.getvalue()


def decode(jpeg: bytes) -> np.ndarray:
    """(height, width, 3) uint8."""
    with Image.open(io.BytesIO(jpeg)) as image:
        return np.asarray(image.convert("RGB"))


def crop(image: Image.Image, settings: PictureSettings) -> tuple[Image.Image, float, int, int]:
    """Resize the shorter side to resize_px and cut out the central square of crop_px.

    Returns:
        The view, and what takes a point there: scale, then subtract left and top.
    """
    scale = settings.resize_px / min(image.size)
    width, height = (max(settings.resize_px, round(side * scale)) for side in image.size)
    if (width, height) != image.size:
        image = image.resize((width, height), Image.Resampling.BILINEAR)
    left, top = (width - settings.crop_px) // 2, (height - settings.crop_px) // 2
    square = (left, top, left + settings.crop_px, top + settings.crop_px)
    return image.crop(square), scale, left, top


def crop_box(box: Box, *, scale: float, left: int, top: int, side: int) -> Box | None:
    """A box in the frame of the view, cut at its edges; None where nothing of it is left."""
    x0, x1 = (min(max(x * scale - left, 0.0), side) for x in (box[0], box[2]))
    y0, y1 = (min(max(y * scale - top, 0.0), side) for y in (box[1], box[3]))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def view(example: Example, dataset: Dataset, settings: PictureSettings) -> View | None:
    """The view of one example, or None where a side is below min_side."""
    picture = dataset.load(example)
    if min(picture.image.size) < settings.min_side:
        return None
    image, scale, left, top = crop(picture.image.convert("RGB"), settings)
    boxes = (
        crop_box(box, scale=scale, left=left, top=top, side=settings.crop_px)
        for box in picture.boxes
    )
    return View(example=example, jpeg=encode(image), boxes=tuple(b for b in boxes if b))


def views(dataset: Dataset, examples: Sequence[Example], settings: PictureSettings) -> list[View]:
    """The views of many examples, in their order, without those that are too small."""
    work = partial(view, dataset=dataset, settings=settings)
    processes = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=processes) as pool:
        made = pool.map(work, examples, chunksize=CHUNK)
        shown = tqdm(made, total=len(examples), desc="pictures", unit="img", leave=False)
        return [v for v in shown if v is not None]
