"""How often intervals of weighted means, and of teams less the AI alone, hold the truth.

`make bench ONLY=against_ai`, minutes on one core.

A study: everybody judges 48 images, eight of each of the six bins. The log odds of a right decision
are those of the bin, plus what a person brings, plus what an image brings; people and images are
new in every study. The AI alone is right on all easy and wrong on all hard images, as its threshold
makes it, and on a medium one by chance, more often where people are right too. The truth is that of
all people and all images, with the bins in the mix of the study, or of practice.
"""

import itertools

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit

from analysis.statistics.measures.rational import interval_of_misreliance, signals_of
from analysis.statistics.strata import interval_of_share, weighted_mean
from tests.benchmarks.sizes import QUICK, size

STUDIES = size(2_000, quick=5)
CORNERS = list(itertools.product((0.3, 1.2), (0.0, 1.0), (25, 80)))  # sd of people, images; people
IMAGES = 48
# Cells as `cells_of` numbers them: easy, medium and hard wrong (0, 2, 4) and right (1, 3, 5).
CELLS = np.arange(6)
LOG_ODDS = np.array([1.5, 2.0, 0.3, 0.8, -0.6, 0.2])
WEIGHTS = np.array([7.42, 67.77, 9.35, 7.91, 5.53, 1.97])  # the paper's Figure A1
AI_RIGHT_CHANCE = np.array([1, 1, 0.55, 0.6, 0, 0])
IMAGE_CELL = np.repeat(CELLS, IMAGES // 6)
LOWEST, HIGHEST = 93, 97


def simulated(
    rng: np.random.Generator, sd_person: float, sd_image: float, n_people: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Trials as `weighted_mean` takes them, and what the AI alone makes of each image."""
    image = rng.normal(0, 1, IMAGES)
    odds = LOG_ODDS[IMAGE_CELL] + sd_image * image + rng.normal(0, sd_person, (n_people, 1))
    right = rng.random((n_people, IMAGES)) < expit(odds)
    person, stimulus = (axis.ravel() for axis in np.indices(right.shape))
    trials = pd.DataFrame({"participant_id": person, "stimulus_id": stimulus})
    trials = trials.assign(cell=IMAGE_CELL[stimulus], value=right.ravel().astype("float64"))
    luck = stats.norm.cdf((image + rng.normal(0, 1, IMAGES)) / np.sqrt(2))  # uniform
    ai = luck > 1 - AI_RIGHT_CHANCE[IMAGE_CELL]
    alone = pd.DataFrame({"stimulus_id": np.arange(IMAGES), "cell": IMAGE_CELL, "value": ai})
    return trials, alone.astype({"value": "float64"})


def expected(log_odds: NDArray[np.float64], sd: float) -> NDArray[np.float64]:
    """Mean accuracy over everybody and every image (Gauss-Hermite), of shape (cells,)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    return np.asarray(expit(log_odds[:, None] + sd * nodes) @ (weights / weights.sum()))


def held(corner: tuple[float, float, int], *, seed: int) -> dict[str, float]:
    """Per cent of the intervals of each sort that hold the truth."""
    sd_person, sd_image, n_people = corner
    rng = np.random.default_rng(seed)
    share = expected(LOG_ODDS, float(np.hypot(sd_person, sd_image)))
    natural, even = (pd.Series(w, index=CELLS) for w in (WEIGHTS, np.full(6, 8.0)))
    truths = {
        "six bins": float(np.average(share, weights=WEIGHTS)),
        "stimuli shown": float(np.mean(share - AI_RIGHT_CHANCE)),
    }
    hits = dict.fromkeys((*truths, "mis-reliance"), 0)
    is_right = CELLS % 2 == 1
    accepts = np.where(is_right, share, 1 - share)
    signals = signals_of(natural)
    rate = float(np.average(accepts, weights=WEIGHTS))
    for _ in range(STUDIES):
        trials, alone = simulated(rng, *corner)
        practice, _ = weighted_mean(trials, natural)
        shown, _ = weighted_mean(trials, even, alone)
        intervals = {"six bins": interval_of_share(practice), "stimuli shown": shown.interval()}
        for name, (low, high) in intervals.items():
            hits[name] += low <= truths[name] <= high
        accepted = trials["value"].where(trials["cell"] % 2 == 1, 1 - trials["value"])
        acceptance, _ = weighted_mean(trials.assign(value=accepted), natural)
        low, high = interval_of_misreliance(signals, acceptance)
        hits["mis-reliance"] += low <= signals.misreliance(rate) <= high
    return {name: 100 * n / STUDIES for name, n in hits.items()}


@pytest.mark.parametrize("corner", CORNERS)
def test_intervals_hold_the_share_of_all_people_and_all_images(
    corner: tuple[float, float, int],
) -> None:
    shares = held(corner, seed=1)
    print(f"{corner}: held, in %: {shares}")  # noqa: T201
    assert QUICK or all(LOWEST <= share <= HIGHEST for share in shares.values())
