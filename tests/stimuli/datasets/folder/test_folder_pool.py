"""Two folders of photos: one holds the stimuli, the other cards, neighbours and items."""

import csv
from pathlib import Path

import pytest
from PIL import Image

from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Split
from stimuli.datasets.folder.dataset import Folder
from stimuli.datasets.imagenet.synsets import synsets
from stimuli.study.dataset_settings import DogsSettings, FolderSettings, SpeciesSettings

SETTINGS = FolderSettings(adaptor="folder", pool=True, val_share=0.5)

Row = dict[str, str]


def write(folder: Path, rows: list[Row]) -> Path:
    """A folder with a photo for each row; its colour is the row's number."""
    folder.mkdir()
    for number, row in enumerate(rows):
        picture = Image.new("RGB", (9, 9), (number, len(rows), 0))
        picture.putpixel((8, 8), (255, 255, 255))
        picture.save(folder / row["image"])
    with (folder / "labels.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def photos(labels: str, **more: str) -> list[Row]:
    """A row for each letter, which is its label."""
    return [{"image": f"{n}.png", "label": label, **more} for n, label in enumerate(labels)]


def test_stimuli_come_from_one_folder_and_all_that_serves_them_from_the_other(
    tmp_path: Path,
) -> None:
    data = write(tmp_path / "data", photos("bab"))
    pool = write(tmp_path / "pool", photos("aaaabbbbc"))
    dataset = open_dataset(SETTINGS, data, pool)
    tests = dataset.split(Split.TEST)
    assert [(e.source, dataset.classes[e.label].name) for e in tests] == [
        ("0.png", "b"),
        ("1.png", "a"),
        ("2.png", "b"),
    ]
    serving = {split: dataset.split(split) for split in (Split.TRAIN, Split.VAL)}
    assert all(e.source.startswith("pool/") for split in serving.values() for e in split)
    labels = {
        split: sorted(dataset.classes[e.label].name for e in serving[split]) for split in serving
    }
    assert labels == {Split.TRAIN: [*"aabbc"], Split.VAL: [*"aabb"]}
    assert dataset.load(tests[0]).image.getpixel((0, 0)) == (0, 3, 0)
    first = next(e for e in dataset.examples if e.source == "pool/0.png")
    assert dataset.load(first).image.getpixel((0, 0)) == (0, 9, 0)
    assert dataset.threshold_split is Split.TEST


def test_without_a_pool_the_threshold_is_chosen_on_val(tmp_path: Path) -> None:
    data = write(tmp_path / "data", photos("ab"))
    assert Folder(data, FolderSettings(adaptor="folder")).threshold_split is Split.VAL


def test_the_two_cranes_are_described_by_their_index(tmp_path: Path) -> None:
    bird, machine = synsets()[134], synsets()[517]
    rows = [
        {"image": f"{n}.png", "class_index": str(s.index), "wnid": s.wnid, "label": "crane"}
        for n, s in enumerate((machine, bird))
    ]
    data, pool = write(tmp_path / "data", rows), write(tmp_path / "pool", rows)
    dataset = open_dataset(SETTINGS, data, pool)
    descriptions = [dataset.classes[e.label].description for e in dataset.split(Split.TEST)]
    assert descriptions[0] == "lifts and moves heavy objects"
    assert descriptions[1].startswith("large long-necked wading bird")


def test_every_problem_of_both_folders_is_in_one_message(tmp_path: Path) -> None:
    ours = [
        {"image": "a.png", "label": "hen", "class_index": "0", "split": "train"},
        {"image": "b.png", "label": "crane", "class_index": "1", "split": ""},
        {"image": "c.png", "label": "hay", "class_index": "2", "split": "test"},
    ]
    theirs = [
        {"image": "a.png", "label": "hen", "class_index": "0", "split": "test"},
        {"image": "b.png", "label": "heron", "class_index": "1", "split": "val"},
    ]
    data, pool = write(tmp_path / "data", ours), write(tmp_path / "pool", theirs)
    (pool / "b.png").write_text("no picture")
    with pytest.raises(DataError) as error:
        Folder(data, SETTINGS, pool=pool)
    problems = "\n".join(error.value.problems)
    for expected in (
        "labels.csv line 2: split train is not for this folder",
        "--pool labels.csv line 2: stimuli do not come from the pool",
        "class 1 is 'crane' in --data and 'heron' in --pool",
        "--pool has no image of 'hay'",
        "--pool labels.csv line 3: image",
    ):
        assert expected in problems
    assert len(error.value.problems) == 5


def test_pictures_of_the_pool_are_checked_too(tmp_path: Path) -> None:
    data = write(tmp_path / "data", photos("a"))
    pool = write(tmp_path / "pool", photos("aa"))
    (pool / "1.png").write_text("no picture")
    with pytest.raises(DataError, match=r"--pool labels\.csv line 3: image .* unreadable"):
        Folder(data, SETTINGS, pool=pool)


def test_one_folder_with_indices_and_one_without_do_not_fit(tmp_path: Path) -> None:
    data = write(tmp_path / "data", photos("a", class_index="0"))
    pool = write(tmp_path / "pool", photos("aa"))
    with pytest.raises(DataError, match="only one of the two folders has class_index"):
        Folder(data, SETTINGS, pool=pool)


def test_folders_that_are_not_given_are_all_asked_for() -> None:
    with pytest.raises(DataError) as error:
        open_dataset(SETTINGS, None)
    assert [p.split("; ")[1] for p in error.value.problems] == ["add --data DIR", "add --pool DIR"]


@pytest.mark.parametrize(
    "settings",
    [
        FolderSettings(adaptor="folder"),
        DogsSettings(adaptor="dogs"),
        SpeciesSettings(adaptor="species"),
    ],
)
def test_a_pool_that_a_study_has_no_use_for_is_refused(
    settings: FolderSettings | DogsSettings | SpeciesSettings, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="no use for --pool"):
        open_dataset(settings, tmp_path, tmp_path)
