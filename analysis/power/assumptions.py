"""What is assumed of people and stimuli before anybody was asked, and what follows for shares.

The log odds of a right decision are a mean, plus what the person brings (`person_sd`; where the AI
is right plus, where it is wrong minus, how readily the person accepts: `acceptance_sd`), plus what
the stimulus brings in every condition (`stimulus_sd`), plus what it brings in one condition alone
(`leaning_sd`).
"""

from dataclasses import dataclass, field, fields
from math import hypot

import numpy as np

from analysis.power.latent import Numbers, covariance, log_odds_of


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What is assumed. Defaults are choices, not findings; docs/power.md gives their reasons.

    Attributes:
        right: share of right decisions where the AI is right, 0 to 1, without an effect.
        wrong: the same where it is wrong.
        person_sd: how much people differ in how well they judge, in log odds.
        acceptance_sd: how much they differ in how readily they accept, in log odds.
        stimulus_sd: how much stimuli differ in how hard they are, in log odds.
        leaning_sd: how much a condition suits single stimuli more than others, in log odds.
        dropout: share of those who met their condition that leave before the end.
        below_gate: share of those who stay that the gate leaves out.
    """

    right: float = field(default=0.7, metadata={"title": "right decisions, AI right"})
    wrong: float = field(default=0.7, metadata={"title": "right decisions, AI wrong"})
    person_sd: float = field(default=0.5, metadata={"title": "people, how well they judge (SD)"})
    acceptance_sd: float = field(
        default=0.5, metadata={"title": "people, how readily they accept (SD)"}
    )
    stimulus_sd: float = field(default=1.0, metadata={"title": "stimuli, how hard they are (SD)"})
    leaning_sd: float = field(
        default=0.3, metadata={"title": "stimuli, how a condition suits single ones (SD)"}
    )
    dropout: float = field(default=0.1, metadata={"title": "leave before the end"})
    below_gate: float = field(default=0.15, metadata={"title": "stay, and are below the gate"})

    @property
    def people_sd(self) -> float:
        """Of all that a person brings to a stimulus."""
        return hypot(self.person_sd, self.acceptance_sd)

    @property
    def stimuli_sd(self) -> float:
        """Of all that a stimulus brings in a condition."""
        return hypot(self.stimulus_sd, self.leaning_sd)

    @property
    def kept(self) -> float:
        """Share of those who met their condition that are analysed."""
        return (1 - self.dropout) * (1 - self.below_gate)

    def log_odds(self, shares: tuple[float, float]) -> tuple[float, float]:
        """The mean log odds where the AI is right and where it is wrong.

        Args:
            shares: of right decisions, over all people and all stimuli of the sort.
        """
        sd = hypot(self.people_sd, self.stimuli_sd)
        return log_odds_of(shares[0], sd), log_odds_of(shares[1], sd)

    def people_covariance(self, log_odds: tuple[float, float]) -> Numbers:
        """The covariance over people of their shares where the AI is right and where it is wrong.

        Returns:
            (2, 2), of shares over all stimuli of the sort.
        """
        both = self.people_sd**2
        opposed = (self.person_sd**2 - self.acceptance_sd**2) / both if both else 0.0
        right, crossed, wrong = (
            covariance(
                log_odds[row],
                log_odds[column],
                sd=self.people_sd,
                correlation=1.0 if row == column else opposed,
                other_sd=self.stimuli_sd,
            )
            for row, column in ((0, 0), (0, 1), (1, 1))
        )
        return np.array([[right, crossed], [crossed, wrong]])


TITLES = {one.name: str(one.metadata["title"]) for one in fields(Assumptions)}
