"""What simulated people are told to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.bundle import Bin
from study_app.errors import RefusalError
from study_app.simulation.behaviour import PLANTED, expit, logit, planted


def test_conditions_get_different_behaviours_by_default():
    behaviours = planted(["a", "b", "c", "d"], [])
    assert behaviours == dict(zip("abcd", (*PLANTED, PLANTED[0]), strict=True))


def test_a_behaviour_can_be_planted_for_a_condition_and_for_a_bin():
    behaviour = planted(["a", "b"], ["b:hard=0.6,0.5", "b=0.7,0.2"])["b"]
    assert (behaviour.accept_right, behaviour.accept_wrong) == (0.7, 0.2)
    assert behaviour.by_bin == {Bin.HARD: (0.6, 0.5)}
    assert behaviour.follows == 0


def test_every_wrong_behaviour_is_named():
    with pytest.raises(RefusalError) as caught:
        planted(["a"], ["x=0.1,0.2", "a=2,0", "a=high", "a:huge=0.1,0.2"])
    assert len(caught.value.problems) == 4


def test_people_follow_the_confidence_unless_told_otherwise(bundle):
    instructed, free = planted(["a"], ["a=0.8,0.5"])["a"], planted(["a"], [])["a"]
    low, *_, high = sorted((p for p in bundle.predictions if p.right), key=lambda p: p.confidence)
    assert instructed.log_odds(low) == instructed.log_odds(high)
    assert free.log_odds(high) - free.log_odds(low) == pytest.approx(
        high.confidence - low.confidence
    )


@given(st.floats(min_value=0, max_value=1))
def test_log_odds_are_undone(probability):
    assert expit(logit(probability)) == pytest.approx(probability, abs=1e-12)
