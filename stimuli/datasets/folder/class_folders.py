"""Photos that lie in a folder for each class, with or without splits, and no `labels.csv`.

    DIR/CLASS/*.jpg    or    DIR/train/CLASS/*.jpg, DIR/val/CLASS/*.jpg, DIR/test/CLASS/*.jpg

The folder's name is the class's. Of `train`, `val` (or `valid`, `validation`) and `test` some may
be missing: photos for these are taken from `train`, by the shares of the study file.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from stimuli.datasets.base import Split
from stimuli.datasets.folder.folder_labels import LABELS, LabelRow, read_labels
from stimuli.problems import some_of
from stimuli.study.dataset_settings import FolderSettings

log = logging.getLogger(__name__)

# Those that Pillow cannot open are named by the check of pictures, not left out in silence.
SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".heic", ".heif")
)
SPLITS = {
    "train": Split.TRAIN,
    "val": Split.VAL,
    "valid": Split.VAL,
    "validation": Split.VAL,
    "test": Split.TEST,
}
# Where labels.csv has its files.
NO_CLASSES = ("images", "masks")
ADVICE = "add a folder for each class, or labels.csv with columns image, label"


def read_photos(folder: Path, problems: list[str], *, table: str = LABELS) -> list[LabelRow]:
    """The rows of `labels.csv`, or where there is none, a row for each photo of a class folder.

    What is wrong is added to `problems`; messages call the table `table`.
    """
    if (folder / LABELS).exists() or not folder.is_dir():
        return read_labels(folder, problems, table=table)
    places = {
        path: SPLITS[path.name.lower()]
        for path in _folders(folder)
        # A class may be called so too.
        if path.name.lower() in SPLITS and any(_pictures(inner) for inner in _folders(path))
    }
    rows = rows_of_classes(folder, places or {folder: None}, problems)
    if not rows:
        problems.append(nothing_found(folder, table))
        return []
    problems += stray_problems(folder, rows, where=table.removesuffix(LABELS))
    problems += class_problems(rows)
    return rows


def with_missing_splits(rows: Sequence[LabelRow], settings: FolderSettings) -> FolderSettings:
    """The settings for class folders: what has a folder of its own takes no share of `train`."""
    present = {row.split for row in rows}
    shares = {"val_share": Split.VAL, "test_share": Split.TEST}
    return settings.model_copy(update={s: 0.0 for s, split in shares.items() if split in present})


def rows_of_classes(
    folder: Path, places: Mapping[Path, Split | None], problems: list[str]
) -> list[LabelRow]:
    """Of the class folders in some places, each of which is a split or holds all."""
    complete = set(places.values()) >= {*Split}
    rows = []
    for place, split in places.items():
        for of_class in _folders(place):
            if of_class.name.lower() in NO_CLASSES:
                continue
            inner = [path.name for path in _folders(of_class) if _pictures(path)]
            if inner and _pictures(of_class):
                name = of_class.relative_to(folder).as_posix()
                problems.append(
                    f"{name}: has photos, and folders of photos too ({some_of(inner)}); move them "
                    "up, or out"
                )
            rows += [
                LabelRow(
                    where=path.relative_to(folder).as_posix(),
                    source=path.relative_to(folder).as_posix(),
                    label=of_class.name,
                    index=None,
                    image=path,
                    mask=None,
                    boxes=(),
                    # Train gives what has no folder of its own.
                    split=None if split is Split.TRAIN and not complete else split,
                )
                for path in _pictures(of_class)
            ]
    return rows


def stray_problems(folder: Path, rows: Iterable[LabelRow], *, where: str) -> list[str]:
    """Photos that lie in no class folder; other files are only told of."""
    known = {row.image for row in rows}
    class_folders = {path.parent for path in known}
    beside = {folder, *(path.parent for path in class_folders)}
    beside |= {path for path in _folders(folder) if path.name.lower() not in NO_CLASSES}
    loose = [path for place in sorted(beside) for path in _pictures(place) if path not in known]
    others = [
        path
        for place in sorted(class_folders)
        for path in place.iterdir()
        if path.is_file() and not _hidden(path) and path.suffix.lower() not in SUFFIXES
    ]
    if others:
        names = some_of([path.relative_to(folder).as_posix() for path in sorted(others)])
        log.warning(
            "%d files in class folders are no photos and are left out: %s", len(others), names
        )
    if not loose:
        return []
    names = some_of([path.relative_to(folder).as_posix() for path in loose])
    return [f"{where}{names}: lie in no class folder; move them into one, or out"]


def class_problems(rows: Sequence[LabelRow]) -> list[str]:
    """One class alone, and classes with nothing to learn from."""
    labels = sorted({row.label for row in rows})
    learnt = {row.label for row in rows if row.split in (None, Split.TRAIN)}
    if len(labels) < 2:
        return [f"there is one class folder, {labels[0]}; a study needs two; {ADVICE}"]
    missing = [label for label in labels if label not in learnt]
    if missing:
        problem = f"train has no photo of {some_of(missing)}, which val or test has"
        return [f"{problem}; add some, or correct the spelling of it"]
    return []


def nothing_found(folder: Path, table: str) -> str:
    """Of a folder that is no data set: what to do, and whether one of its folders is."""
    problem = f"{table}: there is none in {folder}, nor folders of photos with a class's name each"
    below = [
        path
        for path in _folders(folder)
        if (path / LABELS).is_file() or any(_pictures(inner) for inner in _folders(path))
    ]
    if len(below) == 1 and below[0].name.lower() not in NO_CLASSES:
        return f"{problem}; {below[0]} looks like what you mean: give that folder"
    return f"{problem}; {ADVICE}"


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not _hidden(path))


def _pictures(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and path.is_file() and not _hidden(path)
    )


def _hidden(path: Path) -> bool:
    """What operating systems put there: .DS_Store, ._0001.jpg, __MACOSX, Thumbs.db."""
    return path.name.startswith((".", "__")) or path.name.lower() in ("thumbs.db", "desktop.ini")
