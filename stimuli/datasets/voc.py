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


def read_annotation(path: Path) -> Annotation:
    """Read the boxes of all objects of a file.

    Corners are taken as edges, unchanged: ILSVRC's run from 0 to the width. Where a release counts
    pixels from 1, as PASCAL VOC itself does, a box is one pixel too far right and down on its
    left and upper side.

    Raises:
        ValueError: if the file is not of this form, or a box has no area.
    """
    try:
        root = ElementTree.parse(path).getroot()
        size = int(_number(root, "size/width")), int(_number(root, "size/height"))
        boxes = tuple(_box(found) for found in root.iterfind("object/bndbox"))
    except ElementTree.ParseError as error:
        raise ValueError(f"is no XML ({error})") from None
    if min(size) < 1:
        raise ValueError(f"gives the picture a size of {size[0]} x {size[1]}")
    return Annotation(size=size, boxes=boxes)


def _box(element: ElementTree.Element) -> Box:
    x0, y0, x1, y1 = (_number(element, corner) for corner in CORNERS)
    if not (x0 < x1 and y0 < y1):
        raise ValueError(f"has a box without area: {[x0, y0, x1, y1]}")
    return x0, y0, x1, y1


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
        return [problem for problem in pool.map(_problem, paths) if problem]


def _problem(path: Path) -> str | None:
    try:
        read_annotation(path)
    except (OSError, ValueError) as error:
        return f"{path}: {error}; replace the file"
    return None
