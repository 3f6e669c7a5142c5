"""The embedded data set: its pictures are reproducible, exact and fair."""

import pickle
import re
from math import sqrt

import numpy as np
import pytest
from PIL import Image

from stimuli.datasets.base import Example, Picture, Split
from stimuli.datasets.species.butterfly import cut_out
from stimuli.datasets.species.dataset import Species
from stimuli.datasets.species.homes import HABITATS
from stimuli.datasets.species.kinds import KINDS
from stimuli.datasets.species.pattern import Kind
from stimuli.datasets.species.picture import draw_picture
from stimuli.datasets.species.scene import draw_lots
from stimuli.datasets.species.twins import DUSK, EMBER, FERRY, HARROW, LANTERN, TIDEWATER

TWINS = [(EMBER, LANTERN), (DUSK, HARROW), (TIDEWATER, FERRY)]


def small(seed: int = 2021, size: int = 64) -> Species:
    return Species(seed=seed, size=size, train_per_class=1, val_per_class=1, test_per_class=1)


def mask_of(picture: Picture) -> np.ndarray:
    assert picture.mask is not None
    return picture.mask


def pixels(picture: Picture) -> np.ndarray:
    return np.asarray(picture.image)


@pytest.fixture(scope="module")
def drawn() -> list[Picture]:
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
    drawn: list[Picture],
) -> None:
    other = pickle.loads(pickle.dumps(small()))
    for example, first in list(zip(other.examples, drawn, strict=True))[::-7]:
        again = other.load(example)
        assert np.array_equal(pixels(again), pixels(first))
        assert np.array_equal(mask_of(again), mask_of(first))


def test_the_number_of_examples_does_not_change_a_picture(drawn: list[Picture]) -> None:
    more = Species(size=64, train_per_class=5)
    assert np.array_equal(pixels(more.load(more.examples[0])), pixels(drawn[0]))


def test_another_seed_draws_another_picture(drawn: list[Picture]) -> None:
    other = small(seed=1)
    assert not np.array_equal(pixels(other.load(other.examples[0])), pixels(drawn[0]))


def test_the_box_touches_the_mask_on_every_side(drawn: list[Picture]) -> None:
    for picture in drawn:
        ((left, top, right, bottom),) = picture.boxes
        rows, columns = np.nonzero(mask_of(picture))
        assert (left, top) == (columns.min(), rows.min())
        assert (right, bottom) == (columns.max() + 1, rows.max() + 1)


def test_the_butterfly_covers_a_sensible_part_of_every_picture(drawn: list[Picture]) -> None:
    for picture in drawn:
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
    home = np.mean([species.habitat(e) == KINDS[e.label].habitat for e in examples])
    assert abs(home - expected) < 3.29 * sqrt(expected * (1 - expected) / len(examples))


def test_a_butterfly_away_from_home_may_be_in_any_other_habitat() -> None:
    species = Species(train_per_class=40, train_habitat_agreement=0.0)
    seen = {(e.label, species.habitat(e)) for e in species.split(Split.TRAIN)}
    assert seen == {
        (label, name)
        for label, kind in enumerate(KINDS)
        for name in HABITATS
        if name != kind.habitat
    }


def test_every_habitat_is_home_to_two_species_and_never_to_a_pair_of_twins() -> None:
    homes = [kind.habitat for kind in KINDS]
    assert {name: homes.count(name) for name in HABITATS} == dict.fromkeys(HABITATS, 2)
    assert all(first.habitat != second.habitat for first, second in TWINS)


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


@pytest.mark.parametrize(("first", "second"), TWINS, ids=lambda kind: kind.name)
def test_twins_differ_in_one_small_mark_that_stays_visible(first: Kind, second: Kind) -> None:
    for number in range(8):
        scene = draw_lots(np.random.default_rng(number))
        one, two = cut_out(first, scene, 224), cut_out(second, scene, 224)
        assert np.array_equal(np.asarray(one.coverage), np.asarray(two.coverage))
        gap = np.abs(np.asarray(one.image, dtype=int) - np.asarray(two.image, dtype=int)).max(-1)
        butterfly = (np.asarray(one.coverage) >= 128).sum()
        assert 0.003 < (gap > 40).sum() / butterfly
        assert (gap > 0).sum() / butterfly < 0.16


def test_twins_in_one_place_share_their_mask_and_background() -> None:
    scene = draw_lots(np.random.default_rng(3))
    one, two = (draw_picture(kind, "moss", scene, seed=2021, size=64) for kind in TWINS[0])
    assert np.array_equal(mask_of(one), mask_of(two))
    assert np.array_equal(pixels(one)[~mask_of(one)], pixels(two)[~mask_of(one)])


def test_every_card_is_unique_and_the_cards_of_twins_name_the_mark() -> None:
    cards = {info.name: info.description for info in small().classes}
    assert len(cards) == len(set(cards.values())) == 10
    assert all(re.search(r"wings?|hindwing|forewing|tail", text) for text in cards.values())
    for twins, words in zip(
        TWINS,
        [("no white", "one bright white"), ("two", "three"), ("unbroken", "broken by")],
        strict=True,
    ):
        for kind, word in zip(twins, words, strict=True):
            assert word in cards[kind.name]


def test_one_error_names_every_bad_argument() -> None:
    with pytest.raises(ValueError, match="val_per_class.*agreement of train.*size.*seed"):
        Species(seed=-1, size=10, val_per_class=-2, train_habitat_agreement=1.5)
