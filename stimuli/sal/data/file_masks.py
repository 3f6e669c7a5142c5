"""Masks that another program drew, such as Segment Anything: a PNG for each training image."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stimuli.bundle.mask_facts import MOSTLY, mask_facts, mask_problems
from stimuli.datasets.base import Dataset, Split, object_of
from stimuli.datasets.mask_reader import MaskRule, mask_rule, read_mask
from stimuli.datasets.reading import BROKEN, Unreadable, load_picture
from stimuli.pictures.crops import crop_mask
from stimuli.pictures.mask_coverage import tell
from stimuli.problems import some_of
from stimuli.sal.data.masks import packed, soft_maps
from stimuli.sal.experiment import ExperimentError
from stimuli.study.dataset_settings import MaskFormat, PictureSettings

Size = tuple[int, int]
AUTOMATIC = MaskFormat()


def mask_path(folder: Path, source: str) -> Path:
    """Where the mask of a picture is: `photos/0017.png` of `photos/0017.jpg`."""
    return folder / Path(source).with_suffix(".png")


def picture_sizes(dataset: Dataset) -> dict[str, Size]:
    """Width and height of each training picture that can be decoded, by source."""
    pictures = ((e.source, load_picture(dataset, e)) for e in dataset.split(Split.TRAIN))
    return {s: p.image.size for s, p in pictures if not isinstance(p, Unreadable)}


def read_file_masks(
    folder: Path,
    sources: Sequence[str],
    settings: PictureSettings,
    form: MaskFormat = AUTOMATIC,
    *,
    sizes: dict[str, Size] | None = None,
) -> np.ndarray:
    """(n, bytes), packed bits: the masks of these images in the frame of their crops.

    The mask of `photos/0017.jpg` is `photos/0017.png`, or `0017.png`, and empty without a file: it
    guides nothing then. The log says what the masks come to.

    Args:
        form: `[files]` of the experiment: of more than two values; soft maps are (n, pixels).
        sizes: width and height of pictures, by source, which masks must have.

    Raises:
        ExperimentError: if most images have no mask, one cannot be read, is of another size or has
            values that mean nothing, or all show nothing.
    """
    paths = mask_files(folder, sources)
    found, problems = [path for path in paths if path], list[str]()
    lacking = [source for source, path in zip(sources, paths, strict=True) if not path]
    if not found:
        problems.append("has no mask of any training image; name them as the images, with .png")
    elif len(found) < MOSTLY * len(paths):
        has = f"has a mask of {len(found)} of {len(paths)} training images"
        problems.append(f"{has}, and none of {some_of(lacking)}; add them, or correct the names")
    rule = mask_rule(found, form, problems, table="[files]")
    if problems:
        raise ExperimentError(str(folder), problems)
    is_soft, side = form.masks == "soft", settings.crop_px
    masks = np.zeros((len(paths), side, side), dtype=np.uint8 if is_soft else bool)
    for mask, path, source in zip(masks, paths, sources, strict=True):
        if path is not None:
            mask[:] = _cropped(path, rule, settings, (sizes or {}).get(source), problems)
    _require_useful(folder, masks, paths, rule.meaning, problems)
    return soft_maps(masks.reshape(len(masks), -1)) if is_soft else packed(masks)


def mask_files(folder: Path, sources: Sequence[str]) -> list[Path | None]:
    """The mask of each picture that there is: by its path, or beside the others by its name."""
    candidates = [(own, folder / own.name) for own in (mask_path(folder, s) for s in sources)]
    return [next((path for path in paths if path.is_file()), None) for paths in candidates]


def _cropped(
    path: Path, rule: MaskRule, settings: PictureSettings, size: Size | None, problems: list[str]
) -> np.ndarray | bool:
    """A mask in the frame of its crop; what is wrong is added to `problems`."""
    try:
        whole = read_mask(path, rule)
    except BROKEN as error:
        problems.append(f"{path}: cannot be decoded ({error}); replace it")
        return False
    if size is not None and size != whole.shape[::-1]:
        height, width = whole.shape
        problems.append(f"{path}: is {width} x {height}, but its image {size[0]} x {size[1]}")
    return crop_mask(whole, settings)


def _require_useful(
    folder: Path,
    masks: np.ndarray,
    paths: Sequence[Path | None],
    meaning: str,
    problems: list[str],
) -> None:
    """Refuse what is wrong with masks, or say what they come to."""
    shares = [
        None if path is None else float(object_of(mask).mean())
        for mask, path in zip(masks, paths, strict=True)
    ]
    facts = mask_facts(shares, meaning)
    if facts is not None and not problems:
        problems += mask_problems(facts)
    if problems:
        raise ExperimentError(str(folder), problems)
    if facts is not None:
        tell(facts, of="--masks")
