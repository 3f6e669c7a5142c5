"""Twins differ in one mark, which their cards name and which stays visible."""

import re

import numpy as np
import pytest

from stimuli.datasets.species.butterfly import cut_out
from stimuli.datasets.species.dataset import Species
from stimuli.datasets.species.habitats import HABITATS
from stimuli.datasets.species.pattern import ButterflySpecies
from stimuli.datasets.species.picture import draw_picture
from stimuli.datasets.species.scene import sample_scene
from stimuli.datasets.species.ten_species import TEN_SPECIES
from stimuli.datasets.species.twins import DUSK, EMBER, FERRY, HARROW, LANTERN, TIDEWATER

TWINS = [(EMBER, LANTERN), (DUSK, HARROW), (TIDEWATER, FERRY)]


def test_every_habitat_is_home_to_two_species_and_never_to_a_pair_of_twins() -> None:
    homes = [species.habitat for species in TEN_SPECIES]
    assert {name: homes.count(name) for name in HABITATS} == dict.fromkeys(HABITATS, 2)
    assert all(first.habitat != second.habitat for first, second in TWINS)


@pytest.mark.parametrize(("first", "second"), TWINS, ids=lambda species: species.name)
def test_twins_differ_in_one_small_mark_that_stays_visible(
    first: ButterflySpecies, second: ButterflySpecies
) -> None:
    for number in range(8):
        scene = sample_scene(np.random.default_rng(number))
        one, two = cut_out(first, scene, 224), cut_out(second, scene, 224)
        assert np.array_equal(np.asarray(one.coverage), np.asarray(two.coverage))
        gap = np.abs(np.asarray(one.image, dtype=int) - np.asarray(two.image, dtype=int)).max(-1)
        butterfly = (np.asarray(one.coverage) >= 128).sum()
        assert 0.003 < (gap > 40).sum() / butterfly
        assert (gap > 0).sum() / butterfly < 0.16


def test_twins_in_one_place_share_their_mask_and_background() -> None:
    scene = sample_scene(np.random.default_rng(3))
    one, two = (draw_picture(species, "moss", scene, seed=2021, size=64) for species in TWINS[0])
    assert one.mask is not None
    assert two.mask is not None
    assert np.array_equal(one.mask, two.mask)
    ground = ~one.mask
    assert np.array_equal(np.asarray(one.image)[ground], np.asarray(two.image)[ground])


def test_every_card_is_unique_and_the_cards_of_twins_name_the_mark() -> None:
    cards = {info.name: info.description for info in Species().classes}
    assert len(cards) == len(set(cards.values())) == 10
    assert all(re.search(r"wings?|hindwing|forewing|tail", text) for text in cards.values())
    for twins, words in zip(
        TWINS,
        [("no white", "one bright white"), ("two", "three"), ("unbroken", "broken by")],
        strict=True,
    ):
        for species, word in zip(twins, words, strict=True):
            assert word in cards[species.name]
