"""Intervals of what is lost by how often people accept, against Wilson's ends and simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.best_decisions import Signals
from analysis.statistics.estimate import Estimate
from analysis.statistics.measures.rational import interval_of_misreliance
from analysis.statistics.strata import interval_of_share

MANY = 1e9  # degrees of freedom: the normal distribution
STEP = 1 / 2_000  # between rates that are tried; a loss moves by less
# A valley: accepting more or less than half of all costs one point for each point.
VALLEY = Signals(right=np.array([0.5, 0.0]), wrong=np.array([0.0, 0.5]))
# A valley with a floor: the medium band, a third of all, is right half the time.
FLOOR = Signals(right=np.array([1, 1, 0]) / 3, wrong=np.array([0, 1, 2]) / 3)
NOTHING = Signals(right=np.array([0.2, 0.3]), wrong=np.array([0.2, 0.3]))


def accepted(value, error, df=MANY):
    return Estimate(value=value, error=error, df=df)


def held_percent(signals, truth, error, n=200):
    """How many intervals hold the loss at a rate, of estimates at even quantiles around it."""
    loss = signals.misreliance(truth)
    estimates = truth + error * stats.norm.ppf((np.arange(n) + 0.5) / n)
    intervals = [interval_of_misreliance(signals, accepted(value, error)) for value in estimates]
    return 100 * np.mean([low <= loss <= high for low, high in intervals])


def test_far_from_the_best_rate_it_is_the_loss_at_the_ends_of_the_rate():
    rate = accepted(0.8, 0.02, df=12)
    ends = [end - 0.5 for end in interval_of_share(rate)]
    assert interval_of_misreliance(VALLEY, rate) == pytest.approx(ends, abs=STEP)


def test_at_the_best_rate_the_loss_may_be_nothing():
    low, high = interval_of_misreliance(VALLEY, accepted(0.5, 0.02))
    assert low == 0
    assert high == pytest.approx(1.645 * 0.02, abs=STEP)


@pytest.mark.parametrize("errors_off", [0, 0.5, 1, 1.5, 2, 3, 6])
def test_a_loss_is_held_by_95_per_cent_however_near_the_other_rate_is(errors_off):
    """Over the interval of the rate alone, 97.5 % of losses are held from 1 to 2."""
    assert 94 <= held_percent(VALLEY, 0.5 + 0.02 * errors_off, 0.02) <= 96


def test_a_loss_of_nothing_at_the_edge_of_a_floor_is_held_by_95_per_cent():
    assert FLOOR.best_rate == pytest.approx(1 / 3)
    assert 94 <= held_percent(FLOOR, 1 / 3, 0.02) <= 96


def test_what_no_rate_changes_is_nothing_for_sure():
    assert interval_of_misreliance(NOTHING, accepted(0.4, 0.05)) == (0, 0)


def test_without_an_error_there_is_no_interval():
    assert all(map(math.isnan, interval_of_misreliance(VALLEY, accepted(0.4, math.nan))))
