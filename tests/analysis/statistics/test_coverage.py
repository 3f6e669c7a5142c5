"""Two hundred studies of known truth, against what chance allows."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics import regression
from tests.benchmarks.studies import Population, measured

STUDIES = 200
UNLIKELY = 0.0005  # on each side, for each of some twenty numbers


def counted(population: Population, seed: int) -> pd.Series:
    rng = np.random.default_rng(seed)
    return pd.DataFrame([measured(rng, population) for _ in range(STUDIES)]).sum()


@pytest.mark.slow
def test_intervals_hold_and_tests_reject_as_often_as_they_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regression, "MOST_FITTED", 0)
    counts = counted(Population(sd_person=1.2, sd_stimulus=1.0, n_people=25), seed=1)
    least, most = stats.binom.ppf([UNLIKELY, 1 - UNLIKELY], STUDIES, 0.95)
    covered = counts.filter(regex="^(share|difference|odds)")
    assert covered.between(least, most).all(), covered
    rejected = counts.filter(regex="^rejects").drop("rejects: equivalence")
    assert rejected.between(STUDIES - most, STUDIES - least).all(), rejected


@pytest.mark.slow
def test_at_the_margin_equivalence_is_found_one_time_in_twenty_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regression, "MOST_FITTED", 0)
    population = Population(sd_person=0.3, sd_stimulus=1.0, n_people=80, effect=0.4)
    counts = counted(population, seed=2)
    assert counts["rejects: equivalence"] <= stats.binom.ppf(1 - UNLIKELY, STUDIES, 0.05)
