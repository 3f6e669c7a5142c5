"""HAM10000 from a small tree of the same form."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Split
from stimuli.datasets.ham10000 import Ham10000
from stimuli.study.dataset_settings import Ham10000Settings

SETTINGS = Ham10000Settings(adaptor="ham10000", val_share=0.25, test_share=0.25)
SIZE = (64, 48)
HEADER = "lesion_id,image_id,dx,dx_type,age,sex,localization"
MASKS = "HAM10000_segmentations_lesion_tschandl"


def write_release(root: Path, *, table: str = "HAM10000_metadata.csv") -> Path:
    """Twelve lesions of two diagnoses: the first of each has three photos, the others one."""
    parts = ("HAM10000_images_part_1", "HAM10000_images_part_2")
    for name in (*parts, MASKS):
        (root / name).mkdir(parents=True)
    mask = np.zeros((48, 64), dtype=np.uint8)
    mask[8:24, 16:40] = 255
    rows, number = [HEADER], 0
    for lesion in range(12):
        for _ in range(3 if lesion < 2 else 1):
            image = f"ISIC_{24306 + number:07d}"
            number += 1
            photo = Image.new("RGB", SIZE, (12 * number, 90, 80))
            photo.save(root / parts[number % 2] / f"{image}.jpg")
            Image.fromarray(mask).save(root / MASKS / f"{image}_segmentation.png")
            dx = ("nv", "mel")[lesion % 2]
            rows.append(f"HAM_{lesion:07d},{image},{dx},histo,55.0,female,back")
    (root / table).write_text("\n".join(rows) + "\n")
    return root


def lesions(root: Path) -> dict[str, str]:
    """The lesion of each image."""
    rows = (root / "HAM10000_metadata.csv").read_text().splitlines()[1:]
    return {row.split(",")[1]: row.split(",")[0] for row in rows}


def test_a_lesion_is_the_white_of_its_mask(tmp_path: Path) -> None:
    data = Ham10000(write_release(tmp_path), SETTINGS)
    picture = data.load(data.examples[0])
    assert picture.image.size == SIZE
    assert picture.mask is not None
    expected = np.zeros((48, 64), dtype=bool)
    expected[8:24, 16:40] = True
    assert np.array_equal(picture.mask, expected)


def test_no_lesion_is_in_two_splits_and_diagnoses_are_spread(tmp_path: Path) -> None:
    data = open_dataset(SETTINGS, write_release(tmp_path))
    assert {s: len(data.split(s)) for s in Split} == {
        Split.TRAIN: 8,
        Split.VAL: 4,
        Split.TEST: 4,
    }
    lesion = lesions(tmp_path)
    assert len({(lesion[e.source], e.split) for e in data.examples}) == 12
    for split in Split:
        labels = [e.label for e in data.split(split)]
        assert labels.count(4) == labels.count(5) == len(labels) // 2


def test_the_seven_diagnoses_have_their_full_names(tmp_path: Path) -> None:
    data = Ham10000(write_release(tmp_path), SETTINGS)
    assert [info.name for info in data.classes] == [
        "actinic keratosis",
        "basal cell carcinoma",
        "benign keratosis-like lesion",
        "dermatofibroma",
        "melanoma",
        "melanocytic naevus",
        "vascular lesion",
    ]
    assert all(info.description for info in data.classes)
    assert [data.examples[0].label, data.examples[3].label] == [5, 4]


def test_one_folder_of_images_and_a_table_without_a_suffix_do_as_well(tmp_path: Path) -> None:
    write_release(tmp_path, table="HAM10000_metadata")
    (tmp_path / "HAM10000_images_part_1").rename(tmp_path / "HAM10000_images")
    for path in (tmp_path / "HAM10000_images_part_2").iterdir():
        path.rename(tmp_path / "HAM10000_images" / path.name)
    assert len(Ham10000(tmp_path, SETTINGS).examples) == 16


def test_every_problem_of_a_release_is_in_one_message(tmp_path: Path) -> None:
    write_release(tmp_path)
    table = tmp_path / "HAM10000_metadata.csv"
    lines = table.read_text().splitlines()
    lines[1] = lines[1].replace("nv", "mole")
    lines[2] = lines[2].replace("nv", "bcc")
    lines += [lines[3]]
    table.write_text("\n".join(lines) + "\n")
    (tmp_path / MASKS / "ISIC_0024309_segmentation.png").unlink()
    (tmp_path / "HAM10000_images_part_1/ISIC_0024311.jpg").write_text("no picture")
    with pytest.raises(DataError) as error:
        Ham10000(tmp_path, SETTINGS)
    assert [problem.split(";")[0] for problem in error.value.problems] == [
        "HAM10000_metadata.csv: dx mole is none of akiec, bcc, bkl, df, mel, nv, vasc",
        "HAM10000_metadata.csv: lesions with two diagnoses: HAM_0000000",
        "1 images are listed more than once: ISIC_0024308",
        "1 images are missing or unreadable: ISIC_0024311",
        "1 masks are missing or unreadable: ISIC_0024309",
    ]


def test_a_table_that_is_missing_or_has_other_columns_is_explained(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no HAM10000_metadata\.csv"):
        Ham10000(tmp_path, SETTINGS)
    (tmp_path / "HAM10000_metadata.csv").write_text("image_id,diagnosis\n")
    with pytest.raises(DataError) as error:
        Ham10000(tmp_path, SETTINGS)
    assert [problem.split(";")[0] for problem in error.value.problems] == [
        "HAM10000_metadata.csv: has no column 'lesion_id'",
        "HAM10000_metadata.csv: has no column 'dx'",
    ]


def test_shares_that_leave_nothing_to_train_on_are_refused() -> None:
    with pytest.raises(ValidationError, match="sum below 1"):
        Ham10000Settings(adaptor="ham10000", val_share=0.5, test_share=0.5)
