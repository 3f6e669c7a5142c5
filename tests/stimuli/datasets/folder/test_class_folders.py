"""Photos in a folder for each class, which need no labels.csv."""

import json
import logging
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

from stimuli.datasets.base import DataError, Split
from stimuli.datasets.folder.dataset import Folder
from stimuli.study.dataset_settings import FolderSettings

SETTINGS = FolderSettings(adaptor="folder", val_share=0.2, test_share=0.4)


def photos(folder: Path, names: Iterable[str]) -> Path:
    """A folder with a photo of each name."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        picture = Image.linear_gradient("L").resize((9, 9)).convert("RGB")
        picture.save(folder / name)
    return folder


def numbered(of_class: str, n: int) -> list[str]:
    return [f"{of_class}/{k}.jpg" for k in range(n)]


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(DataError) as error:
        Folder(folder, SETTINGS)
    return list(error.value.problems)


def splits_by_class(data: Folder) -> dict[str, Counter[Split]]:
    classes = [info.name for info in data.classes]
    return {
        name: Counter(e.split for e in data.examples if e.label == index)
        for index, name in enumerate(classes)
    }


def test_a_folder_for_each_class_is_a_data_set_without_labels_33(tmp_path: Path) -> None:
    photos(
        tmp_path, [*numbered("hen", 10), "hay/A.PNG", "hay/b.jpeg", ".trash/c.jpg", "hay/._b.jpg"]
    )
    (tmp_path / "classes.json").write_text(
        json.dumps({"hen": {"description": "a bird"}, "hay": {"description": "dry grass"}})
    )
    data = Folder(tmp_path, SETTINGS)
    assert [(c.name, c.description) for c in data.classes] == [
        ("hay", "dry grass"),
        ("hen", "a bird"),
    ]
    assert [e.source for e in data.examples if e.label == 0] == ["hay/A.PNG", "hay/b.jpeg"]
    assert splits_by_class(data)["hen"] == {Split.TRAIN: 4, Split.VAL: 2, Split.TEST: 4}
    assert data.load(data.examples[0]).image.size == (9, 9)


@pytest.mark.parametrize("val", ["val", "valid", "Validation"])
def test_folders_of_splits_are_splits_33(tmp_path: Path, val: str) -> None:
    names = [*numbered("train/hen", 3), *numbered("train/hay", 2)]
    photos(tmp_path, [*names, *numbered(f"{val}/hen", 1), *numbered("test/hay", 4)])
    assert splits_by_class(Folder(tmp_path, SETTINGS)) == {
        "hay": {Split.TRAIN: 2, Split.TEST: 4},
        "hen": {Split.TRAIN: 3, Split.VAL: 1},
    }


def test_a_split_without_a_folder_takes_its_share_of_train_33(tmp_path: Path) -> None:
    names = [f"{split}/{kind}" for split in ("train", "test") for kind in ("hay", "hen")]
    photos(tmp_path, [name for place in names for name in numbered(place, 10)])
    expected = {Split.TRAIN: 8, Split.VAL: 2, Split.TEST: 10}
    assert splits_by_class(Folder(tmp_path, SETTINGS)) == {"hay": expected, "hen": expected}


def test_two_folders_of_class_folders_are_stimuli_and_their_pool_33(tmp_path: Path) -> None:
    data = photos(tmp_path / "data", [*numbered("hay", 2), *numbered("hen", 2)])
    pool = photos(tmp_path / "pool", [*numbered("hay", 5), *numbered("hen", 5)])
    settings = SETTINGS.model_copy(update={"pool": True})
    expected = {Split.TRAIN: 4, Split.VAL: 1, Split.TEST: 2}
    folder = Folder(data, settings, pool=pool)
    assert splits_by_class(folder) == {"hay": expected, "hen": expected}


def test_labels_come_first_where_there_are_both_33(tmp_path: Path) -> None:
    photos(tmp_path, [*numbered("hay", 2), *numbered("hen", 2)])
    (tmp_path / "labels.csv").write_text("image,label\nhay/0.jpg,straw\nhen/1.jpg,bird\n")
    data = Folder(tmp_path, SETTINGS)
    assert [info.name for info in data.classes] == ["bird", "straw"]
    assert len(data.examples) == 2


def test_what_is_wrong_with_class_folders_is_said_at_once_33(tmp_path: Path) -> None:
    photos(
        tmp_path,
        [
            *numbered("train/hen", 3),
            *numbered("train/hay", 3),
            *numbered("train/hay/old", 1),
            *numbered("test/Hay", 3),
            *numbered("fox", 1),
            "test/loose.jpg",
        ],
    )
    (tmp_path / "train/hen/phone.heic").write_bytes(b"no picture")
    where = f"train/hen/phone.heic: image {tmp_path}/train/hen/phone.heic"
    assert problems_of(tmp_path) == [
        "train/hay: has photos, and folders of photos too (old); move them up, or out",
        "fox/0.jpg, test/loose.jpg: lie in no class folder; move them into one, or out",
        "train has no photo of Hay, which val or test has; add some, or correct the spelling of it",
        f"{where} is missing or unreadable (it is no picture); replace it or its row",
    ]


def test_files_that_are_no_photos_are_left_out_and_named_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    photos(tmp_path, [*numbered("hay", 2), *numbered("hen", 2)])
    for name in ("notes.txt", ".DS_Store", "Thumbs.db"):
        (tmp_path / "hen" / name).write_text("x")
    with caplog.at_level(logging.WARNING):
        assert len(Folder(tmp_path, SETTINGS).examples) == 4
    assert caplog.messages == [
        "1 files in class folders are no photos and are left out: hen/notes.txt"
    ]


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (numbered("images", 3), "there is none in"),
        (numbered("hen", 3), "there is one class folder, hen; a study needs two"),
        ([*numbered("my/hen", 1), *numbered("my/hay", 1)], "/my looks like what you mean"),
        ([], "nor folders of photos with a class's name each; add a folder for each class, or"),
    ],
)
def test_folders_that_are_no_data_set_say_what_to_do_33(
    tmp_path: Path, names: list[str], problem: str
) -> None:
    (tmp_path / "empty").mkdir()
    photos(tmp_path, names)
    (said,) = problems_of(tmp_path)
    assert problem in said
