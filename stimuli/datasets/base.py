"""What every data set offers: classes, examples in three splits, and the picture of an example."""

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from stimuli.problems import ProblemsError

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture; right and bottom lie just outside."""


class DataError(ProblemsError):
    """A data set whose files are missing or wrong."""


class Split(StrEnum):
    """Train fits the classifier, val chooses thresholds, test gives the stimuli."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassInfo:
    """A class as participants meet it. Two classes may share a name: the index is the key."""

    name: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One labelled picture, not yet loaded.

    Attributes:
        source: unique name inside the data set, such as a relative path. It may tell the label
            and so never leaves the offline stage.
        label: index into the data set's classes.
        split: the split it belongs to.
    """

    source: str
    label: int
    split: Split


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A loaded example.

    Attributes:
        image: RGB, any size.
        mask: (height, width) bool, true on the object, or float32 in [0, 1], a soft map of how much
            people look at a pixel; None where the data set has no masks.
        boxes: boxes around the object or objects; empty where the data set has none.
    """

    image: Image.Image
    mask: np.ndarray | None = None
    boxes: tuple[Box, ...] = ()


class Dataset(abc.ABC):
    """Classes, examples, and a way to load one. Every subclass is final.

    Attributes:
        classes: by index. There may be classes without examples.
        threshold_split: where T* of the AI alone is chosen: `test`, the pool, for a data set
            whose val images are training images.
        mask_meaning: what the values of mask files are taken for, in a few words; empty where the
            release says it.
    """

    classes: Sequence[ClassInfo]
    examples: Sequence[Example]
    threshold_split: Literal[Split.VAL, Split.TEST] = Split.VAL
    mask_meaning: str = ""

    @abc.abstractmethod
    def load(self, example: Example) -> Picture:
        """Read or draw the picture of one example. Safe to call from several processes."""

    @abc.abstractmethod
    def state(self, example: Example) -> object:
        """What decides the picture, beside the example: equal as long as `load` gives the same."""

    def split(self, split: Split) -> list[Example]:
        """The examples of one split, in the data set's order."""
        return [example for example in self.examples if example.split is split]


def file_state(path: Path) -> tuple[str, int, int]:
    """Name, size and time of change in ns: a file of which these are the same is the same."""
    facts = path.stat()
    return str(path.resolve()), facts.st_size, facts.st_mtime_ns


def object_of(masks: np.ndarray) -> np.ndarray:
    """(..., height, width) bool: masks as they are, soft maps from half of their maximum on.

    Args:
        masks: bool, or numbers from 0 on.
    """
    if masks.dtype == bool:
        return masks
    peaks = masks.max(axis=(-2, -1), keepdims=True)
    return np.asarray((masks > 0) & (masks >= peaks / 2))


def mask_boxes(mask: np.ndarray) -> tuple[Box, ...]:
    """The box around everything that a mask (height, width) holds; none where it is empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return ()
    return ((float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)),)
