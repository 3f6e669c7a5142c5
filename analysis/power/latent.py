"""From log odds to shares: what people and stimuli that scatter answer on average.

The log odds of a right decision are a mean, plus what the person brings, plus what the stimulus
brings, each normal. Shares are their averages, by Gauss-Hermite quadrature.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

Numbers = NDArray[np.float64]

N_NODES = 24  # shares to 1e-5 up to an SD of 2
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(N_NODES)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
FARTHEST = 40.0  # log odds


def averaged(log_odds: Any, sd: float) -> Numbers:
    """The share of right decisions where log odds scatter around `log_odds`, of its shape."""
    return np.asarray(expit(np.asarray(log_odds)[..., None] + sd * NODES) @ WEIGHTS)


def log_odds_of(share: float, sd: float) -> float:
    """Around which log odds they scatter, where the share is `share`: the inverse of `averaged`."""
    return float(brentq(lambda x: float(averaged(x, sd)) - share, -FARTHEST, FARTHEST, xtol=1e-10))


def covariance(
    first: float, second: float, *, sd: float, correlation: float, other_sd: float
) -> float:
    """How far two shares of one person (or of one stimulus) go together.

    Args:
        first: log odds around which the first share scatters.
        second: those of the second.
        sd: of what the person brings to each, in log odds.
        correlation: of the two.
        other_sd: of what the stimuli bring, over which each share is averaged.
    """
    one = averaged(first + sd * NODES, other_sd)
    apart = np.sqrt(max(0.0, 1 - correlation**2))
    two = averaged(second + sd * (correlation * NODES[:, None] + apart * NODES), other_sd) @ WEIGHTS
    return float(WEIGHTS @ (one * two) - (WEIGHTS @ one) * (WEIGHTS @ two))
