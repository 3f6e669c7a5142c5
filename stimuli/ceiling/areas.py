"""How well guesses tell right from wrong answers: the area under the ROC curve, and its interval.

The area is the chance that of a right and a wrong answer in one fold the right one gets the higher
probability; ties count half. Pairs across folds are left out: the reader of a right answer has
learnt from the wrong one beside it, and the reverse, so that readers who know nothing would come
out below one half (Airola, Pahikkala, Waegeman, De Baets and Salakoski 2011).
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import brentq

from stimuli.ceiling.population import effective

LEVEL = 0.95
# A stimulus counts twice, as one that is guessed and as one that was learnt from, so results of
# folds go together (Nadeau and Bengio 2003; Bates, Hastie and Tibshirani 2024). Where there is
# nothing to learn both parts are equal and the variance is twice that of readers who learnt
# elsewhere; where there is much it is less, and intervals are wider than they need be.
LEARNING = 2.0
NEARLY_ONE = 1 - 1e-9  # at 1 itself the equation of an area of 1 has a second root


@dataclass(frozen=True, kw_only=True)
class Area:
    """An area under the ROC curve.

    Attributes:
        value: 0 to 1; .5 by chance.
        influence: (n,) what each stimulus adds to its error; 0 for those that do not count.
        n_right, n_wrong: how many stimuli of equal weight it is worth.
    """

    value: float
    influence: np.ndarray
    n_right: float
    n_wrong: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, by `newcombe`."""
        return newcombe(self.value, self.n_right / LEARNING, self.n_wrong / LEARNING)


def area(guesses: np.ndarray, folds: np.ndarray, right: np.ndarray, weights: np.ndarray) -> Area:
    """The area of cross-validated guesses, over all pairs within a fold of a repeat.

    Its influence is DeLong's (1988): how far a stimulus's own share of won pairs is from the area,
    over how many there are of its sort, after LeDell, Petersen and van der Laan (2015), who show
    that this holds for the mean area of folds. The degrees of freedom are as in a variance.

    Args:
        guesses: (repeats, n).
        folds: (repeats, n).
        right: (n,) whether the AI is right.
        weights: (n,) 0 or more, not all 0 of the right nor of the wrong ones.
    """
    counts, won = np.zeros((2, right.sum(), (~right).sum()))
    for guess, fold in zip(guesses, folds, strict=True):
        together = fold[right][:, None] == fold[~right][None]
        counts += together
        won += together * (np.sign(guess[right][:, None] - guess[~right][None]) + 1) / 2
    each = np.outer(weights[right], weights[~right])
    counts, won = counts * each, won * each
    value = won.sum() / counts.sum()
    influence = np.zeros(len(right))
    for members, axis in ((right, 1), (~right, 0)):
        of_all = counts.sum(axis)
        shares = np.divide(won.sum(axis), of_all, where=of_all > 0, out=np.full(len(of_all), value))
        n = effective(weights[members])
        part = weights[members] / weights[members].sum() * math.sqrt(n / max(n - 1, 1))
        influence[members] = part * (shares - value)
    return Area(
        value=float(value),
        influence=influence,
        n_right=effective(weights[right]),
        n_wrong=effective(weights[~right]),
    )


def difference(a: pd.Series, b: pd.Series, value: float) -> tuple[float, float]:
    """95 % interval of a difference of areas, paired over the stimuli that both have.

    After DeLong, DeLong and Clarke-Pearson (1988), with Student's t, and with the variance of
    readers that learn.

    Args:
        a: `Area.influence` by stimulus.
        b: the same of the other, perhaps of other stimuli in part.
        value: the difference.
    """
    together = a.sub(b, fill_value=0)
    half = stats.t.ppf(0.5 + LEVEL / 2, len(together) - 2)
    half *= math.sqrt(LEARNING * float((together**2).sum()))
    return float(value - half), float(value + half)


def newcombe(value: float, n_right: float, n_wrong: float) -> tuple[float, float]:
    """Interval of an area (Newcombe 2006, Statistics in Medicine 25:559-573, method 5).

    The ends are the θ with |θ - value| = z · √V(θ), where
    V(θ) = θ(1 - θ) / (m n) · (1 + (N - 1)((1 - θ) / (2 - θ) + θ / (1 + θ))) and N = (m + n) / 2
    (after Hanley and McNeil 1982). The variance is that at the end, so that there is a width at 1
    too; numbers that weights made smaller take the places of m and n.
    """
    return _low_end(value, n_right, n_wrong), 1 - _low_end(1 - value, n_right, n_wrong)


def _low_end(value: float, m: float, n: float) -> float:
    if value <= 0:
        return 0.0
    squared_z = float(stats.norm.ppf(0.5 + LEVEL / 2)) ** 2
    more = (m + n) / 2 - 1

    def beyond(theta: float) -> float:
        spread = 1 + more * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return (theta - value) ** 2 - squared_z * theta * (1 - theta) / (m * n) * spread

    return float(brentq(beyond, 0, min(value, NEARLY_ONE), xtol=1e-14))
