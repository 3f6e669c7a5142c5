"""CUB-200-2011 from a small tree of the same form."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Split
from stimuli.datasets.cub import Cub
from stimuli.study.dataset_settings import CubSettings

SETTINGS = CubSettings(adaptor="cub")
SPECIES = ("001.Black_footed_Albatross", "002.Laysan_Albatross")
SIZE = (64, 48)


def grey() -> np.ndarray:
    """One column each that 0, 1, 2, 3, 4 and 5 of five annotators called bird; else nobody."""
    mask = np.zeros((48, 64), dtype=np.uint8)
    mask[10:20, :6] = (0, 51, 102, 153, 204, 255)
    return mask


def write_release(root: Path, *, masks: str = "CUB_200_2011/segmentations") -> Path:
    """Five official training images and two test images of each of two species."""
    folder = root / "CUB_200_2011"
    lines: dict[str, list[str]] = {name: [] for name in ("images", "labels", "split", "boxes")}
    number = 0
    for label, species in enumerate(SPECIES, start=1):
        (folder / "images" / species).mkdir(parents=True)
        (root / masks / species).mkdir(parents=True)
        for k in range(7):
            number += 1
            name = f"{species}/Bird_{k}"
            Image.new("RGB", SIZE, (20 * k, 90, 30)).save(folder / "images" / f"{name}.jpg")
            Image.fromarray(grey()).save(root / masks / f"{name}.png")
            lines["images"].append(f"{number} {name}.jpg")
            lines["labels"].append(f"{number} {label}")
            lines["split"].append(f"{number} {int(k < 5)}")
            lines["boxes"].append(f"{number} 3.0 10.0 70.0 9.0")
    files = ("images.txt", "image_class_labels.txt", "train_test_split.txt", "bounding_boxes.txt")
    for file, texts in zip(files, lines.values(), strict=True):
        (folder / file).write_text("\n".join(texts) + "\n")
    names = "\n".join(f"{n} {name}" for n, name in enumerate(SPECIES, start=1))
    (folder / "classes.txt").write_text(names + "\n")
    return folder


def test_birds_are_what_more_than_half_of_the_annotators_marked(tmp_path: Path) -> None:
    write_release(tmp_path)
    data = Cub(tmp_path, SETTINGS)
    picture = data.load(data.split(Split.TRAIN)[0])
    assert picture.image.size == SIZE
    assert picture.mask is not None
    assert picture.mask.dtype == np.bool_
    rows, columns = np.nonzero(picture.mask)
    assert {*rows} == set(range(10, 20))
    assert {*columns} == {3, 4, 5}
    assert picture.boxes == ((3, 10, 64, 19),)  # cut at the photo's edge


def test_names_and_splits_are_those_of_the_release(tmp_path: Path) -> None:
    write_release(tmp_path)
    data = open_dataset(SETTINGS, tmp_path)
    assert [info.name for info in data.classes] == ["Black footed Albatross", "Laysan Albatross"]
    assert {s: len(data.split(s)) for s in Split} == {
        Split.TRAIN: 8,
        Split.VAL: 2,
        Split.TEST: 4,
    }
    assert {e.source[-5] for e in data.split(Split.TEST)} == {"5", "6"}
    assert sorted(e.label for e in data.split(Split.VAL)) == [0, 1]
    assert data.examples == open_dataset(SETTINGS, tmp_path).examples
    other = SETTINGS.model_copy(update={"split_seed": 1, "val_share": 0.4})
    assert len(Cub(tmp_path, other).split(Split.VAL)) == 4


def test_masks_may_lie_beside_the_images_folder_and_have_an_alpha_channel(tmp_path: Path) -> None:
    folder = write_release(tmp_path, masks="segmentations")
    odd = tmp_path / "segmentations" / SPECIES[0] / "Bird_0.png"
    Image.fromarray(grey()).convert("LA").save(odd)
    data = Cub(tmp_path, SETTINGS)
    for example in data.examples[:2]:
        mask = data.load(example).mask
        assert mask is not None
        assert mask.sum() == 30
    with pytest.raises(DataError, match="14 masks are missing"):
        Cub(folder, SETTINGS)


def test_every_problem_of_a_release_is_in_one_message(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    (folder / "images" / SPECIES[0] / "Bird_0.jpg").unlink()
    (folder / "segmentations" / SPECIES[0] / "Bird_1.png").write_text("no picture")
    Image.new("L", (3, 3)).save(folder / "segmentations" / SPECIES[0] / "Bird_2.png")
    text = (folder / "image_class_labels.txt").read_text()
    (folder / "image_class_labels.txt").write_text(text.replace("14 2", "14 7"))
    with (folder / "images.txt").open("a") as file:
        file.write(f"15 {SPECIES[0]}/Bird_7.jpg\n")
    with pytest.raises(DataError) as error:
        Cub(tmp_path, SETTINGS)
    problems = "\n".join(error.value.problems)
    for expected in (
        "2 images without a valid line in image_class_labels.txt, train_test_split.txt, bounding",
        f"_boxes.txt: 14 {SPECIES[1]}/Bird_6.jpg, 15 {SPECIES[0]}/Bird_7.jpg; unpack",
        f"1 images are missing or unreadable: {SPECIES[0]}/Bird_0.jpg",
        f"1 masks are missing or unreadable: {SPECIES[0]}/Bird_1.jpg",
        f"1 masks have another size than their image: {SPECIES[0]}/Bird_2.jpg",
    ):
        assert expected in problems
    assert len(error.value.problems) == 4


def test_every_list_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        Cub(tmp_path, SETTINGS)
    assert len(error.value.problems) == 5
    assert all(": is missing" in problem for problem in error.value.problems)
