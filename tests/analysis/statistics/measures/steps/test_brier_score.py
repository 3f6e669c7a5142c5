import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from analysis.statistics.measures.steps.brier_score import brier_score

ANSWERS = st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=40)


def arrays(answers):
    percent, right = np.array(answers, dtype="float64").T
    return percent / 100, right


def test_a_score_by_hand():
    probability = np.array([0.8, 0.8, 0.8, 0.8, 0.6, 0.6])
    score = brier_score(probability, np.array([1.0, 1, 1, 0, 1, 0]))
    assert score.score == pytest.approx((3 * 0.04 + 0.64 + 0.16 + 0.36) / 6)
    # Of the four 3/4 are right, of the two 1/2, of all 2/3.
    assert score.reliability == pytest.approx((4 * 0.05**2 + 2 * 0.1**2) / 6)
    assert score.resolution == pytest.approx((4 * (1 / 12) ** 2 + 2 * (1 / 6) ** 2) / 6)
    assert score.uncertainty == pytest.approx(2 / 9)
    assert (score.spread, score.tilt) == pytest.approx((0, 0))


def test_answers_within_a_tenth_need_the_two_terms_that_murphy_does_not_have():
    score = brier_score(np.array([0.81, 0.89]), np.array([0.0, 1.0]))
    assert score.reliability == pytest.approx(0.35**2)
    assert (score.resolution, score.uncertainty) == (0, 0.25)
    assert score.spread == pytest.approx(0.04**2)
    assert score.tilt == pytest.approx(2 * 0.04 * 0.5)
    assert score.score == pytest.approx((0.81**2 + 0.11**2) / 2)


@settings(max_examples=50)
@given(ANSWERS)
def test_the_five_terms_make_the_score(answers):
    score = brier_score(*arrays(answers))
    terms = score.reliability - score.resolution + score.uncertainty + score.spread - score.tilt
    assert score.score == pytest.approx(terms, abs=1e-12)


@settings(max_examples=25)
@given(ANSWERS)
def test_the_score_is_scikit_learns(answers):
    probability, right = arrays(answers)
    theirs = brier_score_loss(right, probability, labels=[0, 1])
    assert brier_score(probability, right).score == pytest.approx(theirs)


@settings(max_examples=25)
@given(ANSWERS)
def test_reliability_and_resolution_are_those_of_a_loop_over_tenths(answers):
    n, total = len(answers), sum(right for _, right in answers)
    reliability = resolution = 0.0
    for tenth in range(10):
        own = [answer for answer in answers if min(answer[0] // 10, 9) == tenth]
        if own:
            stated, share = (sum(values) / len(own) for values in zip(*own, strict=True))
            reliability += len(own) / n * (stated / 100 - share) ** 2
            resolution += len(own) / n * (share - total / n) ** 2
    score = brier_score(*arrays(answers))
    assert (score.reliability, score.resolution) == pytest.approx((reliability, resolution))


def test_who_always_says_the_share_of_right_answers_has_its_uncertainty():
    score = brier_score(np.full(10, 0.7), np.repeat([1.0, 0.0], [7, 3]))
    assert score.score == pytest.approx(score.uncertainty)
    assert score.reliability == pytest.approx(0)
