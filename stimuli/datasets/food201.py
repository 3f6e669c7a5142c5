"""Food-201, segmented (Myers et al., Im2Calories, ICCV 2015): meals of Food-101 with masks.

    food201/pixel_annotations_map.csv      id, name of each of 201 foods; no header
    food201/train_pixel_annotations.txt    a mask per line: apple_pie/1005649.png
    food201/test_pixel_annotations.txt     the same, with test_pixel_annotations/ before it
    food201/pixel_annotations/apple_pie/1005649.png
    food-101/images/apple_pie/1005649.jpg

The first is food201.zip, the last food-101.tar.gz. The release has no description of its files:
this layout is what public programs that read it agree on, and is not confirmed by its authors. A
pixel of a mask is the id of a food in the map, or 0.

As in the SAL paper, an image has one class, that of its Food-101 folder, and its object is what the
mask gives this id. Images whose mask does not show it are left out, and counted in the log: there
would be nothing to look at. The paper has 99 classes and 6,244 / 2,684 / 2,286 images, and does
not say which it left out, so that counts may differ. `val_share` of the training images are val.
"""

import csv
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import final

import numpy as np
from PIL import Image

from stimuli.datasets.base import ClassInfo, Example, Split
from stimuli.datasets.masked_photos import MaskedPhoto, MaskedPhotos, first_folder
from stimuli.datasets.splitting import train_or_val
from stimuli.problems import some_of
from stimuli.progress_bars import tqdm
from stimuli.study.dataset_settings import Food201Settings

FOLDERS = ("food201/food201", "food201")
PHOTOS = "food-101/images"
MAP = "pixel_annotations_map.csv"
LISTS = ("train_pixel_annotations.txt", "test_pixel_annotations.txt")
MASKS = "pixel_annotations"
ADVICE = "unpack food201.zip and food-101.tar.gz again, or remove the lines of these images"

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of a list: the class of the image as Food-101 has it, its number, and its files."""

    food: str
    number: str
    photo: MaskedPhoto


@final
class Food201(MaskedPhotos):
    """The classes of Food-101 that have masks; the release's test images are the pool."""

    def __init__(self, root: Path, settings: Food201Settings) -> None:
        """Read the lists and all masks, and look whether every image has its files.

        Args:
            root: the folder that holds `food201` and `food-101`.

        Raises:
            DataError: with every problem.
        """
        folder = first_folder(root, *FOLDERS)
        problems: list[str] = []
        ids = _ids(folder / MAP, problems)
        lists = [_lines(folder, name, root / PHOTOS, ids, problems) for name in LISTS]
        train, test = ([] if problems else _showing_food(lines, ids) for lines in lists)
        foods = sorted({line.food for line in (*train, *test)})
        self._ids = [ids[_name(food)] for food in foods]
        labels = [foods.index(line.food) for line in train]
        splits = train_or_val(labels, settings.val_share, seed=settings.split_seed)
        photos = [
            (
                Example(
                    source=f"{line.food}/{line.number}", label=foods.index(line.food), split=split
                ),
                line.photo,
            )
            for line, split in zip(
                [*train, *test], [*splits, *[Split.TEST] * len(test)], strict=True
            )
        ]
        classes = [ClassInfo(name=_name(food), description="a dish") for food in foods]
        super().__init__(root, classes, photos, problems, advice=ADVICE)

    def object_in(self, mask: Image.Image, example: Example) -> np.ndarray:
        """Where the mask has the food of the image, (height, width) bool."""
        return np.asarray(np.asarray(mask.getchannel(0)) == self._ids[example.label])


def _name(food: str) -> str:
    """A class of Food-101 as the map calls it."""
    return food.replace("_", " ")


def _ids(path: Path, problems: list[str]) -> dict[str, int]:
    """The id of each food; what is wrong is added to `problems`."""
    if not path.is_file():
        problems.append(f'{path}: is missing; it has a line "id,name" for each food, no header')
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    wrong = [",".join(row) for row in rows if len(row) != 2 or not row[0].strip().isdigit()]
    if wrong or not rows:
        problems.append(f'{path}: lines must be "id,name", not {some_of(wrong) or "empty"}')
        return {}
    return {name.strip(): int(number) for number, name in rows}


def _lines(
    folder: Path, name: str, photos: Path, ids: dict[str, int], problems: list[str]
) -> list[Line]:
    """The images of a list; what is wrong is added to `problems`."""
    path = folder / name
    if not path.is_file():
        problems.append(f"{path}: is missing; it has a line with a mask's path for each image")
        return []
    listed = [PurePosixPath(text.strip()) for text in path.read_text("utf-8").splitlines() if text]
    foods = {name.replace(" ", "_") for name in ids}
    wrong = [str(mask) for mask in listed if len(mask.parts) < 2 or mask.suffix != ".png"]
    strange = sorted({m.parts[-2] for m in listed if str(m) not in wrong} - foods)
    if wrong or not listed:
        problems.append(f"{path}: lines must be FOOD/NUMBER.png, not {some_of(wrong) or 'empty'}")
    elif strange and ids:
        problems.append(f"{path}: {MAP} has no id for {some_of(strange)}; add a line")
    lines = []
    for mask in [] if wrong else listed:
        food, number = mask.parts[-2], mask.stem
        # A mask lies in `pixel_annotations`, or where the list says.
        usual = folder / MASKS / food / mask.name
        mask_file = usual if usual.is_file() or not (folder / mask).is_file() else folder / mask
        photo = MaskedPhoto(image=photos / food / f"{number}.jpg", mask=mask_file)
        lines.append(Line(food=food, number=number, photo=photo))
    return lines


def _showing_food(lines: Sequence[Line], ids: dict[str, int]) -> list[Line]:
    """The images whose mask shows their food, in order, or cannot be read."""

    def shows_food(line: Line) -> bool:
        try:
            with Image.open(line.photo.mask) as file:
                number = ids[_name(line.food)]
                return bool((np.asarray(file.getchannel(0)) == number).any())
        except (OSError, SyntaxError, ValueError):
            return True

    with ThreadPoolExecutor() as pool:
        checks = pool.map(shows_food, lines)
        shows = list(tqdm(checks, total=len(lines), desc="masks", unit="img", leave=False))
    if n_without := shows.count(False):
        log.info("food201: %d of %d masks do not show their food: left out", n_without, len(lines))
    showing = [line for line, shows_food in zip(lines, shows, strict=True) if shows_food]
    return sorted(showing, key=lambda line: (line.food, line.number))
