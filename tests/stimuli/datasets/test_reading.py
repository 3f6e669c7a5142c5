"""Pictures that end too early: the workers go on, and one message names them all."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.cache import Cache
from stimuli.datasets.base import DataError, Split
from stimuli.datasets.imagenet.dataset import ImageNet
from stimuli.pictures.crop_cache import cached_crops
from stimuli.study.dataset_settings import ImageNetSettings

SETTINGS = ImageNetSettings(
    adaptor="imagenet", boxes=False, min_side=20, train_per_class=3, val_per_class=1
)
WNID = "n01440764"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """One class: two validation images, and four to train on."""
    noise = np.random.default_rng(1).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    names = [*(f"train/{WNID}/{n}.JPEG" for n in range(4)), *(f"val/{WNID}/{n}.JPEG" for n in "ab")]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(noise).save(tmp_path / name)
    return tmp_path


def cut(path: Path) -> None:
    """Keep the header, from which a quick look reads the size, and half of the pixels."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def test_every_picture_that_ends_too_early_is_named_with_what_to_do(
    tree: Path, tmp_path: Path
) -> None:
    for name in ("val/n01440764/a.JPEG", "train/n01440764/2.JPEG"):
        cut(tree / name)
    data = ImageNet(tree, SETTINGS)
    with pytest.raises(DataError) as error:
        cached_crops(data, data.examples, SETTINGS, Cache(folder=tmp_path / "kept"))
    problems = sorted(error.value.problems)
    assert [p.split(":")[0] for p in problems] == ["train/n01440764/2.JPEG", "val/n01440764/a.JPEG"]
    assert all("truncated" in p and "replace the file" in p for p in problems)


def test_whole_pictures_all_have_views(tree: Path, tmp_path: Path) -> None:
    data = ImageNet(tree, SETTINGS)
    crops = cached_crops(data, data.examples, SETTINGS, Cache(folder=tmp_path / "kept"))
    assert len(crops) == len(data.split(Split.TRAIN)) + len(data.split(Split.VAL)) + 2 == 6
