"""Boxes in the XML form of PASCAL VOC."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.datasets.voc import Annotation, annotation_problems, boxes_in, read_annotation

SIDES = st.integers(20, 600)
CORNER = st.tuples(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.01, 0.1))


@given(SIDES, SIDES, SIDES, SIDES, CORNER)
def test_a_box_keeps_its_place_when_the_picture_is_resized(
    width: int, height: int, new_width: int, new_height: int, corner: tuple[float, float, float]
) -> None:
    x, y, side = corner
    box = (x * width, y * height, (x + side) * width, (y + side) * height)
    (moved,) = boxes_in(Annotation(size=(width, height), boxes=(box,)), (new_width, new_height))
    expected = (x * new_width, y * new_height, (x + side) * new_width, (y + side) * new_height)
    assert moved == pytest.approx(expected)


@pytest.mark.parametrize(("first_pixel", "expected"), [(0, (2, 3, 5, 4)), (1, (1, 2, 4, 3))])
def test_the_last_pixel_belongs_to_a_box(
    tmp_path: Path, first_pixel: int, expected: tuple[float, ...]
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        """<a><size><width>9</width><height>9</height></size><object><bndbox><xmin>2</xmin>
        <ymin>3</ymin><xmax>4</xmax><ymax>3</ymax></bndbox></object></a>"""
    )
    assert read_annotation(path, first_pixel=first_pixel).boxes == (expected,)


def test_a_box_is_cut_at_the_edges_and_one_outside_is_left_out() -> None:
    boxes = ((-3.0, 2.0, 8.0, 12.0), (10.0, 0.0, 14.0, 5.0))
    assert boxes_in(Annotation(size=(10, 10), boxes=boxes), (10, 10)) == ((0, 2, 8, 10),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<annotation>", "is no XML"),
        ("<annotation><size><width>3</width></size></annotation>", "has no <size/height>"),
        (
            "<a><size><width>0</width><height>9</height></size></a>",
            "gives the picture a size of 0 x 9",
        ),
        (
            """<a><size><width>9</width><height>9</height></size><object><bndbox><xmin>5</xmin>
            <ymin>1</ymin><xmax>4</xmax><ymax>4</ymax></bndbox></object></a>""",
            "has a box whose xmax",
        ),
    ],
)
def test_a_file_of_another_form_is_explained(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text)
    (problem,) = annotation_problems([path])
    assert expected in problem
    assert problem.startswith(str(path))
