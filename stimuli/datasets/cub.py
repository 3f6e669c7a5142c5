"""CUB-200-2011, 200 species of birds (Wah, Branson, Welinder, Perona, Belongie, 2011).

    CUB_200_2011/{images.txt, image_class_labels.txt, train_test_split.txt, classes.txt}
    CUB_200_2011/bounding_boxes.txt
    CUB_200_2011/images/001.Black_footed_Albatross/NAME.jpg
    CUB_200_2011/segmentations/001.Black_footed_Albatross/NAME.png    or segmentations/ beside it

The masks are a download of their own, `segmentations.tgz`. A mask's grey level is the share of
annotators who called a pixel bird: a pixel is bird where most did. The official 5,994 training
images are split into train and val; the 5,794 test images are the pool.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np
from PIL import Image

from stimuli.datasets.base import Box, ClassInfo, Example, Split
from stimuli.datasets.masked_photos import MaskedPhoto, MaskedPhotos, first_folder
from stimuli.datasets.splitting import train_or_val
from stimuli.problems import some_of
from stimuli.study.dataset_settings import CubSettings

FOLDER = "CUB_200_2011"
ADVICE = "unpack CUB_200_2011.tgz and segmentations.tgz again"
LISTS = (
    "images.txt",
    "image_class_labels.txt",
    "train_test_split.txt",
    "bounding_boxes.txt",
    "classes.txt",
)
HALF = 127
"""Grey level of a pixel that half of the annotators called bird."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What the lists say of an image.

    Attributes:
        name: its path in `images`.
        label: class index from 0.
        trains: whether it is an official training image.
    """

    name: str
    label: int
    trains: bool
    box: Box


@final
class Cub(MaskedPhotos):
    """200 species; the official test images are the pool."""

    def __init__(self, root: Path, settings: CubSettings) -> None:
        """Read the lists, and look whether every image has its files.

        Args:
            root: the folder that holds `CUB_200_2011`, or that folder itself.

        Raises:
            DataError: with every problem.
        """
        folder = first_folder(root, FOLDER, "")
        masks = next((f for f in (folder, root) if (f / "segmentations").is_dir()), folder)
        problems: list[str] = []
        tables = {name: _table(folder / name, problems) for name in LISTS}
        lines = [] if problems else _lines(tables, problems)
        labels = [line.label for line in lines if line.trains]
        splits = iter(train_or_val(labels, settings.val_share, seed=settings.split_seed))
        photos = [
            (
                Example(
                    source=line.name,
                    label=line.label,
                    split=next(splits) if line.trains else Split.TEST,
                ),
                MaskedPhoto(
                    image=folder / "images" / line.name,
                    mask=(masks / "segmentations" / line.name).with_suffix(".png"),
                    boxes=(line.box,),
                ),
            )
            for line in lines
        ]
        species = tables["classes.txt"]
        if list(species) != [str(n) for n in range(1, len(species) + 1)]:
            problems.append(f"classes.txt: does not count its classes 1, 2, 3 and on; {ADVICE}")
        # "001.Black_footed_Albatross" is called "Black footed Albatross".
        names = [name.partition(".")[2].replace("_", " ") for name in species.values()]
        classes = [ClassInfo(name=name, description="a species of bird") for name in names]
        super().__init__(folder, classes, photos, problems, advice=ADVICE)

    def object_in(self, mask: Image.Image, example: Example) -> np.ndarray:
        """Where more than half of the annotators saw the bird, (height, width) bool.

        Some files have an alpha channel, which says nothing.
        """
        return np.asarray(mask.convert("L")) > HALF


def _table(path: Path, problems: list[str]) -> dict[str, str]:
    """The lines of a list by their first word; what is wrong is added to `problems`."""
    if not path.is_file():
        problems.append(f"{path}: is missing; {ADVICE}")
        return {}
    lines = [line.split(maxsplit=1) for line in path.read_text("utf-8").splitlines() if line]
    if not lines:
        problems.append(f"{path}: is empty; {ADVICE}")
    return {cells[0]: cells[-1].strip() for cells in lines if cells}


def _lines(tables: Mapping[str, Mapping[str, str]], problems: list[str]) -> list[Line]:
    """The images of which every list says something valid; the others are a problem."""
    images, *facts, classes = (tables[name] for name in LISTS)
    lines, bad = [], []
    for key, name in images.items():
        try:
            label, trains, box = (table[key] for table in facts)
            x, y, width, height = (float(cell) for cell in box.split())
            if label not in classes or trains not in ("0", "1"):
                raise ValueError
            frame = (x, y, x + width, y + height)
            line = Line(name=name, label=int(label) - 1, trains=trains == "1", box=frame)
            lines.append(line)
        except (KeyError, ValueError):
            bad.append(f"{key} {name}")
    if bad:
        problems.append(
            f"{len(bad)} images without a valid line in {', '.join(LISTS[1:4])}: {some_of(bad)}; "
            f"{ADVICE}"
        )
    return lines
