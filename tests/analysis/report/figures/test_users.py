import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.figures.users import SPREAD, tie_offsets


@given(st.lists(st.integers(0, 30), max_size=60))
def test_tied_dots_are_spread_evenly_and_never_hide_each_other(values):
    numbers = np.array(values, dtype="float64")
    offsets = tie_offsets(numbers)
    dots = set(zip(numbers, offsets.round(9), strict=True))
    assert len(dots) == len(values)
    assert np.all(np.abs(offsets) <= SPREAD / 2 + 1e-9)
    for value in set(values):
        assert abs(offsets[numbers == value].mean()) < 1e-9
