"""ILSVRC 2012 in the layouts that people have it in, from small trees of the same form."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Split
from stimuli.datasets.imagenet.dataset import ImageNet
from stimuli.study.dataset_settings import DogsSettings, ImageNetSettings

TENCH, BIRD, MACHINE, PUG = "n01440764", "n02012849", "n03126707", "n02110958"
TRUTHS = (MACHINE, TENCH, PUG, BIRD)
INDICES = (517, 0, 254, 134)
SETTINGS = ImageNetSettings(adaptor="imagenet", train_per_class=3, val_per_class=1)
PLAIN = SETTINGS.model_copy(update={"boxes": False})
SIZE = (40, 30)


def draw(path: Path, size: tuple[int, int] = SIZE) -> None:
    """A red picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "red").save(path)


def val_name(number: int) -> str:
    """The stem of a validation image."""
    return f"ILSVRC2012_val_{number:08d}"


def add_train(folder: Path) -> None:
    """Six training images of each class."""
    for wnid in TRUTHS:
        for number in range(6):
            draw(folder / wnid / f"{wnid}_{number}.JPEG")


def add_flat_val(folder: Path) -> None:
    """One validation image of each class."""
    for number in range(1, 5):
        draw(folder / f"{val_name(number)}.JPEG")


def add_boxes(folder: Path) -> None:
    """XML files that describe pictures of twice the size."""
    folder.mkdir(parents=True)
    for number in range(1, 5):
        xml = f"""<annotation><size><width>80</width><height>60</height></size>
        <object><name>x</name><bndbox><xmin>0</xmin><ymin>4</ymin><xmax>{number * 10 - 1}</xmax>
        <ymax>61</ymax></bndbox></object>
        <object><name>x</name><bndbox><xmin>2</xmin><ymin>2</ymin><xmax>79</xmax><ymax>59</ymax>
        </bndbox></object></annotation>"""
        (folder / f"{val_name(number)}.xml").write_text(xml)


def add_devkit(root: Path) -> None:
    """ILSVRC ids in another order than the WordNet ids, and a synset above the classes."""
    folder = root / "ILSVRC2012_devkit_t12/data"
    folder.mkdir(parents=True)
    wnids = [*reversed(TRUTHS), "n00001740"]
    kind = [("ILSVRC2012_ID", "O"), ("WNID", "O"), ("words", "O"), ("num_children", "O")]
    rows = [(n, wnid, "words", 4 * (n == 5)) for n, wnid in enumerate(wnids, start=1)]
    savemat(folder / "meta.mat", {"synsets": np.array(rows, dtype=kind)[:, None]})
    (folder / "ILSVRC2012_validation_ground_truth.txt").write_text("4\n3\n2\n1\n")


def add_solution(root: Path) -> None:
    """Kaggle's table, whose rows are not sorted."""
    with (root / "LOC_val_solution.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ImageId", "PredictionString"])
        for number in (3, 1, 4, 2):
            writer.writerow([val_name(number), f"{TRUTHS[number - 1]} 1 2 3 4 n1 1 2 3 4 "])


def official(root: Path) -> None:
    """As unpacked from image-net.org."""
    add_flat_val(root / "ILSVRC2012_img_val")
    add_train(root / "train")
    add_boxes(root / "ILSVRC2012_bbox_val_v3/val")
    add_devkit(root)


def kaggle(root: Path) -> None:
    """As unpacked from Kaggle."""
    add_flat_val(root / "ILSVRC/Data/CLS-LOC/val")
    add_train(root / "ILSVRC/Data/CLS-LOC/train")
    add_boxes(root / "ILSVRC/Annotations/CLS-LOC/val")
    add_solution(root)


def torchvision_folders(root: Path) -> None:
    """Validation images sorted into folders, as torchvision and most tutorials do."""
    for number, wnid in enumerate(TRUTHS, start=1):
        draw(root / "val" / wnid / f"{val_name(number)}.JPEG")
    add_train(root / "train")
    add_boxes(root / "ILSVRC2012_bbox_val_v3")


def synset_list(root: Path) -> None:
    """Flat validation images with a list of WordNet ids."""
    add_flat_val(root / "val")
    add_train(root / "train")
    add_boxes(root / "ILSVRC2012_bbox_val_v3/val")
    (root / "imagenet_2012_validation_synset_labels.txt").write_text("\n".join(TRUTHS) + "\n")


