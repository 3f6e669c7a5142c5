"""The best decisions of somebody who knows how often each signal comes with a right AI answer.

(Guo, Wu, Hartline and Hullman, FAccT 2024, arXiv 2401.15356.) The payoff is 1 for accepting a right
or rejecting a wrong answer, else 0, so that all payoffs are shares of right decisions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]

DECIMALS = 12  # of a loss; what is beyond is rounding
EXACT = 10.0**-DECIMALS


@dataclass(frozen=True, kw_only=True)
class Signals:
    """How often each signal comes with a right and with a wrong AI answer; all together 1.

    Attributes:
        right: of shape (signals,).
        wrong: of shape (signals,). Every signal occurs.
    """

    right: Shares
    wrong: Shares

    @property
    def prior(self) -> float:
        """Payoff of the best decision that is always the same."""
        return float(max(self.right.sum(), self.wrong.sum()))

    @property
    def rational(self) -> float:
        """Payoff of the best decision for each signal."""
        return float(np.maximum(self.right, self.wrong).sum())

    @property
    def best_rate(self) -> float:
        """How often the rational reader accepts; signals that are right half the time apart."""
        accepted = self.right > self.wrong
        return float((self.right + self.wrong)[accepted].sum())

    @property
    def order(self) -> NDArray[np.int64]:
        """The numbers of the signals, the likeliest to be right first."""
        return np.argsort(-self.right / (self.right + self.wrong), kind="stable")

    def at_rate(self, accepted: Shares | float) -> Shares:
        """Payoff of the best decision that accepts so often: the likeliest signals first.

        Args:
            accepted: 0 to 1, of any shape; of the signal at which it is reached, a share is
                accepted.

        Returns:
            Likewise.
        """
        right, wrong = self.right[self.order], self.wrong[self.order]
        size = right + wrong
        left = np.asarray(accepted)[..., None] - (size.cumsum() - size)
        share = np.clip(left / size, 0, 1)
        return np.asarray(share @ right + (1 - share) @ wrong)

    def misreliance(self, accepted: Shares | float) -> Shares:
        """What the best decision that accepts so often loses to the rational one; 0 or more."""
        return np.maximum(0, self.rational - self.at_rate(accepted))

    def rates_losing(self, losses: Shares) -> tuple[Shares, Shares]:
        """The rates at which as much is lost, below and above the rates at which nothing is.

        Args:
            losses: in ascending order, of shape (losses,).

        Returns:
            Two rates of each loss; infinite, -∞ and ∞, where no rate costs as much.
        """
        size = (self.right + self.wrong)[self.order]
        turns = np.concatenate([[0.0], size.cumsum()])
        costs = self.misreliance(turns).round(DECIMALS)
        lower, upper = turns <= self.best_rate + EXACT, turns >= self.best_rate - EXACT
        below = np.interp(losses, costs[lower][::-1], turns[lower][::-1], right=-np.inf)
        return below, np.interp(losses, costs[upper], turns[upper], right=np.inf)
