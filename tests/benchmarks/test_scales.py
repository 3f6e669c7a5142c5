"""How often the intervals of scales and of halves hold the truth: `make bench ONLY=scales`, five
minutes on one core.

Scales: people have a trait, each of four items shows it more or less well, and people choose one of
five options by where it lies between thresholds: as often each, or the first ones mostly. Alpha's
truth is that of a million people. For odds ratios two conditions differ by nothing, or by a shift
that makes higher answers 2.2 times as likely; conditions of 25 and of 80 people.

Halves: everybody judges 48 images in an order of their own. The log odds of a right decision are a
mean, plus what a person brings, plus what an image brings, plus what practice adds with each trial
(nothing, or a point in two trials at first). The truth holds for other people on these images.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit

from analysis.statistics.means import mean_over_people
from analysis.statistics.measures.halves import Ordered, accuracy_of_halves, slopes
from analysis.statistics.scales.internal_consistency import error_root
from analysis.statistics.scales.one_factor import omega
from analysis.statistics.scales.proportional_odds import log_odds_ratio, why_missing
from tests.benchmarks.sizes import QUICK, size

STUDIES = size(2_000, quick=3)
MANY = size(1_000_000, quick=2_000)
LOADINGS = np.array([0.8, 0.7, 0.6, 0.5])
THRESHOLDS = {
    "even": stats.norm.ppf([0.2, 0.4, 0.6, 0.8]),
    "skewed": stats.norm.ppf([0.55, 0.8, 0.91, 0.96]),
}
PEOPLE = (25, 80)  # of a condition
SHIFT = 0.8  # log odds
IMAGES = 48
MEAN = 0.8  # log odds
CORNERS = [(person, image) for person in (0.3, 1.2) for image in (0.0, 1.0)]  # sd, log odds
PRACTICE = 0.02  # log odds for each trial


@dataclass(frozen=True)
class Held:
    """How often an interval held the truth, and how often it was too low and too high, in %."""

    share: float
    below: float
    above: float


def held(ends: list[tuple[float, float]], truths: float | list[float]) -> Held:
    low, high = np.array(ends).T
    below, above = 100 * np.mean(high < truths), 100 * np.mean(low > truths)
    shares = 100 - below - above, below, above
    return Held(*(round(float(share), 1) for share in shares))


def likert(
    rng: np.random.Generator, n: int, thresholds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Answers of n people to four items of one trait, 1 to 5."""
    trait = rng.normal(size=(n, 1))
    latent = LOADINGS * trait + np.sqrt(1 - LOADINGS**2) * rng.normal(size=(n, len(LOADINGS)))
    return np.searchsorted(thresholds, latent) + 1.0


@pytest.mark.parametrize("shape", THRESHOLDS)
def test_alphas_interval_and_a_scales_mean_hold_the_truth(shape: str) -> None:
    rng, thresholds = np.random.default_rng(1), THRESHOLDS[shape]
    everybody = likert(rng, MANY, thresholds)
    truth, mean = error_root(everybody).value, float(everybody.mean())
    print(f"\n{shape}: alpha {1 - truth**2:.3f}, omega {omega(everybody):.3f}")  # noqa: T201
    for n in PEOPLE:
        studies = [likert(rng, 2 * n, thresholds) for _ in range(STUDIES)]
        alphas = held([error_root(items).interval() for items in studies], truth)
        means = [mean_over_people(pd.Series(items[:n].mean(axis=1))) for items in studies]
        of_means = held([(own.low, own.high) for own in means], mean)
        print(f"{2 * n} people: {alphas}; mean of {n}: {of_means}")  # noqa: T201
        assert QUICK or 93 <= alphas.share <= 97
        assert QUICK or 93 <= of_means.share <= 97


@pytest.mark.parametrize(("n", "shape"), [(25, "skewed"), (25, "even"), (80, "even")])
@pytest.mark.parametrize("shift", [0.0, SHIFT])
def test_odds_ratios_hold_the_truth_and_reject_few_null_studies(
    n: int, shape: str, shift: float
) -> None:
    rng = np.random.default_rng(2)
    thresholds = stats.logistic.ppf(stats.norm.cdf(THRESHOLDS[shape]))
    ends = []
    for _ in range(STUDIES):
        first, second = (
            np.searchsorted(thresholds, rng.logistic(own, size=n)) + 0.0 for own in (shift, 0.0)
        )
        estimate = None if why_missing(first, second) else log_odds_ratio(first, second)
        ends += [estimate.interval()] if estimate else []
    result, missing = held(ends, shift), STUDIES - len(ends)
    print(f"\n{n} people, {shape}, shift {shift}: {result}, {missing} missing")  # noqa: T201
    assert QUICK or 93 <= result.share <= 97
    assert QUICK or shift or 4 <= 100 - result.share <= 6
    assert QUICK or missing <= STUDIES / 100


@pytest.mark.parametrize("practice", [0.0, PRACTICE])
@pytest.mark.parametrize("n", PEOPLE)
def test_changes_over_the_trials_hold_the_truth(n: int, practice: float) -> None:
    rng = np.random.default_rng(3)
    for corner in CORNERS:
        studies = [halves(rng, n, *corner, practice) for _ in range(STUDIES)]
        changes, gains, expected, slope = (list(column) for column in zip(*studies, strict=True))
        results = held(changes, expected), held(gains, slope)
        print(f"\n{n} people, sd {corner}, practice {practice}: {results}")  # noqa: T201
        for result in results:
            assert QUICK or 93 <= result.share <= 97


def halves(
    rng: np.random.Generator, n: int, sd_person: float, sd_image: float, practice: float
) -> tuple[tuple[float, float], tuple[float, float], float, float]:
    """The intervals of the change and of the slope in a study, and what they should hold."""
    images, people = rng.normal(0, sd_image, IMAGES), rng.normal(0, sd_person, n)
    shown = rng.permuted(np.tile(np.arange(IMAGES), (n, 1)), axis=1)
    gain = practice * np.arange(IMAGES)
    right = rng.random(shown.shape) < expit(MEAN + people[:, None] + images[shown] + gain)
    trials = Ordered(
        condition=np.full(n, "a", dtype=object),
        n=np.full(n, IMAGES),
        person=np.repeat(np.arange(n), IMAGES),
        place=np.tile(np.arange(IMAGES), n),
        right=100.0 * right.ravel(),
    )
    (row,) = accuracy_of_halves(trials, ["a"]).itertuples(index=False)
    own = mean_over_people(pd.Series(slopes(trials)))
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)
    log_odds = MEAN + images[:, None, None] + sd_person * nodes[:, None] + gain
    by_place = 100 * np.tensordot(weights / weights.sum(), expit(log_odds).mean(axis=0), axes=1)
    change = by_place[IMAGES // 2 :].mean() - by_place[: IMAGES // 2].mean()
    slope = 10 * np.polyfit(np.arange(IMAGES), by_place, 1)[0]
    return (row.low_points, row.high_points), (own.low, own.high), float(change), float(slope)
