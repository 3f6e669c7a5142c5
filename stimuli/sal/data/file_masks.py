"""Masks that another program drew, such as Segment Anything: a PNG for each training image."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from stimuli.pictures.crops import crop_mask
from stimuli.sal.data.masks import packed
from stimuli.sal.experiment import ExperimentError
from stimuli.study.dataset_settings import PictureSettings


def mask_path(folder: Path, source: str) -> Path:
    """Where the mask of a picture is: `photos/0017.png` of `photos/0017.jpg`."""
    return folder / Path(source).with_suffix(".png")


def read_file_masks(folder: Path, sources: Sequence[str], settings: PictureSettings) -> np.ndarray:
    """(n, bytes), packed bits: the masks of these images in the frame of their crops.

    The mask of `photos/0017.jpg` is `photos/0017.png`, or `0017.png`; white is the object. An
    image without a file has an empty mask, which guides nothing.

    Raises:
        ExperimentError: if there is no such folder, no mask at all, or one that cannot be read.
    """
    paths: list[Path | None] = []
    for source in sources:
        own = mask_path(folder, source)
        candidates = (own, folder / own.name)
        paths.append(next((path for path in candidates if path.is_file()), None))
    if not any(paths):
        raise ExperimentError(
            str(folder), ["has no mask of any training image; name them as the images, with .png"]
        )
    masks, problems = np.zeros((len(paths), settings.crop_px, settings.crop_px), dtype=bool), []
    for mask, path in zip(masks, paths, strict=True):
        if path is None:
            continue
        try:
            with Image.open(path) as image:
                mask[:] = crop_mask(np.asarray(image.convert("L")) > 127, settings)
        except (OSError, SyntaxError) as error:
            problems.append(f"{path}: cannot be decoded ({error}); replace it")
    if problems:
        raise ExperimentError(str(folder), problems)
    return packed(masks)
