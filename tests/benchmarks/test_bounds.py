"""How often the intervals of bounds hold the effect among people who are always analysed.

`make bench ONLY=bounds`, a quarter of an hour on a busy core.

Everybody judges the same 48 images, in condition a a little better than in b. Images are drawn once
for each corner, since the intervals are for these images; people are drawn anew in each study from
a population of which it is known how well each person does, and whether they are analysed, in
either condition. Who is lost:

- sharp: in b the people who would do worst in a, in a nobody. The truth is then one of Lee's bounds
  itself, and the interval has nothing to spare;
- monotone: in both the less able, more of them in b. The truth is somewhere between the bounds;
- crossed: in a the less able by dropout, in b the abler by the gate;
- nobody.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from analysis.statistics.sample.selection import ALIKE, CROSSED, MONOTONE, interval_of
from analysis.statistics.trimming import group_of
from tests.benchmarks.sizes import QUICK, size

STUDIES = size(2_000, quick=5)
POPULATION = size(100_000, quick=2_000)
CORNERS = list(itertools.product((0.3, 1.2), (0.0, 1.0), (25, 80)))  # sd of people, images; people
IMAGES = 48
MEAN, EFFECT = 0.8, 0.3  # log odds
ASSUMED = {"sharp": MONOTONE, "monotone": MONOTONE, "crossed": CROSSED, "nobody": ALIKE}


@dataclass(frozen=True, kw_only=True)
class People:
    """A population: per cent right, and whether analysed, in a and in b, of shape (2, people)."""

    right: NDArray[np.float64]
    kept: NDArray[np.bool_]

    @property
    def effect(self) -> float:
        """Mean difference a - b among those who are analysed in either condition."""
        always = self.kept.all(axis=0)
        return float((self.right[0] - self.right[1])[always].mean())


def population(
    rng: np.random.Generator, sd_person: float, sd_image: float, selection: str
) -> People:
    """People with their answers to the images of a corner in both conditions."""
    images = rng.normal(0, sd_image, IMAGES)
    ability = rng.normal(0, 1, POPULATION)
    right = np.zeros((2, POPULATION))
    for image in images:
        for condition, effect in enumerate((EFFECT, 0)):
            chance = expit(MEAN + effect + image + sd_person * ability)
            right[condition] += (rng.random(POPULATION) < chance) * 100 / IMAGES
    luck = ability + rng.normal(0, 1, POPULATION)
    kept = np.ones_like(right, dtype=bool)
    if selection == "sharp":
        order = (right[0] + rng.random(POPULATION)).argsort()  # ties at random
        kept[1, order[: POPULATION // 5]] = False
    elif selection == "monotone":
        kept[:] = luck > np.quantile(luck, [[0.05], [0.2]])
    elif selection == "crossed":
        kept[0], kept[1] = luck > np.quantile(luck, 0.15), luck < np.quantile(luck, 0.85)
    return People(right=right, kept=kept)


def held(corner: tuple[float, float, int], selection: str, *, seed: int) -> float:
    """Per cent of the intervals that hold the effect; studies too small for one do not count."""
    sd_person, sd_image, n_people = corner
    rng = np.random.default_rng(seed)
    people = population(rng, sd_person, sd_image, selection)
    n_lost = 1 - people.kept.mean(axis=1).min()
    n_assigned = round(n_people / (1 - n_lost))
    results = []
    for _ in range(STUDIES):
        groups = []
        for right, kept in zip(people.right, people.kept, strict=True):
            drawn = rng.integers(0, POPULATION, n_assigned)
            groups.append(group_of(right[drawn][kept[drawn]], n_assigned))
        *_, low, high, reason = interval_of(*groups, ASSUMED[selection], rng)
        if not reason:
            results.append(low <= people.effect <= high)
    return 100 * float(np.mean(results))


@pytest.mark.parametrize("selection", ASSUMED)
def test_intervals_hold_the_effect_among_people_who_are_always_analysed(selection: str) -> None:
    """At least as often as they should; as often where they have nothing to spare."""
    for corner in CORNERS:
        share = held(corner, selection, seed=1)
        print(f"{selection} {corner}: held by {share:.1f} %")  # noqa: T201
        assert QUICK or share >= 93
        assert QUICK or selection in ("monotone", "crossed") or share <= 97
