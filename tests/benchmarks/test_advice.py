"""How often the intervals of advice taking and synergy hold the truth: `make bench ONLY=advice`,
fifty minutes on one core.

Studies as in `tests/benchmarks/advice.py`: 40 people with the AI and 40 without, SD .3 or 1.2 over
people and 0 or 1 over stimuli, in log odds; people alone and the AI alone are right equally often,
which is where synergy bends, or people more often.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks.advice import Advice, equal_alone, left_ai, measured
from tests.benchmarks.sizes import QUICK, size

STUDIES, OF_RARE, AT_ONCE = size(2_000, quick=2), size(10_000, quick=2), size(8, quick=1)
CORNERS = list(product((0.3, 1.2), (0.0, 1.0)))
AHEAD = 0.6  # log odds by which people alone are ahead of where they equal the AI: 12 to 14 points


def rates(population: Advice, n_studies: int) -> pd.Series:
    """Per cent of all studies that have the interval."""
    rng = np.random.default_rng(20261129)
    batches = [measured(rng, population, AT_ONCE) for _ in range(n_studies // AT_ONCE)]
    percent = 100 * pd.concat(batches).mean()
    print(f"\n{population}\n{percent.round(1).to_string()}", flush=True)  # noqa: T201
    return percent


@pytest.mark.parametrize(("sd_person", "sd_stimulus"), CORNERS)
def test_intervals_hold_where_people_and_ai_are_equal(sd_person: float, sd_stimulus: float) -> None:
    alone = equal_alone(sd_person, sd_stimulus)
    population = Advice(sd_person=sd_person, sd_stimulus=sd_stimulus, alone=alone)
    percent = rates(population, STUDIES)
    rare = percent.index.str.startswith("switched_from_ai")  # which have more studies, below
    assert QUICK or percent[~rare].between(93, 97).all()


@pytest.mark.parametrize(("sd_person", "sd_stimulus"), CORNERS)
def test_intervals_of_what_two_of_a_hundred_do_hold(sd_person: float, sd_stimulus: float) -> None:
    """96.5 %: of eight figures of 2,000 studies, one may be above 97 by chance."""
    alone = equal_alone(sd_person, sd_stimulus)
    population = Advice(sd_person=sd_person, sd_stimulus=sd_stimulus, alone=alone)
    rng = np.random.default_rng(20261201)
    batches = [left_ai(rng, population, AT_ONCE) for _ in range(OF_RARE // AT_ONCE)]
    percent = 100 * pd.concat(batches).mean()
    print(f"\n{population}\n{percent.round(1).to_string()}", flush=True)  # noqa: T201
    assert QUICK or percent.between(93, 97).all()


@pytest.mark.parametrize(("sd_person", "sd_stimulus"), CORNERS)
def test_synergy_holds_where_people_are_ahead(sd_person: float, sd_stimulus: float) -> None:
    alone = equal_alone(sd_person, sd_stimulus) + AHEAD
    population = Advice(sd_person=sd_person, sd_stimulus=sd_stimulus, alone=alone)
    percent = rates(population, STUDIES)
    assert QUICK or percent.filter(regex="synergy").between(93, 97).all()
