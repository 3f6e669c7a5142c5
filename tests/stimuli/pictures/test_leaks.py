"""Pictures that stand in two splits: which of the two goes, and that all are counted and named."""

import logging
from pathlib import Path

import pytest
from PIL import Image

from stimuli.cache import Cache
from stimuli.datasets.base import Example, Split
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import encode
from stimuli.pictures.leaks import Leak, without_leaks
from tests.stimuli.pictures.test_copies import again, photo

CLEAN = {leak.value: 0 for leak in Leak}


def crop_of(split: Split, name: str, image: Image.Image, *, label: int = 0) -> Crop:
    """A picture as a crop."""
    example = Example(source=name, label=label, split=split)
    return Crop(example=example, jpeg=encode(image), boxes=())


def test_test_pictures_of_train_or_val_and_val_pictures_of_train_are_left_out_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pictures = [photo(seed) for seed in range(8)]
    crops = {
        Split.TRAIN: [crop_of(Split.TRAIN, f"train{n}", pictures[n]) for n in (0, 0, 1, 2)],
        Split.VAL: [
            crop_of(Split.VAL, "val-near-1", again(pictures[1], 50)),
            *(crop_of(Split.VAL, f"val{n}", pictures[n]) for n in (3, 4)),
        ],
        Split.TEST: [
            crop_of(Split.TEST, "test0", pictures[0]),
            crop_of(Split.TEST, "test-near-2", again(pictures[2], 50)),
            crop_of(Split.TEST, "test3", pictures[3]),
            *(crop_of(Split.TEST, f"test{n}", pictures[n]) for n in (5, 5, 6)),
        ],
    }
    with caplog.at_level(logging.WARNING):
        kept, counts = without_leaks(crops, Cache(folder=tmp_path))
    names = {split: [crop.example.source for crop in kept[split]] for split in Split}
    assert names == {
        Split.TRAIN: ["train0", "train0", "train1", "train2"],
        Split.VAL: ["val3", "val4"],
        Split.TEST: ["test5", "test5", "test6"],
    }
    assert counts == {
        Split.TRAIN: CLEAN,
        Split.VAL: CLEAN | {Leak.NEAR: 1},
        Split.TEST: {Leak.EXACT: 2, Leak.NEAR: 1},
    }
    assert "val: 1 of 3 pictures are left out" in caplog.text
    assert "test0 of train0, test-near-2 of train2, test3 of val3" in caplog.text


def test_a_photo_in_two_classes_is_named_in_one_split_and_in_two_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pictures = [photo(seed) for seed in range(4)]
    crops = {
        Split.TRAIN: [crop_of(Split.TRAIN, f"train{n}", pictures[n]) for n in (0, 1)],
        Split.VAL: [
            crop_of(Split.VAL, "val2", pictures[2]),
            crop_of(Split.VAL, "val2-as-1", again(pictures[2], 50), label=1),
        ],
        Split.TEST: [
            crop_of(Split.TEST, "test1-as-1", pictures[1], label=1),
            crop_of(Split.TEST, "test3", pictures[3], label=1),
        ],
    }
    with caplog.at_level(logging.WARNING):
        kept, _ = without_leaks(crops, Cache(folder=tmp_path))
    [said] = [line for line in caplog.messages if "two classes" in line]
    assert "is wrong: train1 and test1-as-1, val2 and val2-as-1;" in said
    assert len(kept[Split.VAL]) == 2


def test_without_copies_nothing_is_left_out_or_said_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    crops = {
        split: [crop_of(split, f"{split}{n}", photo(10 * place + n)) for n in range(5)]
        for place, split in enumerate(Split)
    }
    with caplog.at_level(logging.WARNING):
        assert without_leaks(crops, Cache(folder=tmp_path)) == (
            crops,
            dict.fromkeys(Split, CLEAN),
        )
    assert not caplog.text