@pytest.mark.parametrize("layout", [official, kaggle, torchvision_folders, synset_list])
def test_every_layout_gives_the_same_classes_and_boxes(
    layout: Callable[[Path], None], tmp_path: Path
) -> None:
    layout(tmp_path)
    data = ImageNet(tmp_path, SETTINGS)
    tests = sorted(data.split(Split.TEST), key=lambda example: Path(example.source).name)
    assert tuple(example.label for example in tests) == INDICES
    picture = data.load(tests[1])
    assert picture.image.size == SIZE
    assert picture.boxes == ((0, 2, 10, 30), (1, 1, 40, 30))
    assert data.threshold_split is Split.TEST


def test_train_and_val_are_seeded_and_share_no_image(tmp_path: Path) -> None:
    official(tmp_path)
    data = ImageNet(tmp_path, SETTINGS)
    assert data.examples == ImageNet(tmp_path, SETTINGS).examples
    assert len(data.split(Split.TRAIN)) == 3 * 4
    assert len(data.split(Split.VAL)) == 4
    assert len({example.source for example in data.examples}) == len(data.examples)
    other = ImageNet(tmp_path, SETTINGS.model_copy(update={"sample_seed": 1}))
    assert other.split(Split.TRAIN) != data.split(Split.TRAIN)
    assert data.load(data.split(Split.TRAIN)[0]).boxes == ()


def test_more_training_images_leave_the_others_and_val_as_they_are(tmp_path: Path) -> None:
    official(tmp_path)
    few = ImageNet(tmp_path, SETTINGS)
    all_of_them = ImageNet(tmp_path, SETTINGS.model_copy(update={"train_per_class": 1300}))
    assert few.split(Split.VAL) == all_of_them.split(Split.VAL)
    assert set(few.split(Split.TRAIN)) < set(all_of_them.split(Split.TRAIN))
    assert len(all_of_them.split(Split.TRAIN)) == 5 * 4


def test_the_dogs_are_a_part_of_it_with_the_same_class_indices(tmp_path: Path) -> None:
    official(tmp_path)
    dogs = open_dataset(DogsSettings(adaptor="dogs"), tmp_path)
    assert {example.label for example in dogs.examples} == {254}
    assert len(dogs.classes) == 1000
    assert dogs.classes[254].name == "pug"


def test_boxes_can_be_done_without(tmp_path: Path) -> None:
    add_flat_val(tmp_path / "val")
    add_train(tmp_path / "train")
    add_solution(tmp_path)
    data = ImageNet(tmp_path, PLAIN)
    assert data.load(data.split(Split.TEST)[0]).boxes == ()
    with pytest.raises(DataError, match="boxes = false"):
        ImageNet(tmp_path, SETTINGS)


def test_every_problem_of_a_tree_is_in_one_message(tmp_path: Path) -> None:
    official(tmp_path)
    val, train = tmp_path / "ILSVRC2012_img_val", tmp_path / "train"
    boxes = tmp_path / "ILSVRC2012_bbox_val_v3/val"
    draw(val / f"{val_name(9)}.JPEG")
    (train / TENCH / f"{TENCH}_0.JPEG").write_text("no picture")
    (train / PUG).rename(train / "n99999999")
    (boxes / f"{val_name(1)}.xml").unlink()
    (boxes / f"{val_name(2)}.xml").write_text("<annotation>")
    with pytest.raises(DataError) as error:
        ImageNet(tmp_path, SETTINGS.model_copy(update={"train_per_class": 1300}))
    problems = "\n".join(error.value.problems)
    for expected in (
        "no label is known for ILSVRC2012_val_00000009",
        "n01440764_0.JPEG; unpack them again",
        "'n99999999' is none of the 1000",
        f"there is no folder {PUG}",
        "no boxes for 1 images: ILSVRC2012_val_00000001.xml",
        "ILSVRC2012_val_00000002.xml: is no XML",
    ):
        assert expected in problems
    assert len(error.value.problems) == 6


def test_an_empty_folder_is_told_everything_that_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        ImageNet(tmp_path, SETTINGS)
    assert [problem.split(":")[0] for problem in error.value.problems] == [
        "validation images",
        "training images (cards, neighbours)",
        "boxes",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("LOC_val_solution.csv", "ImageId\nx\n"),
        ("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", "1\n"),
    ],
)
def test_labels_that_cannot_be_read_are_explained(tmp_path: Path, name: str, content: str) -> None:
    add_flat_val(tmp_path / "val")
    add_train(tmp_path / "train")
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=f"{Path(name).name}: cannot be read"):
        ImageNet(tmp_path, PLAIN)
