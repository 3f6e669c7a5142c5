"""Anybody's photos: what is read, and that every problem is reported at once."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stimuli.datasets.base import DataError, Split
from stimuli.datasets.folder.dataset import Folder, assign_splits
from stimuli.datasets.folder.folder_labels import LabelRow
from stimuli.study.dataset_settings import FolderSettings
from tests.lab import ROOT

SETTINGS = FolderSettings(adaptor="folder")


def write_photos(folder: Path, rows: list[dict[str, str]], *, size: tuple[int, int]) -> None:
    """A photo for each row, and labels.csv."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for number, row in enumerate(rows):
        picture = Image.new("RGB", size, (number, 0, 0))
        picture.putpixel((0, 0), (255, 255, 255))
        picture.save(folder / "images" / row["image"])
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_mask(path: Path, size: tuple[int, int]) -> None:
    """A mask whose left half is the object."""
    path.parent.mkdir(exist_ok=True)
    pixels = np.zeros((size[1], size[0]), dtype=np.uint8)
    pixels[:, : size[0] // 2] = 1
    Image.fromarray(pixels).save(path)


def test_images_labels_masks_boxes_and_splits_are_read(tmp_path: Path) -> None:
    rows = [
        {
            "image": "a.png",
            "label": "hen",
            "mask": "a.png",
            "boxes": "[[0, 1, 5, 6]]",
            "split": "val",
        },
        {"image": "b.png", "label": "hay", "mask": "", "boxes": "", "split": "test"},
    ]
    write_photos(tmp_path, rows, size=(8, 6))
    write_mask(tmp_path / "masks" / "a.png", (8, 6))
    descriptions = {"hen": {"description": "a bird"}, "hay": {"description": "dry grass"}}
    (tmp_path / "classes.json").write_text(json.dumps(descriptions))
    data = Folder(tmp_path, SETTINGS)
    assert [(c.name, c.description) for c in data.classes] == [
        ("hay", "dry grass"),
        ("hen", "a bird"),
    ]
    hen, hay = data.examples
    assert (hen.label, hen.split, hay.label, hay.split) == (1, Split.VAL, 0, Split.TEST)
    picture = data.load(hen)
    assert picture.image.size == (8, 6)
    assert picture.boxes == ((0, 1, 5, 6),)
    assert picture.mask is not None
    assert picture.mask[:, :4].all()
    assert not picture.mask[:, 4:].any()
    assert data.load(hay).mask is None


def test_two_classes_may_share_a_name_when_an_index_is_the_key(tmp_path: Path) -> None:
    rows = [
        {"image": "bird.png", "label": "crane", "class_index": "0"},
        {"image": "machine.png", "label": "crane", "class_index": "2"},
    ]
    write_photos(tmp_path, rows, size=(8, 8))
    (tmp_path / "classes.csv").write_text(
        "class_index,name,description\n0,crane,a wading bird\n1,heron,another\n2,crane,it lifts\n"
    )
    data = Folder(tmp_path, SETTINGS)
    assert [c.name for c in data.classes] == ["crane", "heron", "crane"]
    assert data.classes[2].description == "it lifts"
    assert [e.label for e in data.examples] == [0, 2]


def test_every_problem_of_a_folder_is_in_one_message(tmp_path: Path) -> None:
    rows = [
        {"image": "cut.png", "label": "hen", "mask": "", "boxes": "", "split": ""},
        {"image": "mask.png", "label": "hen", "mask": "mask.png", "boxes": "", "split": ""},
        {"image": "box.png", "label": "hen", "mask": "", "boxes": "[[0,0,9,6]]", "split": ""},
        {"image": "text.png", "label": "hay", "mask": "", "boxes": "", "split": ""},
        {"image": "bad.png", "label": "hen", "mask": "", "boxes": "here", "split": "exam"},
        {"image": "twice.png", "label": "hen", "mask": "", "boxes": "", "split": ""},
        {"image": "twice.png", "label": "hen", "mask": "", "boxes": "", "split": ""},
        {"image": "blank.png", "label": "", "mask": "", "boxes": "", "split": ""},
    ]
    write_photos(tmp_path, rows, size=(8, 6))
    cut = tmp_path / "images" / "cut.png"
    cut.write_bytes(cut.read_bytes()[:40])
    write_mask(tmp_path / "masks" / "mask.png", (4, 4))
    (tmp_path / "classes.json").write_text(json.dumps({"hen": {"description": "a bird"}}))
    with pytest.raises(DataError) as error:
        Folder(tmp_path, SETTINGS)
    problems = "\n".join(error.value.problems)
    for expected in (
        "line 2: image",
        "line 3: mask",
        "boxes do not lie inside their image: labels.csv line 4",
        "'hay'",
        "line 6: boxes",
        "line 6: split",
        "twice.png stands there 2 times",
        "line 9: label is empty",
    ):
        assert expected in problems
    assert len(error.value.problems) == 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "no column 'image'"),
        ("image,label,color\nx.png,hen,red\n", "column 'color' is not known"),
        ("image,label\n", "holds no image"),
        ("image,label,class_index\nx.png,hen,-1\n", "no whole number"),
    ],
)
def test_a_wrong_labels_file_is_explained(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(DataError, match=expected):
        Folder(tmp_path, SETTINGS)


def test_a_folder_without_labels_is_explained(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"labels\.csv: there is none"):
        Folder(tmp_path / "nowhere", SETTINGS)


def row(label: str, number: int, split: Split | None = None) -> LabelRow:
    """A row as the file would give it."""
    path = Path(f"{number}.png")
    return LabelRow(
        where=f"labels.csv line {number}",
        source=str(path),
        label=label,
        index=None,
        image=path,
        mask=None,
        boxes=(),
        split=split,
    )


@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.integers(0, 9))
def test_splits_are_stratified_seeded_and_leave_something_to_train(
    sizes: list[int], seed: int
) -> None:
    rows = [row(f"class {n}", k) for n, size in enumerate(sizes) for k in range(size)]
    settings = FolderSettings(adaptor="folder", val_share=0.25, test_share=0.5, split_seed=seed)
    splits = assign_splits(rows, settings)
    assert splits == assign_splits(rows, settings)
    for n, size in enumerate(sizes):
        own = [s for s, r in zip(splits, rows, strict=True) if r.label == f"class {n}"]
        assert own.count(Split.TRAIN) >= 1
        if size >= 4:
            assert abs(own.count(Split.TEST) - 0.5 * size) <= 0.5
            assert abs(own.count(Split.VAL) - 0.25 * size) <= 0.5


