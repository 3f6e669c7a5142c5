"""Boxes in the XML form of PASCAL VOC, as ILSVRC and Oxford-IIIT Pet have them."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from stimuli.datasets.base import Box

CORNERS = ("xmin", "ymin", "xmax", "ymax")


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """The boxes of a file, in pixels of a picture of `size` (width, height)."""

    size: tuple[int, int]
    boxes: tuple[Box, ...]


def read_annotation(path: Path, *, first_pixel: int) -> Annotation:
    """Read the boxes of all objects of a file.

    The file names the first and the last pixel of a box; here, right and bottom lie just outside.

    Args:
        first_pixel: the number of the first pixel of a row. PASCAL VOC counts from 1;
            ILSVRC's numbers run from 0 to the width less 1.

    Raises:
        ValueError: if the file is not of this form, or a box has no area.
    """
    try:
        root = ElementTree.parse(path).getroot()
        size = int(_number(root, "size/width")), int(_number(root, "size/height"))
    except ElementTree.ParseError as error:
        raise ValueError(f"is no XML ({error})") from None
    boxes = []
    for element in root.iterfind("object/bndbox"):
        x0, y0, x1, y1 = (_number(element, corner) - first_pixel for corner in CORNERS)
        if x0 > x1 or y0 > y1:
            raise ValueError("has a box whose xmax or ymax lies before its xmin or ymin")
        boxes.append((x0, y0, x1 + 1, y1 + 1))
    if min(size) < 1:
        raise ValueError(f"gives the picture a size of {size[0]} x {size[1]}")
    return Annotation(size=size, boxes=tuple(boxes))


def _number(element: ElementTree.Element, path: str) -> float:
    text = element.findtext(path)
    if text is None:
        raise ValueError(f"has no <{path}>")
    return float(text)


def boxes_in(annotation: Annotation, size: tuple[int, int]) -> tuple[Box, ...]:
    """The boxes in pixels of a picture of `size`, cut at its edges; those outside are left out.

    A copy of the release may have been resized; the boxes are resized along.
    """
    (width, height), (x, y) = size, (size[k] / annotation.size[k] for k in (0, 1))
    cut = (
        (max(b[0] * x, 0.0), max(b[1] * y, 0.0), min(b[2] * x, width), min(b[3] * y, height))
        for b in annotation.boxes
    )
    return tuple(box for box in cut if box[0] < box[2] and box[1] < box[3])


def annotation_problems(paths: Iterable[Path]) -> list[str]:
    """What is wrong with each of these files."""
    with ThreadPoolExecutor() as pool:
        return [problem for problem in pool.map(_annotation_problem, paths) if problem]


def _annotation_problem(path: Path) -> str | None:
    try:
        read_annotation(path, first_pixel=1)
    except (OSError, ValueError) as error:
        return f"{path}: {error}; replace the file"
    return None
