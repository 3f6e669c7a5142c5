"""Anybody's photos: a folder with `labels.csv`, and if wanted masks, boxes and descriptions.

Or with a folder for each class instead: `stimuli.datasets.folder.class_folders`.

    labels.csv    image, label [, class_index] [, wnid] [, mask] [, boxes] [, split]
    classes.json  {label or class_index: {"description": ..., "name": ...}}   or
    classes.csv   label or class_index, description [, name]
    images/  masks/

With a second folder, `--pool DIR`, all photos of the first are stimuli, and those of the second
serve for class cards, neighbours, practice and validation.

Paths are relative to the folder, or to `images` and `masks` in it. Boxes are JSON,
`[[x0, y0, x1, y1], ...]` in pixels, or in another form that `boxes` of `[dataset]` names
(`stimuli.datasets.folder.box_forms`). With `class_index`, the index is the key: two classes may
share a name. With `wnid`, the classes are the 1000 of ILSVRC 2012, described by WordNet, so that
a classifier with ImageNet weights fits as it is. Rows without a split get one, seeded and
stratified by class. Names of classes that a reader takes for one, test images of a class that has
no training image, and indices that leave holes are refused, unless `allow` names them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, final

import numpy as np
from PIL import Image

from stimuli.datasets.base import (
    Box,
    ClassInfo,
    DataError,
    Dataset,
    Example,
    Picture,
    Split,
    file_state,
)
from stimuli.datasets.folder.box_forms import in_pixels
from stimuli.datasets.folder.class_folders import read_photos, with_missing_splits
from stimuli.datasets.folder.class_names import folded
from stimuli.datasets.folder.folder_classes import class_problems
from stimuli.datasets.folder.folder_labels import (
    LABELS,
    LabelRow,
    read_classes,
    wordnet_classes,
)
from stimuli.datasets.folder.folder_pictures import picture_problems
from stimuli.datasets.folder.folder_pool import with_pool
from stimuli.datasets.mask_reader import mask_rule, read_mask
from stimuli.datasets.photo_reader import as_rgb, upright
from stimuli.study.dataset_settings import FolderSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class _Files:
    image: Path
    mask: Path | None
    boxes: tuple[Box, ...]


@final
class Folder(Dataset):
    """A folder of labelled photos; every problem in it is reported before anything is used."""

    threshold_split: Literal[Split.VAL, Split.TEST]

    def __init__(self, folder: Path, settings: FolderSettings, *, pool: Path | None = None) -> None:
        """Read and check the whole folder, and the one that serves it.

        Args:
            pool: with it, T* is chosen on the stimuli's folder: the photos of the pool may be
                training images.

        Raises:
            DataError: with every problem: nothing is skipped.
        """
        problems: list[str] = []
        rows, settings = _rows(folder, settings, pool, problems)
        described = read_classes(folder, problems)
        self.threshold_split = Split.TEST if pool else Split.VAL
        self._box_form = settings.boxes
        if any(row.wnid for row in rows):
            described = wordnet_classes() | (described or {})
        splits = assign_splits(rows, settings)
        if not problems:  # what is missing because of another problem is none of its own
            problems += class_problems(rows, splits, described or {}, settings)
        self.classes = _classes(rows, described, problems, settings)
        problems += picture_problems(rows, settings.boxes)
        masks = dict.fromkeys(row.mask for row in rows if row.mask)
        self._mask_rule = mask_rule(list(masks), settings.mask_format, problems)
        self.mask_meaning = self._mask_rule.meaning
        if problems:
            raise DataError(str(folder), problems)
        position = {key: n for n, key in enumerate(_keys(rows))}
        self.examples = [
            Example(
                source=row.source,
                label=position[row.key] if row.index is None else row.index,
                split=s,
            )
            for row, s in zip(rows, splits, strict=True)
        ]
        self._files = {
            row.source: _Files(image=row.image, mask=row.mask, boxes=row.boxes) for row in rows
        }

    def state(self, example: Example) -> object:
        """The photo and its mask as files, how that is read, and its boxes."""
        files = self._files[example.source]
        written, rule = (files.boxes, self._box_form), self._mask_rule if files.mask else None
        return [file_state(p) for p in (files.image, files.mask) if p], written, rule

    def load(self, example: Example) -> Picture:
        """Read a photo, upright, and its mask (`stimuli.datasets.mask_reader`)."""
        files = self._files[example.source]
        with Image.open(files.image) as file:
            image = as_rgb(upright(file))
        boxes = in_pixels(files.boxes, self._box_form, image.size)
        if files.mask is None:
            return Picture(image=image, boxes=boxes)
        return Picture(image=image, mask=read_mask(files.mask, self._mask_rule), boxes=boxes)


def _rows(
    folder: Path, settings: FolderSettings, pool: Path | None, problems: list[str]
) -> tuple[list[LabelRow], FolderSettings]:
    """Every photo, and the shares by which those without a split get one."""
    rows = read_photos(folder, problems)
    if pool:
        return with_pool(rows, pool, problems), settings.model_copy(update={"test_share": 0.0})
    if not (folder / LABELS).exists():
        return rows, with_missing_splits(rows, settings)
    return rows, settings


def _keys(rows: Iterable[LabelRow]) -> list[str]:
    """The classes in order: by index where there is one, else by label."""
    return sorted({row.key for row in rows})


def _classes(
    rows: Sequence[LabelRow],
    described: Mapping[str, Mapping[str, str]] | None,
    problems: list[str],
    settings: FolderSettings,
) -> list[ClassInfo]:
    names = {row.key: row.label for row in rows}
    keys = _keys(rows)
    if any(row.index is not None for row in rows):
        listed = [int(key) for key in (*names, *(described or {})) if key.isdecimal()]
        keys = [str(index) for index in range(max(listed) + 1)]
    if described is not None:
        # A name like a described one is a problem of its own.
        is_told = "like_names" not in settings.allow
        told = {folded(key) for key in described} if is_told else set()
        problems += [
            f"classes: {key!r} ({names[key]!r}) has no description; add one, or remove the file"
            for key in keys
            if key in names
            and not described.get(key, {}).get("description")
            and (key in described or folded(names[key]) not in told)
        ]
    facts = [(key, (described or {}).get(key, {})) for key in keys]
    return [
        ClassInfo(
            name=names.get(key) or fact.get("name") or f"class {key}",
            description=fact.get("description", ""),
        )
        for key, fact in facts
    ]


def assign_splits(rows: Sequence[LabelRow], settings: FolderSettings) -> list[Split]:
    """The split of each row: its own, or its share of its class in seeded random order.

    Rounded so that every class with an image to spare has one to train on.
    """
    rng = np.random.default_rng(settings.split_seed)
    splits = [row.split or Split.TRAIN for row in rows]
    for key in _keys(rows):
        free = [n for n, row in enumerate(rows) if row.key == key and row.split is None]
        order = [free[k] for k in rng.permutation(len(free))]
        n_test = min(round(settings.test_share * len(order)), max(len(order) - 1, 0))
        n_val = min(round(settings.val_share * len(order)), max(len(order) - n_test - 1, 0))
        for row in order[:n_test]:
            splits[row] = Split.TEST
        for row in order[n_test : n_test + n_val]:
            splits[row] = Split.VAL
    return splits
