"""Views on disk, many in one file: a data set of any size takes little memory.

A view read from a pack maps its JPEG file and mask from the disk; only what is looked at is read,
and the operating system lets it go again. What stays in memory is an example and its boxes, about
half a kilobyte each. Imports no torch.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from stimuli.cache import Cache, code, digest, package_code, read_arrays, write_arrays, write_bytes
from stimuli.datasets.base import Dataset, Example
from stimuli.datasets.reading import Unreadable, require_readable
from stimuli.pictures import crops, jpeg
from stimuli.pictures.crops import Crop, LeftOut, crop_maker
from stimuli.study.dataset_settings import PictureSettings

# What is lost when a build is cut off: some seconds of reading.
PACK = 1024
REASONS = tuple(LeftOut)
IS_VIEW = -1

Made = Crop | LeftOut


def cached_crops(
    dataset: Dataset, examples: Sequence[Example], settings: PictureSettings, cache: Cache
) -> list[Made]:
    """The view of each example, or why it has none; made now where no pack has it.

    Raises:
        DataError: naming every picture that cannot be decoded.
    """
    packs = [examples[start : start + PACK] for start in range(0, len(examples), PACK)]
    cut = {name: getattr(settings, name) for name in PictureSettings.model_fields}
    adaptor = sys.modules[type(dataset).__module__]
    made_by = digest(code(crops, jpeg), package_code(adaptor), cut)
    paths = [cache.path("pictures", _key(made_by, dataset, pack)) for pack in packs]
    missing = [n for n, path in enumerate(paths) if not path.with_suffix(".npz").is_file()]
    if missing:
        _make(dataset, settings, {paths[n]: packs[n] for n in missing})
    return [v for path, pack in zip(paths, packs, strict=True) for v in _read(path, pack)]


def _make(
    dataset: Dataset, settings: PictureSettings, packs: Mapping[Path, Sequence[Example]]
) -> None:
    """Write every pack of which all pictures can be decoded."""
    asked = [example for pack in packs.values() for example in pack]
    broken: list[Unreadable] = []
    with crop_maker(dataset, settings) as make:
        made = iter(tqdm(make(asked), total=len(asked), desc="pictures", unit="img", leave=False))
        for path, pack in packs.items():
            found = [next(made) for _ in pack]
            whole = [v for v in found if not isinstance(v, Unreadable)]
            broken += [v for v in found if isinstance(v, Unreadable)]
            if len(whole) == len(found):
                _write(path, whole)
    require_readable(broken)


def _key(made_by: str, dataset: Dataset, pack: Sequence[Example]) -> str:
    return digest(made_by, *((example, dataset.state(example)) for example in pack))


def _write(path: Path, made: Sequence[Made]) -> None:
    """The bytes first: a pack is there once its table is."""
    crops = [v for v in made if isinstance(v, Crop)]
    files = [v.jpeg for v in crops] + [v.mask or b"" for v in crops]
    write_bytes(path.with_suffix(".bin"), files)
    outcomes = [IS_VIEW if isinstance(v, Crop) else REASONS.index(v) for v in made]
    write_arrays(
        path.with_suffix(".npz"),
        {
            "outcomes": np.array(outcomes, dtype=np.int8),
            "ends": np.cumsum([len(file) for file in files], dtype=np.int64),
            "n_boxes": np.array([len(v.boxes) for v in crops], dtype=np.int64),
            "boxes": np.array([box for v in crops for box in v.boxes]).reshape(-1, 4),
        },
    )


def _read(path: Path, pack: Sequence[Example]) -> Iterator[Made]:
    table = read_arrays(path.with_suffix(".npz"))
    crops = _read_crops(
        path, [e for e, o in zip(pack, table["outcomes"], strict=True) if o < 0], table
    )
    for outcome in table["outcomes"]:
        yield next(crops) if outcome == IS_VIEW else REASONS[outcome]


def _read_crops(
    path: Path, examples: Sequence[Example], table: dict[str, np.ndarray]
) -> Iterator[Crop]:
    if not examples:
        return
    content = memoryview(np.memmap(path.with_suffix(".bin"), mode="r"))  # type: ignore[arg-type]
    ends = [0, *table["ends"].tolist()]
    files = [content[a:b] for a, b in zip(ends, ends[1:], strict=False)]
    boxes = iter(table["boxes"].tolist())
    for n, (example, count) in enumerate(zip(examples, table["n_boxes"], strict=True)):
        yield Crop(
            example=example,
            jpeg=files[n],
            boxes=tuple(tuple(next(boxes)) for _ in range(count)),
            mask=files[len(examples) + n] or None,
        )
