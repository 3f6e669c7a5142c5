"""How often a study that is looked at several times finds what is not there: `make bench
ONLY=looks`, a quarter of an hour on one core.

Three conditions of 60 people, 30 of 48 stimuli each, without any difference, looked at as planned.
"""

import numpy as np
import pytest

from tests.benchmarks.interim import false_findings
from tests.benchmarks.sizes import QUICK, size

STUDIES = size(2_000, quick=3)


@pytest.mark.parametrize("shares", [(0.5, 1.0), (0.4, 0.6, 0.8, 1.0)], ids=["two", "four"])
def test_all_looks_together_find_a_difference_in_one_study_of_twenty(
    shares: tuple[float, ...],
) -> None:
    found = false_findings(np.random.default_rng(20261129), shares=shares, n_studies=STUDIES)
    percent = 100 * found / STUDIES
    print(f"\n{shares}\n{percent.round(2).to_string()}", flush=True)  # noqa: T201
    assert QUICK or 4 <= percent["one pair"] <= 6
    assert QUICK or percent["three pairs"] <= 6
