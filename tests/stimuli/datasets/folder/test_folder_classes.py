"""Classes that cannot be meant are refused, and allowed where a study says so."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stimuli.datasets.base import DataError
from stimuli.datasets.folder.class_names import folded, like_names, tidy
from stimuli.datasets.folder.dataset import Folder
from stimuli.study.dataset_settings import FolderSettings

SETTINGS = FolderSettings(adaptor="folder")
MIXED = "squar\u0435"  # its last letter is Cyrillic


def write(folder: Path, rows: list[str], heading: str = "image,label,split") -> Path:
    """A photo for each row, whose first cell is filled in."""
    for number in range(len(rows)):
        picture = Image.new("RGB", (8, 8))
        picture.putpixel((0, 0), (9, 9, 9))
        picture.save(folder / f"{number}.png")
    lines = [f"{number}.png,{row}\n" for number, row in enumerate(rows)]
    (folder / "labels.csv").write_text(heading + "\n" + "".join(lines), "utf-8")
    return folder


def problems_of(folder: Path, **settings: object) -> list[str]:
    with pytest.raises(DataError) as error:
        Folder(folder, SETTINGS.model_copy(update=settings))
    return list(error.value.problems)


@pytest.mark.parametrize(
    "other",
    ["Disc", "DISC", "di sc", '"di\nsc"', "\uff44isc", "disc\u200b", "dis\u0063\u00ad"],
)
def test_a_name_that_a_reader_takes_for_another_is_one_problem_33(
    tmp_path: Path, other: str
) -> None:
    folder = write(tmp_path, ["disc,train", "square,train", f"{other},test"])
    (problem,) = problems_of(folder)
    assert "'disc' of 1 images" in problem
    assert "allow = ['like_names']" in problem


def test_letters_of_another_script_are_named_33(tmp_path: Path) -> None:
    folder = write(tmp_path, ["disc,train", "square,train", f"{MIXED},test"])
    (problem,) = problems_of(folder)
    assert "CYRILLIC SMALL LETTER IE for LATIN SMALL LETTER E" in problem


def test_like_names_are_two_classes_where_the_study_allows_them_33(tmp_path: Path) -> None:
    folder = write(tmp_path, ["disc,train", "Disc,train"])
    data = Folder(folder, SETTINGS.model_copy(update={"allow": ("like_names",)}))
    assert [c.name for c in data.classes] == ["Disc", "disc"]


def test_like_names_are_meant_where_both_are_described_33(tmp_path: Path) -> None:
    """As Cardigan, a dog, and cardigan, a garment, of ImageNet."""
    folder = write(tmp_path, ["Cardigan,train", "cardigan,train"])
    (folder / "classes.csv").write_text("label,description\nCardigan,a dog\ncardigan,knitted\n")
    assert len(Folder(folder, SETTINGS).classes) == 2


def test_a_name_like_a_described_one_is_one_problem_33(tmp_path: Path) -> None:
    folder = write(tmp_path, ["disc,train", "Disc,test", "square,train"])
    (folder / "classes.csv").write_text("label,description\ndisc,round\nsquare,not\n")
    (problem,) = problems_of(folder)
    assert "differ in case" in problem


def test_a_name_like_one_of_the_pool_is_one_problem_33(tmp_path: Path) -> None:
    for name in ("data", "pool"):
        (tmp_path / name).mkdir()
    data = write(tmp_path / "data", ["Disc", "square"], heading="image,label")
    pool = write(tmp_path / "pool", ["disc", "square"], heading="image,label")
    with pytest.raises(DataError) as error:
        Folder(data, FolderSettings(adaptor="folder", pool=True), pool=pool)
    (problem,) = error.value.problems
    assert "differ in case" in problem


@pytest.mark.parametrize(
    "names",
    [
        ["pêche", "péché"],
        ["α helix", "β helix"],
        ["青い鳥", "青大鳥"],
        ["сосна", "ольха", "birch"],
        ["disc 1", "disc 2"],
    ],
)
def test_names_that_a_reader_tells_apart_are_fine_33(names: list[str]) -> None:
    assert like_names(dict.fromkeys(names, 1)) == {}


@given(st.text(max_size=12))
def test_a_tidy_name_stays_as_it_is_and_is_the_same_to_a_reader_33(name: str) -> None:
    assert tidy(tidy(name)) == tidy(name)
    assert folded(tidy(name)) == folded(name)


def test_test_images_of_a_class_without_training_images_are_one_problem_33(
    tmp_path: Path,
) -> None:
    rows = ["disc,train", "square,train", "disc,test", "cross,test", "cross,test", "cross,val"]
    folder = write(tmp_path, rows)
    (problem,) = problems_of(folder)
    assert "no training image of 'cross' (2 test images)" in problem
    data = Folder(folder, SETTINGS.model_copy(update={"allow": ("untrained_classes",)}))
    assert len(data.classes) == 3


def test_indices_that_leave_holes_are_one_problem_33(tmp_path: Path) -> None:
    rows = ["disc,train,1", "square,train,2", "cross,train,5"]
    folder = write(tmp_path, rows, heading="image,label,split,class_index")
    (problem,) = problems_of(folder)
    assert "class_index leaves out 0, 3, 4" in problem
    data = Folder(folder, SETTINGS.model_copy(update={"allow": ("index_holes",)}))
    assert [c.name for c in data.classes][3:] == ["class 3", "class 4", "cross"]


def test_an_index_that_is_described_is_no_hole_33(tmp_path: Path) -> None:
    rows = ["disc,train,0", "cross,train,2"]
    folder = write(tmp_path, rows, heading="image,label,split,class_index")
    table = "class_index,name,description\n0,disc,round\n1,square,not\n2,cross,two bars\n"
    (folder / "classes.csv").write_text(table)
    assert [c.name for c in Folder(folder, SETTINGS).classes] == ["disc", "square", "cross"]


def test_one_class_alone_is_one_problem_33(tmp_path: Path) -> None:
    folder = write(tmp_path, ["disc,train", "disc,val", "disc,test"])
    (problem,) = problems_of(folder)
    assert "all images are of one class, 'disc'" in problem


def test_a_wrong_cell_makes_no_second_problem_of_its_class_33(tmp_path: Path) -> None:
    """The training rows of a class cannot be used, which is no lack of training images."""
    folder = write(tmp_path, ["disc,train", "square,training", "disc,test", "square,test"])
    (problem,) = problems_of(folder)
    assert "split 'training' is none of train, val, test" in problem


def test_an_index_with_two_labels_is_told_once_33(tmp_path: Path) -> None:
    rows = ["disc,train,0", "square,train,1", *["Disc,train,0"] * 5]
    folder = write(tmp_path, rows, heading="image,label,split,class_index")
    (problem,) = problems_of(folder)
    assert "line 4: class_index 0 is 'disc' above and 'Disc' here" in problem
