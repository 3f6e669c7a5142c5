"""How small p has to be where data are looked at several times (Lan and DeMets 1983).

The chance of a false finding is spent over the looks: `spent` says how much of it until when, and
`nominal_levels` how small p must be at each look so that no more than that is spent. The times of
looks are shares of the people that are planned. Statistics are taken to move as a Brownian motion
W(t) / √t. Where pictures vary too, two looks have more in common than that, and less is spent.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize
from scipy.special import ndtr, ndtri

Sides = Literal[1, 2]
Numbers = NDArray[np.float64]

FARTHEST = 8.0  # standard deviations: 1e-15 lies beyond
ENDLESS = 38.0  # the same, as far as a float tells a chance from 0
NODES_PER_SD = 2  # of a step; more change no level by 1e-9
LEAST, MOST = 1e-12, 0.99  # chances of a false finding that nobody asks for


def spent(alpha: float, share: float, *, sides: Sides) -> float:
    """The chance of a false finding that is spent until a share of the people.

    Of one side 2 - 2 Φ(z(1 - α/2) / √t), which spends nearly nothing early, as O'Brien and Fleming
    (1979) did (Lan and DeMets 1983, section 2, their first function); of two sides each spends half
    of alpha so.

    Args:
        alpha: of all looks together.
        share: above 0, to 1.
        sides: of the test.
    """
    return sides * 2 * float(ndtr(ndtri(alpha / sides / 2) / math.sqrt(share)))


def nominal_levels(alpha: float, shares: Sequence[float], *, sides: Sides) -> list[float]:
    """How small p has to be at each look, for a chance of alpha at all looks together.

    The density of a motion that no look has stopped is carried from look to look (Armitage,
    McPherson and Rowe 1969), by Gauss and Legendre's quadrature.

    Args:
        alpha: of all looks together.
        shares: of the people that are planned, at each look; increasing, above 0, to 1.
        sides: of the test.
    """
    at, mass = np.zeros(1), np.ones(1)
    steps = np.sqrt(np.diff(shares, prepend=0.0))
    budget = np.diff([spent(alpha, share, sides=sides) for share in shares], prepend=0.0)
    levels = []
    for k, share in enumerate(shares):
        z = _boundary(at, mass, steps[k], share, budget[k] / sides)
        levels.append(sides * float(ndtr(-z)))
        upper = min(z, FARTHEST) * math.sqrt(share)
        lower = -upper if sides == 2 else -FARTHEST * math.sqrt(share)
        finest = min(steps[k : k + 2])
        n = math.ceil(NODES_PER_SD * 2 * FARTHEST * math.sqrt(share) / finest)
        new = lower + (upper - lower) * (1 + _nodes(n)[0]) / 2
        density = np.exp(-(((new[:, None] - at) / steps[k]) ** 2) / 2) @ mass
        width = (upper - lower) / 2 / (steps[k] * math.sqrt(2 * math.pi))
        at, mass = new, density * _nodes(n)[1] * width
    return levels


def p_over_looks(p: float, shares: Sequence[float], *, sides: Sides) -> float:
    """The least chance of a false finding at which a look would have found one with this p.

    The repeated p-value of Jennison and Turnbull (1989), or sequential p-value of Liu and Anderson
    (2008). Held against .05 at every look, it finds something that is not there in 5 % of studies;
    so does Holm's adjustment of those of several hypotheses (Maurer and Bretz 2013).

    Args:
        p: of this look alone, below 1e-12 taken for that; may be missing, and is then missing.
        shares: as `nominal_levels` takes them, this look last.
        sides: of the test.
    """
    if math.isnan(p):
        return p
    own = max(p, LEAST)

    def beyond(log_alpha: float) -> float:
        return nominal_levels(math.exp(log_alpha), shares, sides=sides)[-1] - own

    if beyond(math.log(MOST)) < 0:
        return 1.0
    # All looks together find no less than the last of them alone; .01 is for rounding.
    least = math.log(own) - 0.01
    return math.exp(optimize.brentq(beyond, least, math.log(MOST), xtol=1e-9))


def _boundary(at: Numbers, mass: Numbers, step: float, share: float, chance: float) -> float:
    """The z that a motion passes at this look, and passed at none before, with this chance."""

    def beyond(z: float) -> float:
        return float(mass @ ndtr((at - z * math.sqrt(share)) / step)) - chance

    if beyond(ENDLESS) >= 0:
        return math.inf
    return float(optimize.brentq(beyond, -FARTHEST, ENDLESS))


@lru_cache(maxsize=64)
def _nodes(n: int) -> tuple[Numbers, Numbers]:
    return np.polynomial.legendre.leggauss(n)
