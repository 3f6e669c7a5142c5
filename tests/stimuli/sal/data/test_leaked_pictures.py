"""Saliency training judges on no picture that it learns from."""

import csv
import logging
from pathlib import Path

import pytest

from stimuli.cache import Cache
from stimuli.datasets.folder.dataset import Folder
from stimuli.sal.data.images import load_data
from stimuli.study.dataset_settings import FolderSettings
from tests.stimuli.pictures.test_copies import again, photo

SETTINGS = FolderSettings(adaptor="folder", min_side=64, resize_px=64, crop_px=64)


def test_copies_of_training_pictures_are_left_out_of_val_and_test_and_counted_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Two of the test pictures are the same photos as two that are learned from."""
    splits = ["train"] * 4 + ["val"] * 2 + ["test"] * 4
    photos = [photo(n) for n in range(8)] + [photo(1), again(photo(4), 60)]
    rows = []
    for number, (split, image) in enumerate(zip(splits, photos, strict=True)):
        image.save(tmp_path / f"{number}.png")
        rows.append((f"{number}.png", ("hen", "hay")[number % 2], split))
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("image", "label", "split"), *rows])
    with caplog.at_level(logging.WARNING):
        data = load_data(Folder(tmp_path, SETTINGS), SETTINGS, Cache(folder=tmp_path / "kept"))
    assert data.train.sources == tuple(f"{n}.png" for n in range(4))
    assert data.val.sources == ("4.png", "5.png")
    assert data.test.sources == ("6.png", "7.png")
    assert "test: 2 of 4 pictures are left out" in caplog.text
