"""What a study costs: the rewards, and the partial pay of those whom a live gate stops."""

import math
from dataclasses import dataclass

from analysis.power.assumptions import Assumptions
from stimuli.study import Outcome, Phase, Study


@dataclass(frozen=True, kw_only=True)
class Cost:
    """How many people are paid for so many who are analysed.

    Attributes:
        n_started: who met their condition, over all conditions.
        n_paid: of them, who are paid in full.
        amount: of money, in the study's currency, without the provider's fee and taxes; NaN where
            the study names no reward.
    """

    n_started: int
    n_paid: int
    amount: float


def cost_of(study: Study, assumed: Assumptions, n_people: int) -> Cost:
    """The cost of `n_people` analysed in every condition of a study.

    Places of those who leave or are below the gate are given to others (docs/assignment.md), so
    that more start than are analysed. Who leaves is not paid. Who is below the gate has finished
    and is paid as everybody, or with a live gate in part, where the study says so.
    """
    below_gate = assumed.below_gate if study.has_phase(Phase.VALIDATION) else 0.0
    n_analysed = len(study.conditions) * n_people
    n_finished = math.ceil(n_analysed / (1 - below_gate))
    n_started = math.ceil(n_finished / (1 - assumed.dropout))
    n_paid = n_analysed if study.gate.live else n_finished
    reward = math.nan if study.pay.reward is None else study.pay.reward
    part = study.pay.partial.get(Outcome.FAILED_VALIDATION, 0.0)
    amount = n_paid * reward + (n_finished - n_paid) * part
    return Cost(n_started=n_started, n_paid=n_paid, amount=round(amount, 2))
