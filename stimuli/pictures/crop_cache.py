"""Crops on disk, many in one file: a data set of any size takes little memory.

A crop that is read maps its JPEG file and mask from the disk; only what is looked at is read, and
the operating system lets it go again. What stays in memory is an example and its boxes, about half
a kilobyte each. Imports no torch.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stimuli.bundle import classifier_input
from stimuli.cache import Cache, code, digest, package_code, read_arrays, write_arrays, write_bytes
from stimuli.datasets import mask_reader, mask_values, photo_reader
from stimuli.datasets.base import Dataset, Example
from stimuli.datasets.reading import Unreadable, require_readable
from stimuli.pictures import crops, frame, jpeg
from stimuli.pictures.crops import Crop, LeftOut, crop_maker
from stimuli.progress_bars import tqdm
from stimuli.study.dataset_settings import PictureSettings

# What is lost when a build is cut off: some seconds of reading.
CROPS_PER_FILE = 1024
REASONS = tuple(LeftOut)
IS_CROP = -1

Outcome = Crop | LeftOut


@dataclass(frozen=True, kw_only=True)
class CropFile:
    """The outcomes of some examples on disk: a table, and the bytes that it points at.

    Attributes:
        path: without a suffix.
        input_px: as of each crop.
    """

    path: Path
    examples: Sequence[Example]
    input_px: int | None

    @property
    def table_path(self) -> Path:
        """Where the table is: once it is there, the bytes are too."""
        return self.path.with_suffix(".npz")

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write the bytes first."""
        crops = [outcome for outcome in outcomes if isinstance(outcome, Crop)]
        files = [crop.jpeg for crop in crops] + [crop.mask or b"" for crop in crops]
        write_bytes(self.path.with_suffix(".bin"), files)
        codes = [IS_CROP if isinstance(o, Crop) else REASONS.index(o) for o in outcomes]
        write_arrays(
            self.table_path,
            {
                "outcomes": np.array(codes, dtype=np.int8),
                "ends": np.cumsum([len(file) for file in files], dtype=np.int64),
                "n_boxes": np.array([len(crop.boxes) for crop in crops], dtype=np.int64),
                "soft": np.array([crop.soft for crop in crops], dtype=bool),
                "boxes": np.array([box for crop in crops for box in crop.boxes]).reshape(-1, 4),
            },
        )

    def read(self) -> Iterator[Outcome]:
        """The outcome of each example."""
        table = read_arrays(self.table_path)
        content = memoryview(b"")
        if len(table["n_boxes"]):
            content = memoryview(np.memmap(self.path.with_suffix(".bin"), mode="r"))  # type: ignore[arg-type]
        ends = [0, *table["ends"].tolist()]
        files = [content[start:end] for start, end in zip(ends, ends[1:], strict=False)]
        boxes, numbers = iter(table["boxes"].tolist()), iter(range(len(table["n_boxes"])))
        for example, outcome in zip(self.examples, table["outcomes"], strict=True):
            if outcome != IS_CROP:
                yield REASONS[outcome]
                continue
            n = next(numbers)
            yield Crop(
                example=example,
                jpeg=files[n],
                boxes=tuple(tuple(next(boxes)) for _ in range(table["n_boxes"][n])),
                mask=files[len(table["n_boxes"]) + n] or None,
                soft=bool(table["soft"][n]),
                input_px=self.input_px,
            )


def cached_crops(
    dataset: Dataset,
    examples: Sequence[Example],
    settings: PictureSettings,
    cache: Cache,
    *,
    display_px: int | None = None,
) -> list[Outcome]:
    """The crop of each example, or why it has none; made now where no file has it.

    A file is written if all its pictures can be decoded.

    Args:
        display_px: side of the pictures as shown; None for that of the classifier's input.

    Raises:
        DataError: naming every picture that cannot be decoded.
    """
    files = list(_crop_files(dataset, examples, settings, cache, display_px or settings.crop_px))
    missing = [file for file in files if not file.table_path.is_file()]
    if missing:
        queue = [example for file in missing for example in file.examples]
        unreadable: list[Unreadable] = []
        with crop_maker(dataset, settings, display_px) as make:
            bar = tqdm(make(queue), total=len(queue), desc="pictures", unit="img", leave=False)
            results = iter(bar)
            for file in missing:
                part_results = [next(results) for _ in file.examples]
                outcomes = [r for r in part_results if not isinstance(r, Unreadable)]
                unreadable += [r for r in part_results if isinstance(r, Unreadable)]
                if len(outcomes) == len(part_results):
                    file.write(outcomes)
        require_readable(unreadable)
    return [outcome for file in files for outcome in file.read()]


def _crop_files(
    dataset: Dataset,
    examples: Sequence[Example],
    settings: PictureSettings,
    cache: Cache,
    display_px: int,
) -> Iterator[CropFile]:
    """The files that hold the crops, whether or not they are there, each under what decides it."""
    picture_settings = {name: getattr(settings, name) for name in PictureSettings.model_fields}
    adaptor = sys.modules[type(dataset).__module__]
    made_by = digest(
        code(crops, frame, jpeg, classifier_input, photo_reader, mask_reader, mask_values),
        package_code(adaptor),
        picture_settings,
        display_px,
    )
    input_px = settings.crop_px if display_px != settings.crop_px else None
    for start in range(0, len(examples), CROPS_PER_FILE):
        part = examples[start : start + CROPS_PER_FILE]
        key = digest(made_by, *((example, dataset.state(example)) for example in part))
        yield CropFile(path=cache.path("pictures", key), examples=part, input_px=input_px)
