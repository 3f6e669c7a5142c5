"""How often scores that people ignore are said to go with them, and how often the intervals
within bins hold the truth: `make bench ONLY=scores`, minutes on one core.

A study: two conditions judge the same images, a third in each bin, and everybody judges them all.
The log odds of a right decision are what the bin, the image and the person bring. Easy images have
better scores too, and scores spread most in the bin where shares do. A condition's explainer has
seven metrics with something in common: normal, skewed, between 0 and 1, and two hits or misses.
In a null study people know nothing of scores; in a planted one they go by what metrics share.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from analysis.statistics.measures.score_correlations import MIN_EACH, MIN_TWO_VALUED
from analysis.statistics.within_bins.correlations import divided, partial_correlations
from analysis.statistics.within_bins.permutations import (
    intervals,
    p_of_permutations,
    permuted,
    standardised_sums,
)
from tests.benchmarks.sizes import QUICK, size

Values = NDArray[np.float64]

STUDIES, MANY = size(2_000, quick=3), size(30_000, quick=3)
PERMUTATIONS = 200  # with so few, p < .05 is as likely as with thousands: 10 of 201
ALPHA = 0.05
IMAGES = 48
METRICS, N_TWO_VALUED = 7, 2
LOG_ODDS = np.array([1.8, 0.8, 0.0])  # of a right decision in each bin
SCORE = np.array([1.0, 0.0, -0.8])  # what the bin brings to scores
SPREAD = np.array([0.7, 1.0, 1.3])  # of scores in each bin
PLANTED = 0.6  # log odds for each unit of what metrics share
TRUTH_IMAGES = size(3_000, quick=60)
TRUTHS = size(40, quick=2)


@dataclass(frozen=True, kw_only=True)
class World:
    """What is the same in all studies of a sort; standard deviations and effects in log odds."""

    n_people: int  # of each condition
    sd_person: float
    sd_image: float
    planted: float = 0.0


CORNERS = [
    World(n_people=n, sd_person=person, sd_image=image)
    for n, person, image in product((25, 80), (0.3, 1.2), (0.0, 1.0))
]


def bins_of(n: int) -> NDArray[np.int64]:
    return np.repeat(np.arange(3), n // 3)


def scores_of(rng: np.random.Generator, shared: Values, bins: NDArray[np.int64]) -> Values:
    """The metrics of each image, of shape (images, metrics)."""
    own = 0.7 * (shared[:, None] + rng.normal(size=(len(bins), METRICS)))
    latent = SCORE[bins, None] + SPREAD[bins, None] * own
    graded = [latent[:, 0], -latent[:, 1], expit(latent[:, 2]), np.exp(latent[:, 3]), latent[:, 4]]
    return np.column_stack([*graded, latent[:, 5] > 0, latent[:, 6] > 1]).astype("float64")


def judged(rng: np.random.Generator, world: World, n: int) -> list[tuple[Values, Values]]:
    """Scores and shares of the images in each of two conditions."""
    bins, images = bins_of(n), rng.normal(0, world.sd_image, n)
    conditions = []
    for _ in range(2):
        shared = rng.normal(size=n)
        people = rng.normal(0, world.sd_person, (world.n_people, 1))
        chances = expit(LOG_ODDS[bins] + images + world.planted * shared + people)
        shares = (rng.random(chances.shape) < chances).mean(axis=0)
        conditions.append((scores_of(rng, shared, bins), shares))
    return conditions


def true_r(world: World) -> Values:
    """Each metric's correlation within bins over countless images that as many people judge."""
    rng, bins = np.random.default_rng(99), bins_of(TRUTH_IMAGES)
    studies = [judged(rng, world, TRUTH_IMAGES)[0] for _ in range(TRUTHS)]
    return np.mean([partial_correlations(*study, bins)[0] for study in studies], axis=0)


def usable(scores: Values) -> NDArray[np.bool_]:
    """Metrics with enough stimuli, and with enough of each value."""
    hits = scores[:, -N_TWO_VALUED:].sum(axis=0)
    enough = np.minimum(hits, len(scores) - hits) >= MIN_EACH
    enough &= len(scores) >= MIN_TWO_VALUED
    return np.concatenate([np.ones(METRICS - N_TWO_VALUED, dtype=bool), enough])


def held(scores: Values, orders: Values, truth: Values) -> Values:
    """1 for each interval that holds the truth, 0 for one that does not, NaN where none is told."""
    known = usable(scores)
    low, high = intervals(scores[:, known], orders, bins_of(len(scores)))
    result = np.full(METRICS, np.nan)
    result[known] = (low <= truth[known]) & (truth[known] <= high)
    return result


@cache
def summary(world: World) -> dict[str, float]:
    """Per cent: families with an adjusted p below ALPHA, tests with p below it, and intervals that
    hold 0, over all metrics, of the metric with the fewest, and of that with the most."""
    rng, bins = np.random.default_rng(1), bins_of(IMAGES)
    found, holding = [], []
    for _ in range(STUDIES):
        sums = []
        for scores, shares in judged(rng, world, IMAGES):
            orders = permuted(shares, bins, rng=rng, n_permutations=PERMUTATIONS)
            sums.append(standardised_sums(scores[:, usable(scores)], orders, bins))
            holding.append(held(scores, orders, np.zeros(METRICS)))
        p, adjusted = p_of_permutations(np.hstack(sums))
        found.append((adjusted.min() < ALPHA, np.mean(p < ALPHA)))
    covered = np.nanmean(holding, axis=0)
    parts = [*np.mean(found, axis=0), covered.mean(), covered.min(), covered.max()]
    names = ("families", "tests", "held", "least", "most")
    result = {name: 100 * float(part) for name, part in zip(names, parts, strict=True)}
    told = ", ".join(f"{name} {value:.1f}" for name, value in result.items())
    print(f"\n{world}: {told}", flush=True)  # noqa: T201
    return result


@pytest.mark.parametrize("world", CORNERS)
def test_few_families_of_scores_that_people_ignore_have_one_that_goes_with_them(
    world: World,
) -> None:
    result = summary(world)
    assert QUICK or result["families"] <= 6
    assert QUICK or 4 <= result["tests"] <= 6
    assert QUICK or 93 <= result["least"] <= result["most"] <= 97


def percent_held(world: World, n_images: int, n_studies: int) -> Values:
    """How many intervals of each metric hold the truth."""
    rng, bins, truth = np.random.default_rng(1), bins_of(n_images), true_r(world)
    holding = []
    for _ in range(n_studies):
        for scores, shares in judged(rng, world, n_images):
            orders = permuted(shares, bins, rng=rng, n_permutations=PERMUTATIONS)
            holding.append(held(scores, orders, truth))
    told = np.isfinite(holding).sum(axis=0)
    percent = 100 * divided(np.nansum(holding, axis=0), told)
    print(f"\n{world}, {n_images} images: held {percent.round(2)}", flush=True)  # noqa: T201
    return percent


@pytest.mark.parametrize("corner", CORNERS)
def test_intervals_hold_correlations_that_are_there(corner: World) -> None:
    percent = percent_held(replace(corner, planted=PLANTED), IMAGES, MANY)
    assert QUICK or 93 <= percent.min() <= percent.max() <= 97


@pytest.mark.parametrize("n_images", [12, 30])
@pytest.mark.parametrize("corner", CORNERS)
def test_intervals_of_few_images_hold_correlations_that_are_there(
    corner: World, n_images: int
) -> None:
    percent = percent_held(replace(corner, planted=PLANTED), n_images, STUDIES)
    assert QUICK or 93 <= np.nanmin(percent) <= np.nanmax(percent) <= 97
