"""ImageNet-S from a small tree of the form of its release of 50 classes."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Example, Split
from stimuli.datasets.imagenet.synsets import synsets
from stimuli.datasets.imagenet_s import ImageNetS
from stimuli.study.dataset_settings import ImageNetSSettings

SETTINGS = ImageNetSSettings(adaptor="imagenet_s", classes=50)
WNIDS = [synset.wnid for synset in synsets()[:49]] + ["n99999999"]
SIZE = (6, 4)


def encoded(picture: Image.Image, form: str) -> bytes:
    """The bytes of a picture file."""
    file = BytesIO()
    picture.save(file, form)
    return file.getvalue()


def ids(own: int) -> Image.Image:
    """Rows of pixels: the image's own class, another one, those to ignore, and nothing."""
    mask = np.zeros((4, 6, 3), dtype=np.uint8)
    mask[0, :, 0] = own
    mask[1, :, 0] = own + 1
    mask[2] = (1000 % 256, 1000 // 256, 0)
    return Image.fromarray(mask)


def write_release(root: Path) -> Path:
    """Ten training images and one validation image of each class."""
    folder = root / "ImageNetS50"
    photo = encoded(Image.new("RGB", SIZE, (9, 80, 20)), "JPEG")
    for part, count in (("train-semi", 10), ("validation", 1)):
        for own, wnid in enumerate(WNIDS, start=1):
            images, masks = folder / part / wnid, folder / f"{part}-segmentation" / wnid
            images.mkdir(parents=True)
            masks.mkdir(parents=True)
            mask = encoded(ids(own), "PNG")
            for k in range(count):
                (images / f"{wnid}_{k}.JPEG").write_bytes(photo)
                (masks / f"{wnid}_{k}.png").write_bytes(mask)
    return folder


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a whole release, which tests only read."""
    return write_release(tmp_path_factory.mktemp("imagenet_s")).parent


@pytest.fixture(scope="module")
def data(release: Path) -> ImageNetS:
    """The release, opened."""
    return ImageNetS(release, SETTINGS)


def test_the_object_is_what_has_the_class_of_the_image(data: ImageNetS) -> None:
    """Another class, pixels to ignore and the background are none of it."""
    for example in (data.examples[0], data.split(Split.TEST)[-1]):
        picture = data.load(example)
        assert picture.image.size == SIZE
        assert picture.mask is not None
        assert picture.mask.tolist() == [[True] * 6, [False] * 6, [False] * 6, [False] * 6]


def test_class_ids_beyond_255_are_in_the_green_channel(data: ImageNetS) -> None:
    example = Example(source="any", label=918, split=Split.TEST)
    pixels = np.array([[(919 - 3 * 256, 3, 0), (919 - 3 * 256, 0, 0), (0, 3, 0)]], dtype=np.uint8)
    assert data.object_in(Image.fromarray(pixels), example).tolist() == [[True, False, False]]


def test_ten_images_of_a_class_are_split_seven_to_three(release: Path, data: ImageNetS) -> None:
    assert {s: len(data.split(s)) for s in Split} == {
        Split.TRAIN: 350,
        Split.VAL: 150,
        Split.TEST: 50,
    }
    assert {e.label for e in data.split(Split.VAL)} == set(range(50))
    assert all(e.source.startswith("validation/") for e in data.split(Split.TEST))
    assert data.examples == open_dataset(SETTINGS, release).examples


def test_classes_are_described_by_wordnet_as_far_as_it_knows_them(data: ImageNetS) -> None:
    assert data.classes[0].name == "tench"
    assert data.classes[0].description.startswith("freshwater dace-like game fish")
    assert (data.classes[49].name, data.classes[49].description) == ("n99999999", "")


def test_every_problem_of_a_tree_is_in_one_message(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    first = WNIDS[0]
    (folder / "train-semi" / first / f"{first}_0.JPEG").unlink()
    (folder / "train-semi-segmentation" / first / f"{first}_1.png").unlink()
    Image.new("RGB", (3, 3)).save(folder / "validation-segmentation" / first / f"{first}_0.png")
    with pytest.raises(DataError) as error:
        ImageNetS(tmp_path, SETTINGS)
    assert [problem.split(";")[0] for problem in error.value.problems] == [
        f"1 images are missing or unreadable: train-semi/{first}/{first}_0",
        f"1 masks are missing or unreadable: train-semi/{first}/{first}_1",
        f"1 masks have another size than their image: validation/{first}/{first}_0",
    ]


def test_a_class_that_is_missing_is_not_passed_over_for_the_ids_would_shift(
    tmp_path: Path,
) -> None:
    folder = write_release(tmp_path)
    (folder / "train-semi-segmentation" / WNIDS[3]).rename(tmp_path / "elsewhere")
    with pytest.raises(DataError) as error:
        ImageNetS(tmp_path, SETTINGS)
    counted, differing = error.value.problems
    assert "train-semi-segmentation: holds 49 class folders" in counted
    assert f"train-semi-segmentation: differs from train-semi in {WNIDS[3]}" in differing


def test_another_release_is_not_taken_for_this_one(release: Path) -> None:
    with pytest.raises(DataError) as error:
        ImageNetS(release / "ImageNetS50", SETTINGS.model_copy(update={"classes": 919}))
    assert len(error.value.problems) == 4
    assert "holds 50 class folders, but the ids in the masks count 919" in error.value.problems[0]
