"""Boxes in four forms: what they are in pixels, and how one that is taken for another is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.datasets.base import Box
from stimuli.datasets.folder.box_forms import (
    FEW,
    FORMS,
    Boxed,
    box_problems,
    box_warning,
    in_pixels,
    read_boxes,
)
from stimuli.study.dataset_settings import BoxForm

SIZE = (200, 100)
WRITTEN: dict[BoxForm, Box] = {
    "corners": (20, 10, 120, 60),
    "xywh": (20, 10, 100, 50),
    "normalised": (0.1, 0.1, 0.6, 0.6),
    "yolo": (0.35, 0.35, 0.5, 0.5),
}


def boxed(*boxes: Box, size: tuple[int, int] = SIZE) -> list[Boxed]:
    """A picture for each box."""
    return [Boxed(where=f"line {n}", boxes=(b,), size=size) for n, b in enumerate(boxes, start=2)]


@pytest.mark.parametrize("form", FORMS)
def test_one_box_is_the_same_in_every_form_33(form: BoxForm) -> None:
    assert in_pixels([WRITTEN[form]], form, SIZE) == (pytest.approx((20, 10, 120, 60)),)
    assert box_problems(boxed(WRITTEN[form]), form) == []


def test_boxes_are_cut_at_the_edges_of_their_picture_33() -> None:
    assert in_pixels([(-0.4, 0, 200.3, 100)], "corners", SIZE) == ((0, 0, 200, 100),)
    assert box_problems(boxed((-0.4, 0, 200.3, 100)), "corners") == []


def test_widths_and_heights_are_recognised_and_named_33() -> None:
    """The first could be corners, the second ends before it begins."""
    (problem,) = box_problems(boxed((20, 10, 100, 50), (150, 60, 30, 20)), "corners")
    assert "1 of 2 boxes cannot be [x0, y0, x1, y1] in pixels" in problem
    assert "line 3 [150, 60, 30, 20] in 200 x 100" in problem
    assert '[x, y, width, height] in pixels, boxes = "xywh"' in problem


def test_shares_are_recognised_and_named_33() -> None:
    (problem,) = box_problems(boxed((0.1, 0.1, 0.6, 0.6), (0.5, 0.2, 0.9, 1)), "corners")
    assert "2 of 2 boxes" in problem
    assert 'boxes = "normalised"' in problem
    assert "yolo" not in problem, "the second would reach beyond its picture"
    (problem,) = box_problems(boxed((0.5, 0.5, 0.2, 0.2), (0.3, 0.5, 0.4, 0.4)), "corners")
    assert 'boxes = "yolo"' in problem
    assert "normalised" not in problem, "the first would end before it begins"


def test_corners_that_are_taken_for_another_form_are_named_too_33() -> None:
    (problem,) = box_problems(boxed((150, 60, 190, 90)), "xywh")
    assert 'boxes = "corners"' in problem


@pytest.mark.parametrize(
    ("box", "fault"),
    [
        ((-5, -5, 90, 80), "do not lie inside their image"),
        ((20, 10, 320, 60), "do not lie inside their image"),
        ((190, 90, 30, 20), "end before they begin"),
        ((0, 0, 90, 0.4), "are less than a pixel wide or high"),
        ((7, 7, 7, 7), "are less than a pixel wide or high"),
    ],
)
def test_boxes_that_fit_no_form_are_named_by_what_is_wrong_33(box: Box, fault: str) -> None:
    """Among a box that only corners can be."""
    problems = box_problems(boxed((150, 60, 190, 90), *[box] * 5), "corners")
    assert len(problems) == 1
    assert problems[0].startswith(f"5 boxes {fault}: line 3 [")
    assert problems[0].endswith("in 200 x 100 and 2 more; correct them")


@given(
    st.lists(
        st.tuples(st.integers(0, 150), st.integers(0, 60), st.integers(1, 50), st.integers(1, 40)),
        min_size=1,
        max_size=20,
    )
)
def test_true_widths_and_heights_are_never_refused_as_such_33(
    boxes: list[tuple[int, int, int, int]],
) -> None:
    """And taken for corners, they are refused with the right name, or all are possible."""
    pictures = boxed(*boxes)
    assert box_problems(pictures, "xywh") == []
    problems = box_problems(pictures, "corners")
    assert not problems or 'boxes = "xywh"' in problems[0]


def test_many_possible_corners_that_would_all_fit_as_widths_are_warned_of_33() -> None:
    """A large object in each picture, as widths and heights: corners just as well."""
    wide = boxed(*[(10 + n, 5, 150, 80) for n in range(FEW)])
    assert box_problems(wide, "corners") == []
    warning = box_warning(wide, "corners")
    assert warning is not None
    assert "10 boxes lies in the upper left quarter" in warning
    assert box_warning(wide[1:], "corners") is None
    assert box_warning(wide, "xywh") is None
    assert box_warning([*wide, *boxed((20, 10, 190, 90))], "corners") is None
    whole = boxed(*[(0, 0, 200, 100)] * FEW)
    assert box_warning(whole, "corners") is None, "the same in either form"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[0, 1, 5, 6.5]]", ((0, 1, 5, 6.5),)),
        ("[0, 1, 5, 6]", ((0, 1, 5, 6),)),
        ("[[0, 1, 5, 6], [1, 1, 2, 2]]", ((0, 1, 5, 6), (1, 1, 2, 2))),
        ("[]", ()),
        ("[[NaN, 1, 2, 3]]", None),
        ("[[1, 2, 3, Infinity]]", None),
        ("[[1, 2, 3]]", None),
        ("58 44 95 81", None),
        ("58, 44, 95, 81", None),
        ('"here"', None),
        ("{}", None),
    ],
)
def test_a_cell_is_a_list_of_boxes_or_one_box_33(text: str, expected: object) -> None:
    assert read_boxes(text) == expected
