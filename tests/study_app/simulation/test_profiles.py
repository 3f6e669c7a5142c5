"""The profiles of simulated people, and in which shares they come."""

import random
from collections import Counter
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study_app.errors import RefusalError
from study_app.simulation.profiles import DECIDING, USUAL, deal_out, read_mix


def test_reaction_times_have_the_moments_of_an_ex_gaussian():
    rng = random.Random(1)
    times = [DECIDING.draw(rng) for _ in range(20_000)]
    assert fmean(times) == pytest.approx(1800 + 1500, rel=0.02)
    variance = fmean((time - fmean(times)) ** 2 for time in times[:2000])
    assert variance == pytest.approx(400**2 + 1500**2, rel=0.15)


@given(st.integers(min_value=0, max_value=200), st.integers())
def test_shares_are_dealt_out_as_nearly_as_people_allow(participants, seed):
    names = deal_out(USUAL, participants, rng=random.Random(seed))
    counts = Counter(names)
    assert len(names) == participants
    for name, share in USUAL.items():
        assert abs(counts[name] - share * participants) < 1


def test_every_problem_of_a_mix_is_named():
    assert read_mix("calibrated=0.6,quitting=0.4") == {"calibrated": 0.6, "quitting": 0.4}
    with pytest.raises(RefusalError) as caught:
        read_mix("calm=0.5,random=lots,failing")
    assert len(caught.value.problems) == 3
    with pytest.raises(RefusalError, match=r"0\.9 in all"):
        read_mix("random=0.9")
