"""Oxford Flowers102 from a small tree of the same form."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat
from torchvision.datasets import Flowers102

from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Split
from stimuli.datasets.flowers.dataset import Flowers
from stimuli.study.dataset_settings import FlowersSettings

SETTINGS = FlowersSettings(adaptor="flowers")
SIZE = (64, 48)
LABELS = (77, 1, 102, 5, 77, 2, 9)
"""Of images 1 to 7."""

IDS = {"trnid": [7, 2], "valid": [3], "tstid": [1, 4, 5, 6]}


def flower() -> Image.Image:
    """Yellow and black on blue; its edges are those of JPEG's blocks of 16 px."""
    pixels = np.zeros((48, 64, 3), dtype=np.uint8)
    pixels[:] = (0, 0, 254)
    pixels[16:32, 16:32] = (250, 220, 10)
    pixels[16:32, 32:48] = (0, 0, 0)
    return Image.fromarray(pixels)


def write_release(folder: Path) -> Path:
    """Seven images with JPEG masks."""
    for name in ("jpg", "segmim"):
        (folder / name).mkdir(parents=True)
    for number in range(1, 8):
        photo = Image.new("RGB", SIZE, (30 * number, 90, 30))
        photo.save(folder / f"jpg/image_{number:05d}.jpg")
        flower().save(folder / f"segmim/segmim_{number:05d}.jpg", quality=75)
    savemat(folder / "imagelabels.mat", {"labels": np.array([LABELS], dtype=np.uint8)})
    savemat(folder / "setid.mat", {name: np.array([ids]) for name, ids in IDS.items()})
    return folder


def test_a_flower_is_what_is_not_blue_though_jpeg_changes_blue(tmp_path: Path) -> None:
    """JPEG stores colours at half the resolution, so that one pixel around the flower is unsure."""
    data = Flowers(write_release(tmp_path), SETTINGS)
    picture = data.load(data.examples[0])
    assert picture.image.size == SIZE
    assert picture.boxes == ()
    assert picture.mask is not None
    assert picture.mask[16:32, 16:48].all()
    assert not np.delete(picture.mask, slice(15, 33), axis=0).any()
    assert not np.delete(picture.mask, slice(15, 49), axis=1).any()


def test_without_halved_colours_the_mask_is_exact(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    data = Flowers(folder, SETTINGS)
    path = folder / "segmim" / data.examples[0].source.replace("image", "segmim")
    flower().save(path.with_suffix(".jpg"), quality=75, subsampling=0)
    expected = np.zeros((48, 64), dtype=bool)
    expected[16:32, 16:48] = True
    mask = data.load(data.examples[0]).mask
    assert mask is not None
    assert np.array_equal(mask, expected)


def test_noise_up_to_the_tolerance_is_background(tmp_path: Path) -> None:
    data = Flowers(write_release(tmp_path), SETTINGS)
    colours = [(0, 0, 254), (48, 48, 206), (49, 0, 254), (0, 0, 205), (0, 60, 254)]
    mask = Image.fromarray(np.array([colours], dtype=np.uint8))
    assert data.object_in(mask, data.examples[0]).tolist() == [[False, False, True, True, True]]


def test_splits_are_those_of_the_release_and_numbers_count_from_one(tmp_path: Path) -> None:
    data = open_dataset(SETTINGS, write_release(tmp_path / "flowers-102").parent)
    examples = {s: [(e.source, e.label) for e in data.split(s)] for s in Split}
    assert examples == {
        Split.TRAIN: [("image_00007", 8), ("image_00002", 0)],
        Split.VAL: [("image_00003", 101)],
        Split.TEST: [
            ("image_00001", 76),
            ("image_00004", 4),
            ("image_00005", 76),
            ("image_00006", 1),
        ],
    }


def test_names_are_those_of_torchvision(tmp_path: Path) -> None:
    data = Flowers(write_release(tmp_path), SETTINGS)
    names = [info.name for info in data.classes]
    assert names == [name.rstrip("?") for name in Flowers102.classes]
    assert (names[0], names[76], names[101]) == (
        "pink primrose",
        "passion flower",
        "blackberry lily",
    )


def test_every_problem_of_a_release_is_in_one_message(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    (folder / "jpg/image_00001.jpg").unlink()
    (folder / "segmim/segmim_00002.jpg").write_text("no picture")
    Image.new("RGB", (3, 3)).save(folder / "segmim/segmim_00003.jpg")
    with pytest.raises(DataError) as error:
        Flowers(tmp_path, SETTINGS)
    assert [problem.split(";")[0] for problem in error.value.problems] == [
        "1 images are missing or unreadable: image_00001",
        "1 masks are missing or unreadable: image_00002",
        "1 masks have another size than their image: image_00003",
    ]


def test_lists_that_cannot_be_read_or_do_not_agree_are_explained(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    savemat(folder / "imagelabels.mat", {"labels": np.array([[0, 103, 4, 5]])})
    with pytest.raises(DataError) as error:
        Flowers(tmp_path, SETTINGS)
    assert [problem.split(";")[0] for problem in error.value.problems] == [
        "imagelabels.mat: labels are not 1 to 102: 0, 103",
        "setid.mat: imagelabels.mat has no image trnid 7, tstid 5, tstid 6",
    ]
    (folder / "imagelabels.mat").write_text("no arrays")
    savemat(folder / "setid.mat", {"trnid": [1], "valid": [2]})
    with pytest.raises(DataError) as error:
        Flowers(tmp_path, SETTINGS)
    problems = "\n".join(error.value.problems)
    assert "imagelabels.mat: cannot be read" in problems
    assert "setid.mat: has no array 'tstid'" in problems
    assert len(error.value.problems) == 2


def test_an_empty_folder_is_told_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        Flowers(tmp_path, SETTINGS)
    assert [problem.split(": ")[1][:10] for problem in error.value.problems] == ["is missing"] * 2
