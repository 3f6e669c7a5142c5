import numpy as np
import pytest

from analysis.power.assumptions import TITLES, Assumptions
from analysis.power.latent import averaged


def test_readiness_to_accept_helps_where_the_ai_is_right_and_harms_where_it_is_wrong() -> None:
    ready = Assumptions(person_sd=0.0, acceptance_sd=0.8)
    among = ready.people_covariance(ready.log_odds((0.7, 0.7)))
    assert among[0, 0] == pytest.approx(among[1, 1])
    assert among[0, 1] < 0
    able = Assumptions(person_sd=0.8, acceptance_sd=0.0)
    among = able.people_covariance(able.log_odds((0.7, 0.7)))
    assert among[0, 1] == pytest.approx(among[0, 0])


def test_where_people_differ_as_much_in_both_their_shares_are_unrelated() -> None:
    own = Assumptions(person_sd=0.5, acceptance_sd=0.5)
    assert own.people_covariance(own.log_odds((0.8, 0.6)))[0, 1] == pytest.approx(0)


def test_the_covariance_is_that_of_drawn_people() -> None:
    own = Assumptions(right=0.8, wrong=0.55, person_sd=0.7, acceptance_sd=0.4)
    log_odds = own.log_odds((own.right, own.wrong))
    rng = np.random.default_rng(1)
    able, ready = rng.normal(0, [[0.7], [0.4]], (2, 200_000))
    shares = [
        averaged(mean + able + sign * ready, own.stimuli_sd)
        for mean, sign in zip(log_odds, (1, -1), strict=True)
    ]
    assert np.mean(shares, axis=1) == pytest.approx([0.8, 0.55], abs=1e-3)
    assert own.people_covariance(log_odds) == pytest.approx(np.cov(shares), abs=2e-4)


def test_who_is_kept_neither_leaves_nor_is_below_the_gate() -> None:
    assert Assumptions(dropout=0.1, below_gate=0.2).kept == pytest.approx(0.72)


def test_every_assumption_has_a_title() -> None:
    assert len(set(TITLES.values())) == len(TITLES) == 8
