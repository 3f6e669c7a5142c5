"""Two hundred studies of advice of known truth, against what chance allows."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.benchmarks.advice import Advice, equal_alone, measured, studies

STUDIES = 200
UNLIKELY = 0.0005  # on each side, for each of some thirty numbers


@pytest.mark.slow
def test_intervals_of_advice_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    population = Advice(sd_person=1.2, sd_stimulus=1.0, alone=equal_alone(1.2, 1.0))
    held = pd.concat([measured(rng, population, 8) for _ in range(STUDIES // 8)])
    n_studies = held.notna().sum()
    assert n_studies.min() > STUDIES / 2
    least, most = (stats.binom.ppf(q, n_studies, 0.95) for q in (UNLIKELY, 1 - UNLIKELY))
    assert held.sum().between(least, most).all(), held.mean()


def test_the_planted_truths_are_those_of_a_large_study() -> None:
    population = Advice(sd_person=0.3, sd_stimulus=1.0, n_people=400)
    drawn = studies(np.random.default_rng(2), population, 1)
    equally = np.full(drawn.stimuli.shape[1], 1 / drawn.stimuli.shape[1])
    truths = population.truths_of(drawn.stimuli[0], drawn.is_right[0], equally)
    team = drawn.trials[drawn.trials["condition"] == "advised0"]
    assert 100 * team["team_right"].mean() == pytest.approx(truths["after"], abs=2)
    assert 100 * (team["first"] == "truth").mean() == pytest.approx(truths["before"], abs=2)
    agrees = team["last"] == team["advice"]
    assert 100 * agrees.mean() == pytest.approx(truths["agreement"], abs=2)
