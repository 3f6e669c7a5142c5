"""How often the intervals of the report hold the truth, and its tests reject: `make bench
ONLY=coverage`, an hour on one core.

Studies as in `tests/benchmarks/studies.py`: 25 or 80 people in each condition, SD .3 or 1.2 over
people and 0 or 1 over stimuli, in log odds.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import regression
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.studies import PAIR, Population, measured, study

STUDIES, MANY = size(2_000, quick=3), size(10_000, quick=3)
CORNERS = list(product((0.3, 1.2), (0.0, 1.0), (25, 80)))
EFFECT = 0.4  # log odds: 7 to 8 points
LEANING = 0.5  # SD over stimuli, in log odds, of what a condition does


def rates(population: Population) -> pd.Series:
    """Per cent of all studies."""
    rng = np.random.default_rng(20261129)
    results = pd.DataFrame([measured(rng, population) for _ in range(STUDIES)])
    percent = 100 * results.mean()
    print(f"\n{population}\n{percent.round(1).to_string()}", flush=True)  # noqa: T201
    return percent


@pytest.fixture(autouse=True)
def without_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The closed form, which tests hold equal to the fit, takes a tenth of its time."""
    monkeypatch.setattr(regression, "MOST_FITTED", 0)


@pytest.mark.parametrize(("sd_person", "sd_stimulus", "n_people"), CORNERS)
def test_without_an_effect_intervals_hold_and_tests_reject_one_study_in_twenty(
    sd_person: float, sd_stimulus: float, n_people: int
) -> None:
    percent = rates(Population(sd_person=sd_person, sd_stimulus=sd_stimulus, n_people=n_people))
    covered = percent[
        [name for name in percent.index if name.startswith(("share", "diff", "odds"))]
    ]
    rejected = percent[[name for name in percent.index if name.startswith("rejects")]]
    assert QUICK or covered.between(93, 97).all()
    apart = ["rejects: equivalence", "rejects: interaction"]
    assert QUICK or rejected.drop(apart).between(4, 6).all()


@pytest.mark.parametrize(("sd_person", "sd_stimulus", "n_people"), CORNERS)
def test_without_an_interaction_its_test_rejects_one_study_in_twenty(
    sd_person: float, sd_stimulus: float, n_people: int
) -> None:
    """It errs on the safe side, by so little that 2,000 studies do not tell it from 4 %."""
    population = Population(sd_person=sd_person, sd_stimulus=sd_stimulus, n_people=n_people)
    rng = np.random.default_rng(20261130)
    drawn = (study(rng, population)[0] for _ in range(MANY))
    found = [regression.interactions(trials, PAIR)["p"].iloc[0] < 0.05 for trials in drawn]
    percent = 100 * np.mean(found)
    print(f"\n{population}\ninteraction rejected {percent:.2f} %", flush=True)  # noqa: T201
    assert QUICK or 4 <= percent <= 6


@pytest.mark.parametrize(("sd_person", "sd_stimulus", "n_people"), CORNERS)
def test_at_its_margin_equivalence_is_found_in_six_per_cent_at_most(
    sd_person: float, sd_stimulus: float, n_people: int
) -> None:
    population = Population(
        sd_person=sd_person, sd_stimulus=sd_stimulus, n_people=n_people, effect=EFFECT
    )
    percent = rates(population)
    covered = percent[
        [name for name in percent.index if name.startswith(("share", "diff", "odds"))]
    ]
    assert QUICK or covered.between(93, 97).all()
    assert QUICK or percent["rejects: equivalence"] <= 6


@pytest.mark.parametrize(("sd_person", "sd_stimulus", "n_people"), CORNERS)
def test_where_conditions_suit_single_stimuli_only_the_error_over_stimuli_holds(
    sd_person: float, sd_stimulus: float, n_people: int
) -> None:
    population = Population(
        sd_person=sd_person, sd_stimulus=sd_stimulus, n_people=n_people, sd_leaning=LEANING
    )
    percent = rates(population)
    assert QUICK or 93 <= percent["difference, other stimuli"] <= 97
    assert QUICK or percent["rejects: other stimuli"] <= 6
    assert QUICK or percent["rejects: odds ratio"] <= 6
