"""Two hundred studies of known truth, against what chance allows."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.benchmarks.step_studies import People, held, study, truths

STUDIES = 200
UNLIKELY = 0.0005  # on each side, for each of some twenty numbers


@pytest.mark.slow
def test_intervals_of_steps_hold_as_often_as_they_say() -> None:
    rng, people = np.random.default_rng(1), People(sd_person=1.2, sd_stimulus=1.0, n_people=25)
    true = truths(rng, people, 300_000)
    counts = pd.DataFrame([held(study(rng, people), true) for _ in range(STUDIES)]).sum()
    least, most = stats.binom.ppf([UNLIKELY, 1 - UNLIKELY], STUDIES, 0.95)
    assert counts.between(least, most).all(), counts
