"""Food-201, segmented, from a small tree of the form that programs which read it agree on."""

import logging
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Split
from stimuli.datasets.food201 import Food201
from stimuli.study.dataset_settings import Food201Settings

SETTINGS = Food201Settings(adaptor="food201")
SIZE = (64, 48)
IDS = {"apple pie": 1, "french fries": 86, "sushi": 183, "ice cream": 112}
FOODS = ("apple_pie", "french_fries", "sushi")


def mask(own: int) -> Image.Image:
    """The image's food on the left, ice cream on the right, and a strip without a food between."""
    pixels = np.zeros((48, 64), dtype=np.uint8)
    pixels[:, :20] = own
    pixels[:, 30:] = IDS["ice cream"]
    return Image.fromarray(pixels)


def write_release(root: Path, *, nested: str = "") -> Path:
    """Ten training images and three test images of each of three foods."""
    folder = root / "food201" / nested
    lists: dict[str, list[str]] = {"train": [], "test": []}
    for food in FOODS:
        (folder / "pixel_annotations" / food).mkdir(parents=True)
        (root / "food-101/images" / food).mkdir(parents=True)
        for k in range(13):
            name = f"{food}/{1000 + k}"
            photo = Image.new("RGB", SIZE, (15 * k, 90, 80))
            photo.save(root / "food-101/images" / f"{name}.jpg")
            own = IDS[food.replace("_", " ")]
            mask(own).save(folder / "pixel_annotations" / f"{name}.png")
            before = "" if k < 10 else "test_pixel_annotations/"
            lists["train" if k < 10 else "test"].append(f"{before}{name}.png")
    for name, lines in lists.items():
        (folder / f"{name}_pixel_annotations.txt").write_text("\n".join(lines) + "\n")
    rows = "".join(f"{number},{name}\n" for name, number in IDS.items())
    (folder / "pixel_annotations_map.csv").write_text(rows)
    return folder


def test_the_object_is_the_food_of_the_folder_and_no_other(tmp_path: Path) -> None:
    write_release(tmp_path)
    data = Food201(tmp_path, SETTINGS)
    expected = np.zeros((48, 64), dtype=bool)
    expected[:, :20] = True
    for example in (data.examples[0], data.split(Split.TEST)[-1]):
        picture = data.load(example)
        assert picture.image.size == SIZE
        assert picture.mask is not None
        assert np.array_equal(picture.mask, expected)


@pytest.mark.parametrize("nested", ["", "food201"])
def test_classes_and_splits_come_from_the_lists(nested: str, tmp_path: Path) -> None:
    write_release(tmp_path, nested=nested)
    data = open_dataset(SETTINGS, tmp_path)
    assert [info.name for info in data.classes] == ["apple pie", "french fries", "sushi"]
    assert {s: len(data.split(s)) for s in Split} == {
        Split.TRAIN: 21,
        Split.VAL: 9,
        Split.TEST: 9,
    }
    assert {e.source[-4:] for e in data.split(Split.TEST)} == {"1010", "1011", "1012"}
    assert [e.label for e in data.split(Split.VAL)].count(1) == 3


def test_images_whose_mask_does_not_show_their_food_are_left_out_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write_release(tmp_path)
    mask(0).save(folder / "pixel_annotations/sushi/1003.png")
    mask(112).save(folder / "pixel_annotations/sushi/1011.png")
    with caplog.at_level(logging.INFO, logger="stimuli"):
        data = Food201(tmp_path, SETTINGS)
    assert len(data.examples) == 37
    assert [record.getMessage() for record in caplog.records] == [
        "food201: 1 of 30 masks do not show their food: left out",
        "food201: 1 of 9 masks do not show their food: left out",
    ]


def test_a_food_without_masks_that_show_it_is_no_class(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    for path in (folder / "pixel_annotations/french_fries").iterdir():
        mask(0).save(path)
    data = Food201(tmp_path, SETTINGS)
    assert [info.name for info in data.classes] == ["apple pie", "sushi"]
    last = data.load(data.split(Split.TEST)[-1]).mask
    assert last is not None
    assert last.sum() == 20 * 48


def test_every_problem_of_a_release_is_in_one_message(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    (tmp_path / "food-101/images/sushi/1000.jpg").unlink()
    (folder / "pixel_annotations/sushi/1001.png").unlink()
    Image.new("L", (3, 3), IDS["sushi"]).save(folder / "pixel_annotations/sushi/1002.png")
    with (folder / "train_pixel_annotations.txt").open("a") as file:
        file.write("sushi/1004.png\n")
    with pytest.raises(DataError) as error:
        Food201(tmp_path, SETTINGS)
    assert [problem.split(";")[0] for problem in error.value.problems] == [
        "1 images are listed more than once: sushi/1004",
        "1 images are missing or unreadable: sushi/1000",
        "1 masks are missing or unreadable: sushi/1001",
        "1 masks have another size than their image: sushi/1002",
    ]


def test_files_that_are_missing_are_described(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        Food201(tmp_path, SETTINGS)
    assert [Path(problem.split(": ")[0]).name for problem in error.value.problems] == [
        "pixel_annotations_map.csv",
        "train_pixel_annotations.txt",
        "test_pixel_annotations.txt",
    ]
    assert 'it has a line "id,name" for each food' in error.value.problems[0]


def test_lists_of_another_form_are_explained(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    (folder / "pixel_annotations_map.csv").write_text("1,apple pie\n86,french fries\n")
    (folder / "test_pixel_annotations.txt").write_text("sushi\n")
    with pytest.raises(DataError) as error:
        Food201(tmp_path, SETTINGS)
    first, second = error.value.problems
    assert "train_pixel_annotations.txt: pixel_annotations_map.csv has no id for sushi" in first
    assert "test_pixel_annotations.txt: lines must be FOOD/NUMBER.png, not sushi" in second
    (folder / "pixel_annotations_map.csv").write_text("id,name\n1,apple pie\n")
    with pytest.raises(DataError, match='lines must be "id,name", not id,name'):
        Food201(tmp_path, SETTINGS)
