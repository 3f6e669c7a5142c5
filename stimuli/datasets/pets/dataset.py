"""Oxford-IIIT Pet (Parkhi, Vedaldi, Zisserman, Jawahar, CVPR 2012) in torchvision's layout.

    oxford-iiit-pet/images/NAME.jpg
    oxford-iiit-pet/annotations/{trainval.txt, test.txt, trimaps/NAME.png, xmls/NAME.xml}

A trimap is 1 on the pet, 2 on the background, 3 on the border between them. The border counts as
pet: it holds fur and whiskers, and a mask without it would cut them off. The boxes of the release
frame heads, and only trainval images have them.
"""

from pathlib import Path
from typing import final

import numpy as np
from PIL import Image

from stimuli.datasets.base import (
    DataError,
    Dataset,
    Example,
    Picture,
    Split,
    file_state,
    mask_boxes,
)
from stimuli.datasets.pets.lists import classes_of, read_list
from stimuli.datasets.photo_reader import as_rgb
from stimuli.datasets.picture_files import pair_problems
from stimuli.datasets.splitting import train_or_val
from stimuli.datasets.voc import annotation_problems, boxes_in, read_annotation
from stimuli.study.dataset_settings import PetsSettings

FOLDER = "oxford-iiit-pet"
BACKGROUND = 2


@final
class Pets(Dataset):
    """37 breeds; the release's test images are the pool."""

    def __init__(self, root: Path, settings: PetsSettings) -> None:
        """Read the lists, and look whether every image has its files.

        Args:
            root: the folder that holds `oxford-iiit-pet`, or that folder itself.

        Raises:
            DataError: with every problem.
        """
        self._folder = root / FOLDER if (root / FOLDER).is_dir() else root
        self._head_boxes = settings.boxes == "head"
        problems: list[str] = []
        notes = self._folder / "annotations"
        lists = [read_list(notes / f"{name}.txt", problems) for name in ("trainval", "test")]
        trainval, test = lists
        self.classes = classes_of([*trainval, *test], problems)
        labels = [line.label for line in trainval]
        splits = train_or_val(labels, settings.val_share, seed=settings.split_seed)
        self.examples = [
            Example(source=line.name, label=line.label, split=split)
            for line, split in zip(
                [*trainval, *test], [*splits, *[Split.TEST] * len(test)], strict=True
            )
        ]
        problems += pair_problems(
            {e.source: (self._image(e), self._trimap(e)) for e in self.examples},
            what="trimaps",
            advice="unpack the archives again",
        )
        problems += annotation_problems(
            path for path in map(self._xml, self.examples) if path.is_file()
        )
        if problems:
            raise DataError(str(self._folder), problems)

    def state(self, example: Example) -> object:
        """Picture, trimap and boxes as files, and which boxes are taken."""
        paths = (self._image(example), self._trimap(example), self._xml(example))
        return [file_state(path) for path in paths if path.is_file()], self._head_boxes

    def load(self, example: Example) -> Picture:
        """Read a picture as it is stored, its mask, and its boxes where it has some."""
        with Image.open(self._image(example)) as file:
            image = as_rgb(file)
        with Image.open(self._trimap(example)) as file:
            mask = np.asarray(file) != BACKGROUND
        if not self._head_boxes:
            return Picture(image=image, mask=mask, boxes=mask_boxes(mask))
        path = self._xml(example)
        heads = boxes_in(read_annotation(path, first_pixel=1), image.size) if path.is_file() else ()
        return Picture(image=image, mask=mask, boxes=heads)

    def _image(self, example: Example) -> Path:
        return self._folder / "images" / f"{example.source}.jpg"

    def _trimap(self, example: Example) -> Path:
        return self._folder / "annotations/trimaps" / f"{example.source}.png"

    def _xml(self, example: Example) -> Path:
        return self._folder / "annotations/xmls" / f"{example.source}.xml"


def download_pets(root: Path) -> None:
    """Let torchvision fetch the release into `root`: 0.8 GB; nothing happens where it is."""
    from torchvision.datasets import OxfordIIITPet

    OxfordIIITPet(root=root, download=True)
