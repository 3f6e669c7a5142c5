import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.best_decisions import Signals

COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6).filter(
    lambda pairs: all(map(sum, pairs))
)
EXACT = 1e-12


def signals_of(pairs):
    right, wrong = np.array(pairs, dtype="float64").T / np.sum(pairs)
    return Signals(right=right, wrong=wrong)


# Low, medium and high confidence: right on 1 of 4, 2 of 4, 3 of 4 of twelve answers.
SYMMETRIC = signals_of([(1, 3), (2, 2), (3, 1)])


def test_benchmarks_by_hand():
    assert SYMMETRIC.prior == 0.5
    assert SYMMETRIC.rational == pytest.approx((3 + 2 + 3) / 12)
    assert SYMMETRIC.best_rate == pytest.approx(4 / 12)
    # Accepting half of all: every high and half the medium ones.
    assert SYMMETRIC.at_rate(0.5) == pytest.approx((3 + 2 + 3) / 12)
    # Accepting everything is right on six of twelve, and nothing too.
    assert SYMMETRIC.at_rate(1) == SYMMETRIC.at_rate(0) == pytest.approx(0.5)
    # Two of twelve: half of the high ones, 1.5 right; of the rest 6 - 0.5 are rightly rejected.
    assert SYMMETRIC.at_rate(2 / 12) == pytest.approx((1.5 + 5.5) / 12)
    assert SYMMETRIC.misreliance(2 / 12) == pytest.approx(1 / 12)


def test_where_every_signal_is_right_half_the_time_it_is_worth_nothing_at_any_rate():
    even = signals_of([(2, 2), (3, 3)])
    assert even.rational == even.prior == even.at_rate(0.3) == 0.5


@given(pairs=COUNTS, accepted=st.floats(0, 1))
def test_the_rational_reader_is_at_least_as_good_as_one_with_a_rate_and_that_as_a_coin(
    pairs, accepted
):
    signals = signals_of(pairs)
    coin = accepted * signals.right.sum() + (1 - accepted) * signals.wrong.sum()
    assert signals.rational >= signals.prior - EXACT
    assert signals.rational >= signals.at_rate(accepted) - EXACT
    assert signals.at_rate(accepted) >= coin - EXACT
    assert signals.at_rate(signals.best_rate) == pytest.approx(signals.rational)


@given(pairs=COUNTS, rates=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_the_payoff_at_a_rate_is_concave(pairs, rates):
    signals, (low, high) = signals_of(pairs), sorted(rates)
    chord = (signals.at_rate(low) + signals.at_rate(high)) / 2
    assert signals.at_rate((low + high) / 2) >= chord - EXACT
