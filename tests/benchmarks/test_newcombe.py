"""How often Newcombe's interval holds the true effect: `make bench ONLY=newcombe`, seconds.

People's scores are right answers of 30, binomial around an ability that is normal on the log-odds
scale, so ties are frequent. The true effect, P(a > b) + P(a = b) / 2, is summed over all pairs of
scores.
"""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit

from analysis.statistics.intervals import newcombe
from tests.benchmarks.sizes import QUICK, size

STUDIES = size(4_000, quick=20)
TRIALS = 30
SCORES = np.arange(TRIALS + 1)
AHEAD = (SCORES[:, None] > SCORES) + 0.5 * (SCORES[:, None] == SCORES)
MEAN = 0.7  # log odds of b; a has more by:
EFFECTS = (0.0, 0.2, 0.4, 0.8, 1.2, 2.0)
SPREADS = ((0.3, 0.3), (0.3, 0.9), (0.5, 0.5), (0.8, 0.8))  # sd of abilities in a and b, log odds

interval = cache(newcombe)


def chances(mean: float, sd: float) -> NDArray[np.float64]:
    """The probability of each score (Gauss-Hermite over abilities)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    by_ability = stats.binom.pmf(SCORES[:, None], TRIALS, expit(mean + sd * nodes))
    probabilities = by_ability @ weights
    return np.asarray(probabilities / probabilities.sum())


def covered(
    rng: np.random.Generator, sizes: tuple[int, int], spreads: tuple[float, float], effect: float
) -> tuple[float, float]:
    """The true effect, and the share of intervals that hold it, in per cent."""
    a, b = chances(MEAN + effect, spreads[0]), chances(MEAN, spreads[1])
    truth = float(a @ AHEAD @ b)
    first, second = (
        rng.choice(SCORES, (STUDIES, n), p=p) for n, p in zip(sizes, (a, b), strict=True)
    )
    effects = AHEAD[first[:, :, None], second[:, None, :]].mean(axis=(1, 2))
    ends = [interval(float(cles), *sizes) for cles in effects]
    return truth, 100 * float(np.mean([low <= truth <= high for low, high in ends]))


@pytest.mark.parametrize(("sizes", "limits"), [((20, 20), (93.5, 98)), ((10, 30), (93.5, 99.5))])
def test_the_interval_holds_the_effect_with_tied_scores(
    sizes: tuple[int, int], limits: tuple[float, float]
) -> None:
    rng = np.random.default_rng(1)
    for spreads in SPREADS:
        for effect in EFFECTS:
            truth, share = covered(rng, sizes, spreads, effect)
            print(f"{sizes}, sd {spreads}: effect {truth:.2f} held by {share:.1f} %")  # noqa: T201
            assert QUICK or limits[0] <= share <= limits[1]
