"""How often the intervals of the sections on steps hold the truth: `make bench ONLY=step_coverage`.

Studies as in `tests/benchmarks/step_studies.py`: 25 people, SD .3 or 1.2 over people and 0 or 1
over stimuli, in log odds.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.step_studies import People, held, study, truths

STUDIES = size(2_000, quick=3)
EVERYBODY = size(1_000_000, quick=20_000)  # trials that make the truth
CORNERS = list(product((0.3, 1.2), (0.0, 1.0)))


def rates(people: People) -> pd.Series:
    """Per cent of all studies in which each interval holds the truth."""
    rng = np.random.default_rng(20261129)
    true = truths(rng, people, EVERYBODY)
    percent = 100 * pd.DataFrame([held(study(rng, people), true) for _ in range(STUDIES)]).mean()
    print(f"\n{people}\n{percent.round(1).to_string()}", flush=True)  # noqa: T201
    return percent


@pytest.mark.parametrize(("sd_person", "sd_stimulus"), CORNERS)
def test_intervals_hold_for_other_people_and_other_stimuli(
    sd_person: float, sd_stimulus: float
) -> None:
    percent = rates(People(sd_person=sd_person, sd_stimulus=sd_stimulus, n_people=25))
    # The median errs on the safe side where many weights are alike, as those of whole numbers are.
    assert QUICK or percent.pop("weight: median") >= 93
    assert QUICK or percent.between(93, 97).all()
