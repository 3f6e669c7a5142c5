"""The embedded data set: its pictures are reproducible, exact and fair."""

import pickle
from math import sqrt

import numpy as np
import pytest
from PIL import Image

from stimuli.datasets.base import Example, Picture, Split
from stimuli.datasets.species.dataset import Species
from stimuli.datasets.species.habitats import HABITATS
from stimuli.datasets.species.ten_species import TEN_SPECIES


def small(seed: int = 2021, size: int = 64) -> Species:
    return Species(seed=seed, size=size, train_per_class=1, val_per_class=1, test_per_class=1)


def mask_of(picture: Picture) -> np.ndarray:
    assert picture.mask is not None
    return picture.mask


def pixels(picture: Picture) -> np.ndarray:
    return np.asarray(picture.image)


@pytest.fixture(scope="module")
def pictures() -> list[Picture]:
    species = small()
    return [species.load(example) for example in species.examples]


def test_examples_come_in_the_order_train_val_test_with_unique_sources() -> None:
    species = Species(train_per_class=3, val_per_class=2, test_per_class=4)
    assert [len(species.split(split)) for split in Split] == [30, 20, 40]
    assert [e.split for e in species.examples] == sorted(
        (e.split for e in species.examples), key=list(Split).index
    )
    assert len({e.source for e in species.examples}) == 90
    assert Example(source="train/03/0002", label=3, split=Split.TRAIN) in species.examples


def test_the_same_seed_draws_the_same_picture_in_any_order_and_from_another_object(
    pictures: list[Picture],
) -> None:
    other = pickle.loads(pickle.dumps(small()))
    for example, first in list(zip(other.examples, pictures, strict=True))[::-7]:
        again = other.load(example)
        assert np.array_equal(pixels(again), pixels(first))
        assert np.array_equal(mask_of(again), mask_of(first))


def test_the_number_of_examples_does_not_change_a_picture(pictures: list[Picture]) -> None:
    more = Species(size=64, train_per_class=5)
    assert np.array_equal(pixels(more.load(more.examples[0])), pixels(pictures[0]))


def test_another_seed_draws_another_picture(pictures: list[Picture]) -> None:
    other = small(seed=1)
    assert not np.array_equal(pixels(other.load(other.examples[0])), pixels(pictures[0]))


def test_the_box_touches_the_mask_on_every_side(pictures: list[Picture]) -> None:
    for picture in pictures:
        ((left, top, right, bottom),) = picture.boxes
        rows, columns = np.nonzero(mask_of(picture))
        assert (left, top) == (columns.min(), rows.min())
        assert (right, bottom) == (columns.max() + 1, rows.max() + 1)


def test_the_butterfly_covers_a_sensible_part_of_every_picture(pictures: list[Picture]) -> None:
    for picture in pictures:
        assert mask_of(picture).dtype == np.bool_
        assert 0.015 < mask_of(picture).mean() < 0.45
        ((left, top, right, bottom),) = picture.boxes
        assert 0.30 * 64 < max(right - left, bottom - top) < 0.78 * 64


def test_in_train_about_85_percent_of_the_butterflies_are_at_home() -> None:
    assert_share_at_home(Species(train_per_class=300), Split.TRAIN, 0.85)


@pytest.mark.parametrize("split", [Split.VAL, Split.TEST])
def test_outside_train_the_habitat_agrees_by_chance(split: Split) -> None:
    assert_share_at_home(Species(val_per_class=200, test_per_class=200), split, 1 / len(HABITATS))


def assert_share_at_home(species: Species, split: Split, expected: float) -> None:
    """Within the binomial 99.9 % interval (normal approximation)."""
    examples = species.split(split)
    home = np.mean([species.habitat(e) == TEN_SPECIES[e.label].habitat for e in examples])
    assert abs(home - expected) < 3.29 * sqrt(expected * (1 - expected) / len(examples))


def test_a_butterfly_away_from_home_may_be_in_any_other_habitat() -> None:
    data = Species(train_per_class=40, train_habitat_agreement=0.0)
    seen = {(e.label, data.habitat(e)) for e in data.split(Split.TRAIN)}
    assert seen == {
        (label, name)
        for label, species in enumerate(TEN_SPECIES)
        for name in HABITATS
        if name != species.habitat
    }


@pytest.mark.parametrize("size", [64, 320])
def test_another_size_shows_the_same_scene(size: int) -> None:
    example = small().examples[5]
    reference, other = small(size=224).load(example), small(size=size).load(example)
    assert other.image.size == (size, size)
    assert mask_of(other).shape == (size, size)
    first, second = shrunk(mask_of(reference)), shrunk(mask_of(other))
    assert (first & second).sum() / (first | second).sum() > 0.9
    difference = np.abs(thumbnail(reference) - thumbnail(other))
    assert difference.mean() < 4


def shrunk(mask: np.ndarray) -> np.ndarray:
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(image.resize((64, 64), Image.Resampling.BOX)) >= 128


def thumbnail(picture: Picture) -> np.ndarray:
    small_image = picture.image.resize((32, 32), Image.Resampling.BOX)
    return np.asarray(small_image, dtype=float)


def test_one_error_names_every_bad_argument() -> None:
    with pytest.raises(ValueError, match="val_per_class.*agreement of train.*size.*seed"):
        Species(seed=-1, size=10, val_per_class=-2, train_habitat_agreement=1.5)