def test_a_split_that_the_file_names_is_kept() -> None:
    rows = [row("hen", n, Split.TEST) for n in range(10)]
    assert set(assign_splits(rows, SETTINGS)) == {Split.TEST}


def test_with_wordnet_ids_the_classes_are_those_of_imagenet(tmp_path: Path) -> None:
    rows = [
        {"image": "bird.png", "label": "crane", "wnid": "n02012849"},
        {"image": "machine.png", "label": "crane", "wnid": "n03126707"},
    ]
    write_photos(tmp_path, rows, size=(8, 8))
    data = Folder(tmp_path, SETTINGS)
    assert [e.label for e in data.examples] == [134, 517]
    assert len(data.classes) == 1000
    assert data.classes[517].description == "lifts and moves heavy objects"
    assert data.classes[0].name == "tench"


def test_a_wordnet_id_that_is_unknown_or_of_another_index_is_a_problem(tmp_path: Path) -> None:
    rows = [
        {"image": "a.png", "label": "crane", "wnid": "n02012849", "class_index": "517"},
        {"image": "b.png", "label": "crane", "wnid": "n00000000", "class_index": "517"},
        {"image": "c.png", "label": "crane", "wnid": "", "class_index": "517"},
    ]
    write_photos(tmp_path, rows, size=(8, 8))
    with pytest.raises(DataError) as error:
        Folder(tmp_path, SETTINGS)
    assert len(error.value.problems) == 3
    assert "class_index 517 is not that of n02012849, which is 134" in error.value.problems[0]


@pytest.mark.parametrize(("name", "count"), [("imagenet_val", 893), ("imagenet_pool", 1750)])
@pytest.mark.slow
def test_real_images_of_imagenet_are_read_as_they_are(name: str, count: int) -> None:
    folder = ROOT.parent / "shared/data" / name
    if not folder.is_dir():
        pytest.skip(f"{name} is not at ../shared/data")
    data = Folder(folder, SETTINGS)
    assert len(data.examples) == count
    assert len(data.classes) == 1000
    rows = list(csv.DictReader((folder / "labels.csv").read_text("utf-8").splitlines()))
    for example, row in zip(data.examples[:20], rows, strict=False):
        assert data.classes[example.label].name == row["label"]
        picture = data.load(example)
        assert bool(picture.boxes) == bool(row.get("boxes"))
        for x0, y0, x1, y1 in picture.boxes:
            assert 0 <= x0 < x1 <= picture.image.width
            assert 0 <= y0 < y1 <= picture.image.height
