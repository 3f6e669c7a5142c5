"""Tables of labels as other programs write them: read as they are meant, or the cause is named."""

import json
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from stimuli.datasets.base import DataError, Split
from stimuli.datasets.folder.dataset import Folder
from stimuli.study.dataset_settings import FolderSettings

SETTINGS = FolderSettings(adaptor="folder")
LABELS = "image,label,split\na.png,größe,train\nb.png,hay,train\nc.png,hay,test\n"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of photos, still without labels."""
    (tmp_path / "images").mkdir()
    for name in "abc":
        picture = Image.new("RGB", (8, 8))
        picture.putpixel((0, 0), (9, 9, 9))
        picture.save(tmp_path / "images" / f"{name}.png")
    return tmp_path


def classes_and_splits(folder: Path) -> tuple[list[str], list[Split]]:
    data = Folder(folder, SETTINGS)
    return [c.name for c in data.classes], [e.split for e in data.examples]


def problems_of(folder: Path, settings: FolderSettings = SETTINGS) -> list[str]:
    with pytest.raises(DataError) as error:
        Folder(folder, settings)
    return list(error.value.problems)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + LABELS.replace("\n", "\r\n").encode(),
        LABELS.replace(",", ";").encode(),
        f"sep=;\r\n{LABELS.replace(',', ';')}".encode("utf-16"),
        LABELS.replace(",", "\t").encode("utf-16"),
        LABELS.encode("utf-16"),
        LABELS.replace("\n", "\r").encode(),
        LABELS.replace("image,label,split", "Image, Label ,SPLIT").encode(),
        LABELS.replace("train", "Train").replace("test", "TEST ").encode(),
        LABELS.replace("\n", "\n,,\n\n , ,\n").encode(),
        LABELS.replace("\n", ",,\n").encode(),
        LABELS.replace("größe", unicodedata.normalize("NFD", "größe")).encode(),
        LABELS.replace("größe", "\u00a0größe ").encode(),
        LABELS.replace("a.png", "images\\a.png").encode(),
    ],
    ids=(
        *("mark", "semicolons", "sep", "tabs in utf-16", "utf-16", "old Mac", "case of headings"),
        *("case of splits", "empty lines", "nameless columns", "NFD", "blanks", "backslashes"),
    ),
)
def test_what_other_programs_write_is_read_as_it_is_meant_33(photos: Path, content: bytes) -> None:
    (photos / "labels.csv").write_bytes(content)
    expected = ["größe", "hay"], [Split.TRAIN, Split.TRAIN, Split.TEST]
    assert classes_and_splits(photos) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (LABELS.encode("latin-1"), "labels.csv line 2: is not text in UTF-8"),
        (LABELS.encode("utf-16-le"), "labels.csv"),
        (b"\x00\x01" * 40, "labels.csv: is not text in UTF-8"),
        (LABELS.replace("hay", '"hay', 1).encode(), "a quotation mark without a partner"),
        (LABELS.replace("hay", "hay, dry").encode(), "line 3, 4: more cells than the 3 columns"),
        (b"image,label,label\na.png,x,y\n", "column 'label' is there 2 times"),
        (b"image,label,\na.png,x,y\n", "column 3 has no name"),
        (b"image,label,class_index\na.png,x,\xc2\xb2\n", "is no whole number"),
        (b"image,label,class_index\na.png,x,99999999999\n", "is no whole number"),
        (LABELS.replace("a.png", "a" * 5000).encode(), "File name too long"),
    ],
)
def test_what_cannot_be_read_is_one_problem_that_names_its_cause_33(
    photos: Path, content: bytes, expected: str
) -> None:
    (photos / "labels.csv").write_bytes(content)
    (problem,) = problems_of(photos)
    assert expected in problem


def test_a_file_name_in_unicode_s_other_form_is_found_33(photos: Path) -> None:
    composed = unicodedata.normalize("NFC", "schön.png")
    apart = unicodedata.normalize("NFD", composed)
    (photos / "images" / "a.png").rename(photos / "images" / apart)
    (photos / "labels.csv").write_text(LABELS.replace("a.png", composed), "utf-8")
    assert len(Folder(photos, SETTINGS).examples) == 3


def test_the_same_photo_under_two_spellings_stands_there_twice_33(photos: Path) -> None:
    (photos / "labels.csv").write_text(LABELS + "images\\b.png,größe,train\n", "utf-8")
    (problem,) = problems_of(photos)
    assert "b.png stands there 2 times, as 'größe' and 'hay'" in problem


def test_a_line_is_counted_where_it_begins_33(photos: Path) -> None:
    (photos / "labels.csv").write_text(
        'image,label\n\na.png,"two\nlines"\nb.png,hay\nmissing.png,hay\n'
    )
    (problem,) = problems_of(photos)
    assert problem.startswith("labels.csv line 6: image")


def test_a_picture_that_claims_too_many_pixels_is_named_33(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 31)
    (photos / "labels.csv").write_text(LABELS.replace("größe", "hen"))
    problems = problems_of(photos)
    assert len(problems) == 3
    assert "a.png is missing or unreadable (it claims more pixels" in problems[0]


def test_classes_are_read_as_labels_are_33(photos: Path) -> None:
    (photos / "labels.csv").write_text(LABELS, "utf-8")
    table = "Label;Description\n\n größe ;a size\nhay;dry grass\n"
    (photos / "classes.csv").write_bytes(table.encode("utf-16"))
    described = [c.description for c in Folder(photos, SETTINGS).classes]
    assert described == ["a size", "dry grass"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("classes.csv", "label,description\ngröße,x\n".encode("latin-1")),
        ("classes.json", json.dumps({"größe": 1}, ensure_ascii=False).encode("latin-1")),
        ("classes.json", b'["hay"]'),
        ("classes.csv", b"name,description\nhay,grass\n"),
    ],
)
def test_classes_that_cannot_be_read_are_one_problem_33(
    photos: Path, name: str, content: bytes
) -> None:
    (photos / "labels.csv").write_text(LABELS, "utf-8")
    (photos / name).write_bytes(content)
    (problem,) = problems_of(photos)
    assert "classes" in problem
