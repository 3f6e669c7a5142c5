"""Texts of other tools, as a table: which image each is of, and what cannot be shown."""

from pathlib import Path

import pytest

from stimuli.build.imported.explanation_texts import MOST_CHARACTERS, read_texts
from stimuli.build.imported.image_names import images_by_name

IMAGES = images_by_name(["test/a/1.jpg", "test/a/2.jpg"])


def read(
    folder: Path, *lines: str, classifiers: tuple[str, ...] = ("tiny",), several: bool = False
) -> tuple[dict[tuple[str, str], str], list[str]]:
    path = folder / "why.csv"
    path.write_text("\n".join(lines), "utf-8")
    return read_texts(path, classifiers, IMAGES, several=several)


def test_a_text_is_of_the_image_that_it_names_with_its_ending_or_without(tmp_path: Path) -> None:
    texts, problems = read(tmp_path, "image,text", "test/a/1,One.", 'test/a/2.jpg,"Two,\nlines."')
    assert texts == {("tiny", "test/a/1.jpg"): "One.", ("tiny", "test/a/2.jpg"): "Two,\nlines."}
    assert problems == []


def test_with_several_classifiers_each_line_says_which(tmp_path: Path) -> None:
    lines = ("image,text,classifier", "test/a/1,One.,b1", "test/a/1,Other.,sal")
    texts, problems = read(tmp_path, *lines, classifiers=("b1", "sal"), several=True)
    assert texts == {("b1", "test/a/1.jpg"): "One.", ("sal", "test/a/1.jpg"): "Other."}
    assert problems == []
    _, (problem,) = read(tmp_path, "image,text", "test/a/1,One.", several=True)
    assert problem == "why.csv: has no column 'classifier'; add it"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("test/a/9,One.", "is of no image of the data set"),
        ("test/a/2,", "has no text; write one, or remove the line"),
        ("test/a/2," + "x" * 601, "has 601 characters, more than 600; shorten it"),
        ("test/a/2,A bell\a.", "has characters that cannot be shown ('\\x07'); remove them"),
        ("test/a/1.jpg,Again.", "test/a/1.jpg has a text already; keep one"),
    ],
)
def test_a_text_that_cannot_be_shown_is_named_with_its_line(
    line: str, message: str, tmp_path: Path
) -> None:
    _, (problem,) = read(tmp_path, "image,text", "test/a/1,One.", line)
    assert problem.startswith("why.csv line 3: ")
    assert message in problem


def test_a_text_of_just_the_length_is_shown(tmp_path: Path) -> None:
    texts, problems = read(tmp_path, "image,text", f"test/a/1,{'x' * MOST_CHARACTERS}")
    assert len(texts) == 1
    assert problems == []


def test_a_classifier_that_does_not_show_it_is_named(tmp_path: Path) -> None:
    lines = ("image,text,classifier", "test/a/1,One.,other")
    _, (problem,) = read(tmp_path, *lines, several=True)
    assert "classifier 'other' is none of ['tiny'] that show it" in problem
