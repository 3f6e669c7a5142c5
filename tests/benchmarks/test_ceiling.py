"""How often the intervals of a ceiling hold what was planted.

`make bench ONLY=ceiling`, a quarter of an hour on a slow core.

Of each stimulus readers get some numbers, of which one tells whether the AI is right: normal with a
distance between right and wrong that gives the planted area, the others noise. The planted area is
what a reader who knows the distance reaches; readers who learn from few stimuli fall short of it
among many numbers, so that intervals are asked for what such readers reach on average, too.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from stimuli.ceiling.areas import area, difference
from stimuli.ceiling.ceilings import judged_rightly
from stimuli.ceiling.readers import MEAN, REPEATS, cross_validated
from tests.benchmarks.sizes import QUICK, size

STUDIES = size(40, quick=1)
ALIKE, NATURAL = "alike", "natural"
# Images of the demo's pool by (right, bin), for eight stimuli each.
POOL = {True: (366, 53, 27), False: (26, 30, 90)}


@dataclass(frozen=True, kw_only=True)
class Corner:
    """What is planted.

    Attributes:
        n: stimuli, half of them right.
        features: numbers of each, one of which tells.
        area: of a reader who knows how it tells.
        weights: whether stimuli count the same, or as in the demo's pool.
    """

    n: int
    features: int
    area: float
    weights: str = ALIKE


CORNERS = [
    Corner(n=48, features=1, area=0.5),
    *(Corner(n=48, features=15, area=a) for a in (0.5, 0.7, 0.9)),
    *(Corner(n=120, features=15, area=a) for a in (0.5, 0.7)),
    Corner(n=48, features=15, area=0.7, weights=NATURAL),
]


def drawn(corner: Corner, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truths, weights, and where the telling number is drawn around: (n,) each."""
    right = np.arange(corner.n) % 2 == 0
    weights = np.ones(corner.n)
    if corner.weights == NATURAL:
        places = np.arange(corner.n) // 2 % 3
        weights = np.array([POOL[bool(r)][place] for r, place in zip(right, places, strict=True)])
    middle = math.sqrt(2) * stats.norm.ppf(corner.area) * right
    return right, weights.astype(np.float64), middle


def studied(corner: Corner, *, seed: int) -> dict[str, tuple[float, float, float]]:
    """Value and interval of an area, of a share judged rightly, and of a difference that is 0."""
    rng = np.random.default_rng(seed)
    right, weights, middle = drawn(corner, rng)
    areas, shares = [], []
    for _ in range(2):
        numbers = rng.normal(size=(corner.n, corner.features))
        numbers[:, 0] += middle
        strata = np.zeros(corner.n, dtype=int)
        same_folds = np.random.default_rng(seed)
        truths = np.tile(right, (REPEATS, 1))
        guesses, folds = cross_validated(numbers, truths, weights, strata, same_folds)
        areas.append(area(guesses[MEAN], folds, right, weights))
        shares.append(judged_rightly(guesses[MEAN], right, weights))
    value = areas[0].value - areas[1].value
    ends = difference(*(pd.Series(one.influence) for one in areas), value)
    return {
        "area": (areas[0].value, *areas[0].interval),
        "share": shares[0],
        "difference": (value, *ends),
    }


def held(corner: Corner, studies: int = STUDIES) -> dict[str, float]:
    """Per cent of intervals that hold the planted area, what readers reach on average, and 0."""
    found = [studied(corner, seed=seed) for seed in range(studies)]
    rows = {name: np.array([one[name] for one in found]) for name in found[0]}
    truths = {
        "area, planted": ("area", corner.area),
        "area, reached": ("area", rows["area"][:, 0].mean()),
        "share, reached": ("share", rows["share"][:, 0].mean()),
        "difference": ("difference", 0.0),
    }
    return {
        name: 100 * float(((rows[of][:, 1] <= truth) & (truth <= rows[of][:, 2])).mean())
        for name, (of, truth) in truths.items()
    }


@pytest.mark.parametrize("corner", CORNERS, ids=str)
def test_intervals_hold_at_least_as_often_as_they_say(corner: Corner) -> None:
    """They are allowed to hold more often; of 40 studies, 87 % is within chance of 95."""
    shares = held(corner)
    print(corner, {name: f"{share:.1f} %" for name, share in shares.items()})  # noqa: T201
    assert QUICK or min(share for name, share in shares.items() if "planted" not in name) >= 87
