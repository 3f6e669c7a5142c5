"""Boxes as people write them, and what is wrong with those that cannot be what they are taken for.

In a picture of 200 x 100 px, one box is in each form

    corners      [20, 10, 120, 60]        left, top, right, bottom in pixels
    xywh         [20, 10, 100, 50]        left, top, width, height in pixels, as COCO has them
    normalised   [0.1, 0.1, 0.6, 0.6]     corners as shares of width and height
    yolo         [0.35, 0.35, 0.5, 0.5]   middle, width and height as shares
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import FiniteFloat, TypeAdapter, ValidationError

from stimuli.datasets.base import Box
from stimuli.problems import some_of
from stimuli.study.dataset_settings import BoxForm

Size = tuple[int, int]
ONE_BOX = TypeAdapter(tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat])
BOXES = TypeAdapter(tuple[tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat], ...])

# Rounding to so little is no mistake: boxes are cut at the edges of their picture.
SLACK_PX = 0.5
# Of so many boxes it is no accident that each would lie inside its picture in another form, too.
FEW = 10


def from_xywh(box: Box, size: Size) -> Box:
    """Corners of left, top, width and height."""
    return box[0], box[1], box[0] + box[2], box[1] + box[3]


def from_normalised(box: Box, size: Size) -> Box:
    """Corners in pixels of corners as shares."""
    return box[0] * size[0], box[1] * size[1], box[2] * size[0], box[3] * size[1]


def from_yolo(box: Box, size: Size) -> Box:
    """Corners in pixels of middle, width and height as shares."""
    x, y, width, height = box
    return from_normalised((x - width / 2, y - height / 2, x + width / 2, y + height / 2), size)


FORMS: dict[BoxForm, Callable[[Box, Size], Box]] = {
    "corners": lambda box, size: box,
    "xywh": from_xywh,
    "normalised": from_normalised,
    "yolo": from_yolo,
}
WORDS: dict[BoxForm, str] = {
    "corners": "[x0, y0, x1, y1] in pixels",
    "xywh": "[x, y, width, height] in pixels",
    "normalised": "[x0, y0, x1, y1] as shares of width and height",
    "yolo": "[x of the middle, y of it, width, height] as shares",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Boxed:
    """A picture with boxes.

    Attributes:
        where: file and line, for messages.
        boxes: as they are written.
        size: width and height of the picture, upright.
    """

    where: str
    boxes: tuple[Box, ...]
    size: Size


def read_boxes(text: str) -> tuple[Box, ...] | None:
    """The boxes of a cell, a list of lists or the list of one box; None where it is neither."""
    for read in (BOXES.validate_json, lambda one: (ONE_BOX.validate_json(one),)):
        try:
            return read(text)
        except ValidationError:
            continue
    return None


def in_pixels(boxes: Sequence[Box], form: BoxForm, size: Size) -> tuple[Box, ...]:
    """Left, top, right and bottom in pixels of a picture, cut at its edges."""
    (width, height), corners = size, [FORMS[form](box, size) for box in boxes]
    return tuple(
        (max(x0, 0.0), max(y0, 0.0), min(x1, width), min(y1, height)) for x0, y0, x1, y1 in corners
    )


def box_problems(pictures: Sequence[Boxed], form: BoxForm) -> list[str]:
    """What is wrong with boxes of a form: a line for each kind, or one with the form that fits."""
    found: dict[str, list[str]] = {}
    for picture, box in _each(pictures):
        if fault := _fault(FORMS[form](box, picture.size), picture.size):
            size = f"{picture.size[0]} x {picture.size[1]}"
            numbers = ", ".join(f"{number:g}" for number in box)
            found.setdefault(fault, []).append(f"{picture.where} [{numbers}] in {size}")
    if not found:
        return []
    if others := [other for other in FORMS if other != form and _all_fit(pictures, other)]:
        n, n_wrong = len([*_each(pictures)]), sum(map(len, found.values()))
        fitting = " or ".join(f'{WORDS[other]}, boxes = "{other}"' for other in others)
        example = next(iter(found.values()))[0]
        problem = f"{n_wrong} of {n} boxes cannot be {WORDS[form]}, such as {example}"
        advice = f"all would fit as {fitting}: say so in [dataset], or correct the boxes"
        return [f"{problem}; {advice}"]
    return [
        f"{len(names)} boxes {fault}: {some_of(names)}; correct them"
        for fault, names in found.items()
    ]


def box_warning(pictures: Sequence[Boxed], form: BoxForm) -> str | None:
    """What to look at where corners, all of them possible, may well be widths and heights."""
    apart = [box for _, box in _each(pictures) if box[0] or box[1]]
    if form != "corners" or len(apart) < FEW or not _all_fit(pictures, "xywh"):
        return None
    return (
        f"the middle of each of {len(apart)} boxes lies in the upper left quarter of its image, as "
        f'if they were {WORDS["xywh"]}; if they are, write boxes = "xywh" in [dataset]'
    )


def _each(pictures: Sequence[Boxed]) -> list[tuple[Boxed, Box]]:
    return [(picture, box) for picture in pictures for box in picture.boxes]


def _all_fit(pictures: Sequence[Boxed], form: BoxForm) -> bool:
    return not any(_fault(FORMS[form](box, p.size), p.size) for p, box in _each(pictures))


def _fault(box: Box, size: Size) -> str | None:
    """What is wrong with a box in pixels."""
    if any(box[k] > box[k + 2] for k in (0, 1)):
        return "end before they begin"
    if any(box[k] < -SLACK_PX or box[k + 2] > size[k] + SLACK_PX for k in (0, 1)):
        return "do not lie inside their image"
    if any(box[k + 2] - box[k] < 1 for k in (0, 1)):
        return "are less than a pixel wide or high"
    return None
