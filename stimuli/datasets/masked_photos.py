"""Releases that keep a photo and a mask of each example as two files."""

import abc
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from stimuli.datasets.base import Box, ClassInfo, DataError, Dataset, Example, Picture, file_state
from stimuli.datasets.photo_reader import as_rgb
from stimuli.datasets.picture_files import pair_problems
from stimuli.datasets.voc import Annotation, boxes_in
from stimuli.problems import some_of


@dataclass(frozen=True, kw_only=True, slots=True)
class MaskedPhoto:
    """The files of an example, and its boxes in pixels of the photo."""

    image: Path
    mask: Path
    boxes: tuple[Box, ...] = ()


class MaskedPhotos(Dataset):
    """Every example has a mask; a subclass reads the lists, and says what a mask means."""

    def __init__(
        self,
        root: Path,
        classes: Sequence[ClassInfo],
        photos: Sequence[tuple[Example, MaskedPhoto]],
        problems: Sequence[str],
        *,
        advice: str,
    ) -> None:
        """Look at the header of every file.

        Args:
            problems: what is wrong with the lists.
            advice: what to do about files that are missing.

        Raises:
            DataError: with every problem.
        """
        self.classes = classes
        self.examples = [example for example, _ in photos]
        self._photos = {example.source: photo for example, photo in photos}
        counts = Counter(example.source for example in self.examples)
        repeated = [source for source, count in counts.items() if count > 1]
        everything = [*problems]
        if repeated:
            everything.append(
                f"{len(repeated)} images are listed more than once: {some_of(repeated)}; keep one "
                "line each"
            )
        files = {source: (photo.image, photo.mask) for source, photo in self._photos.items()}
        everything += pair_problems(files, what="masks", advice=advice)
        if everything:
            raise DataError(str(root), everything)

    @abc.abstractmethod
    def object_in(self, mask: Image.Image, example: Example) -> np.ndarray:
        """Where the file of a mask shows the object of the example, (height, width) bool."""

    def state(self, example: Example) -> object:
        """Photo and mask as files, and the boxes."""
        photo = self._photos[example.source]
        return [file_state(path) for path in (photo.image, photo.mask)], photo.boxes

    def load(self, example: Example) -> Picture:
        """Read a photo as it is stored, its mask and its boxes: EXIF does not turn it."""
        photo = self._photos[example.source]
        with Image.open(photo.image) as file:
            image = as_rgb(file)
        with Image.open(photo.mask) as file:
            mask = self.object_in(file, example)
        boxes = boxes_in(Annotation(size=image.size, boxes=photo.boxes), image.size)
        return Picture(image=image, mask=mask, boxes=boxes)


def first_folder(root: Path, *names: str) -> Path:
    """The first of these folders that is there, else the last: `root / name`."""
    places = [root / name for name in names]
    return next((place for place in places if place.is_dir()), places[-1])
