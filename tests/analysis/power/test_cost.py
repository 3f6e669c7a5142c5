import math

import pytest

from analysis.power.assumptions import Assumptions
from analysis.power.cost import cost_of
from stimuli.study import Study, parse_study
from tests.study_app.invented import study_text

ASSUMED = Assumptions(dropout=0.2, below_gate=0.25)


def study(*, reward: str, live: bool = False, more: str = "") -> Study:
    text = study_text(live=live).replace("reward = 1.8", reward)
    return parse_study(text + more, subject="here")


def test_who_is_below_the_gate_is_paid_as_everybody() -> None:
    cost = cost_of(study(reward="reward = 2.0"), ASSUMED, 30)
    # Three conditions: 90 analysed of 120 who finish, of 150 who start.
    assert (cost.n_started, cost.n_paid, cost.amount) == (150, 120, 240.0)


def test_a_live_gate_pays_a_part() -> None:
    part = "\n[pay.partial]\nfailed_validation = 0.5\n"
    cost = cost_of(study(reward="reward = 2.0", live=True, more=part), ASSUMED, 30)
    assert (cost.n_started, cost.n_paid) == (150, 90)
    assert cost.amount == pytest.approx(90 * 2.0 + 30 * 0.5)


def test_without_a_reward_there_is_no_cost() -> None:
    assert math.isnan(cost_of(study(reward=""), ASSUMED, 30).amount)
