"""The best decisions of somebody who knows how often each signal comes with a right AI answer.

(Guo, Wu, Hartline and Hullman, FAccT 2024, arXiv 2401.15356.) The payoff is 1 for accepting a right
or rejecting a wrong answer, else 0, so that all payoffs are shares of right decisions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]


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

    def at_rate(self, accepted: float) -> float:
        """Payoff of the best decision that accepts so often: the likeliest signals first.

        Args:
            accepted: 0 to 1; of the signal at which it is reached, a share is accepted.
        """
        order = np.argsort(-self.right / (self.right + self.wrong), kind="stable")
        right, wrong = self.right[order], self.wrong[order]
        size = right + wrong
        share = np.clip((accepted - (size.cumsum() - size)) / size, 0, 1)
        return float(share @ right + (1 - share) @ wrong)

    def misreliance(self, accepted: float) -> float:
        """What the best decision that accepts so often loses to the rational one; 0 or more."""
        return max(0.0, self.rational - self.at_rate(accepted))
