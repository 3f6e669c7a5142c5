"""Oxford Flowers102 (Nilsback, Zisserman, ICVGIP 2008).

    jpg/image_00001.jpg           102flowers.tgz
    segmim/segmim_00001.jpg       102segmentations.tgz
    imagelabels.mat, setid.mat

The images are numbered from 1 and so are the classes. `trnid` (1,020 images) is train, `valid`
(1,020) val and `tstid` (6,149) the pool, as the paper and Oxford have it; some copies swap the
first and the last. torchvision keeps the release, without the masks, in `flowers-102`. The release
names no classes: the names are those that torchvision lists.

A mask is a JPEG file of the flower on blue, so that the background is near (0, 0, 254) only.
"""

from pathlib import Path
from typing import final

import numpy as np
from PIL import Image
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from stimuli.datasets.base import ClassInfo, Example, Split
from stimuli.datasets.masked_photos import MaskedPhoto, MaskedPhotos, first_folder
from stimuli.problems import some_of
from stimuli.study.dataset_settings import FlowersSettings

FOLDERS = ("flowers-102", "")
ADVICE = "unpack 102flowers.tgz and 102segmentations.tgz again"
NAMES = Path(__file__).with_name("names.txt")
LISTS = {Split.TRAIN: "trnid", Split.VAL: "valid", Split.TEST: "tstid"}

BACKGROUND = (0, 0, 254)
TOLERANCE = 48
"""Largest change of a channel that still is background: JPEG's noise stays below, blue petals do
not. Colours are stored at half the resolution, so that a flower may grow by one pixel."""


@final
class Flowers(MaskedPhotos):
    """102 flowers in the splits of the release."""

    def __init__(self, root: Path, settings: FlowersSettings) -> None:
        """Read the lists, and look whether every image has its files.

        Args:
            root: the folder that holds `jpg`, or the one that holds torchvision's `flowers-102`.
            settings: they leave nothing to choose yet.

        Raises:
            DataError: with every problem.
        """
        folder = first_folder(root, *FOLDERS)
        classes = [ClassInfo(name=name, description="a flower") for name in names()]
        problems: list[str] = []
        labels = _numbers(folder / "imagelabels.mat", "labels", problems)
        ids = {s: _numbers(folder / "setid.mat", name, problems) for s, name in LISTS.items()}
        if not problems:
            problems += _number_problems(labels, ids)
        photos = [
            (
                Example(source=f"image_{number:05d}", label=labels[number - 1] - 1, split=split),
                MaskedPhoto(
                    image=folder / "jpg" / f"image_{number:05d}.jpg",
                    mask=folder / "segmim" / f"segmim_{number:05d}.jpg",
                ),
            )
            for split, numbers in ids.items()
            for number in numbers
            if not problems
        ]
        super().__init__(folder, classes, photos, problems, advice=ADVICE)

    def object_in(self, mask: Image.Image, example: Example) -> np.ndarray:
        """Where the picture is not blue, (height, width) bool."""
        channels = np.asarray(mask.convert("RGB")).astype(np.int16)
        away = np.abs(channels - np.array(BACKGROUND, dtype=np.int16))
        return np.asarray(away.max(axis=-1) > TOLERANCE)


def names() -> list[str]:
    """The 102 flowers by class index."""
    return NAMES.read_text("utf-8").splitlines()


def _numbers(path: Path, name: str, problems: list[str]) -> list[int]:
    """An array of a .mat file; what is wrong is added to `problems`."""
    problem = f"{path}: is missing; download it again"
    try:
        if path.is_file():
            return [int(number) for number in np.ravel(loadmat(path)[name])]
    except (OSError, ValueError, TypeError, NotImplementedError, MatReadError) as error:
        problem = f"{path}: cannot be read ({error}); download it again"
    except KeyError:
        problem = f"{path}: has no array {name!r}; download it again"
    if problem not in problems:
        problems.append(problem)
    return []


def _number_problems(labels: list[int], ids: dict[Split, list[int]]) -> list[str]:
    """Labels and image numbers that do not exist."""
    wrong = [str(label) for label in sorted({*labels} - {*range(1, len(names()) + 1)})]
    beyond = [
        f"{LISTS[split]} {number}"
        for split, numbers in ids.items()
        for number in numbers
        if not 1 <= number <= len(labels)
    ]
    problems = []
    if wrong:
        problems.append(f"imagelabels.mat: labels are not 1 to 102: {some_of(wrong)}")
    if beyond:
        problems.append(f"setid.mat: imagelabels.mat has no image {some_of(beyond)}")
    return [f"{problem}; download both files again" for problem in problems]
