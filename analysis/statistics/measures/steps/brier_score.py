"""The Brier score of stated probabilities, and what it is made of.

The score is the mean of (p - y)², with y 1 for a right answer (Brier 1950, of one class). Over
groups of equal p it is reliability less resolution plus uncertainty (Murphy 1973). Groups here are
tenths, in which p differs, so that two terms within tenths remain: the variance of p, and twice its
covariance with y (Stephenson, Coelho and Jolliffe 2008). With them the five sum up exactly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.measures.acceptance_by_confidence import tenths

Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class BrierScore:
    """A score: reliability - resolution + uncertainty + spread - tilt.

    Attributes:
        score: 0, always sure and right, to 1, always sure and wrong.
        reliability: how far the share of right answers in a tenth is from the confidence there.
        resolution: how far these shares are from the share of all; more is better.
        uncertainty: p (1 - p) of that share: the score of who always says it.
        spread: the variance of the confidence within tenths.
        tilt: twice its covariance with being right there; more is better.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    spread: float
    tilt: float


def brier_score(probability: Numbers, right: Numbers) -> BrierScore:
    """The score of stated probabilities.

    The terms describe these answers. Reliability and resolution are both too large in expectation,
    the more so the fewer answers a tenth has (Bröcker 2012).

    Args:
        probability: 0 to 1, of shape (n,), n at least 1.
        right: 1 or 0, of shape (n,).
    """
    group = tenths(probability)
    n = np.bincount(group)
    filled = np.maximum(n, 1)
    stated = (np.bincount(group, weights=probability) / filled)[group]
    shares = (np.bincount(group, weights=right) / filled)[group]
    share = float(right.mean())
    return BrierScore(
        score=float(np.mean((probability - right) ** 2)),
        reliability=float(np.mean((stated - shares) ** 2)),
        resolution=float(np.mean((shares - share) ** 2)),
        uncertainty=share * (1 - share),
        spread=float(np.mean((probability - stated) ** 2)),
        tilt=2 * float(np.mean((probability - stated) * (right - shares))),
    )
