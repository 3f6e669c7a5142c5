"""Where an ILSVRC 2012 tree keeps its parts: as unpacked from image-net.org, or from Kaggle.

    image-net.org, torchvision              Kaggle (ImageNet Object Localization Challenge)
    ILSVRC2012_img_val/ or val/             ILSVRC/Data/CLS-LOC/val/
    ILSVRC2012_img_train/ or train/         ILSVRC/Data/CLS-LOC/train/
    ILSVRC2012_bbox_val_v3/val/             ILSVRC/Annotations/CLS-LOC/val/
    ILSVRC2012_devkit_t12/data/             LOC_val_solution.csv

Validation images lie flat, or in one folder per WordNet id; training images always do the latter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

VAL = ("ILSVRC/Data/CLS-LOC/val", "ILSVRC2012_img_val", "val")
TRAIN = ("ILSVRC/Data/CLS-LOC/train", "ILSVRC2012_img_train", "train")
BOXES = ("ILSVRC/Annotations/CLS-LOC/val", "ILSVRC2012_bbox_val_v3/val", "ILSVRC2012_bbox_val_v3")
SUFFIXES = {".jpeg", ".jpg", ".png"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """The folders of a release.

    Attributes:
        val: None where it is missing, which is a problem; train likewise.
        boxes: None also where they are not wanted.
    """

    root: Path
    val: Path | None
    train: Path | None
    boxes: Path | None


def find_tree(root: Path, *, boxes: bool, problems: list[str]) -> Tree:
    """Find the folders; what is missing is added to `problems`."""
    advice = ", or set boxes = false in [dataset]"
    return Tree(
        root=root,
        val=_first(root, VAL, "validation images", "", problems),
        train=_first(root, TRAIN, "training images (cards, neighbours)", "", problems),
        boxes=_first(root, BOXES, "boxes", advice, problems) if boxes else None,
    )


def _first(
    root: Path, places: Sequence[str], what: str, advice: str, problems: list[str]
) -> Path | None:
    for place in places:
        if (root / place).is_dir():
            return root / place
    problems.append(f"{what}: there is no folder {' or '.join(places)}; add one{advice}")
    return None


def pictures_in(folder: Path) -> list[Path]:
    """The picture files that lie in a folder, sorted."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def class_folders(folder: Path) -> Iterator[Path]:
    """The folders in a folder, sorted; each is named after a WordNet id."""
    return (path for path in sorted(folder.iterdir()) if path.is_dir())
