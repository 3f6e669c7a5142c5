"""Crops on disk, read as they were made; pictures that end too early are all named at once."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.cache import Cache
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Dataset, Split
from stimuli.datasets.imagenet.dataset import ImageNet
from stimuli.pictures import crop_cache
from stimuli.pictures.crop_cache import cached_crops
from stimuli.pictures.crops import Crop, crop
from stimuli.study import Study
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
        cached_crops(data, data.examples, SETTINGS, Cache(folder=tmp_path / "cache"))
    problems = sorted(error.value.problems)
    assert [p.split(":")[0] for p in problems] == ["train/n01440764/2.JPEG", "val/n01440764/a.JPEG"]
    assert all("truncated" in p and "replace the file" in p for p in problems)


def test_whole_pictures_all_have_views(tree: Path, tmp_path: Path) -> None:
    data = ImageNet(tree, SETTINGS)
    outcomes = cached_crops(data, data.examples, SETTINGS, Cache(folder=tmp_path / "cache"))
    assert len(outcomes) == len(data.split(Split.TRAIN)) + len(data.split(Split.VAL)) + 2 == 6


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(folder=tmp_path / "cache")


@pytest.fixture
def colours(colour_folder: Path, colour_study: Study) -> Dataset:
    """270 photos, one too small; some with a box, some with a mask."""
    return open_dataset(colour_study.dataset, colour_folder)


def test_views_from_packs_are_those_that_were_made(
    colours: Dataset, colour_study: Study, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crop_cache, "CROPS_PER_FILE", 100)
    settings = colour_study.dataset
    read = cached_crops(colours, colours.examples, settings, cache)
    for found, example in zip(read, colours.examples, strict=True):
        made = crop(example, colours, settings)
        if isinstance(made, Crop):
            assert isinstance(found, Crop)
            assert bytes(found.jpeg) == made.jpeg
            assert (found.example, found.boxes, found.kind) == (example, made.boxes, made.kind)
            assert (found.mask and bytes(found.mask)) == made.mask
        else:
            assert found is made


@pytest.mark.slow
def test_only_packs_with_a_changed_photo_are_made_again(
    colours: Dataset,
    colour_folder: Path,
    colour_study: Study,
    cache: Cache,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crop_cache, "CROPS_PER_FILE", 100)
    settings = colour_study.dataset
    cached_crops(colours, colours.examples, settings, cache)
    before = {*cache.folder.rglob("*.npz")}
    photo = colour_folder / colours.examples[150].source
    os.utime(photo, ns=(photo.stat().st_atime_ns, photo.stat().st_mtime_ns + 1))
    cached_crops(colours, colours.examples, settings, cache)
    assert len({*cache.folder.rglob("*.npz")} - before) == 1
