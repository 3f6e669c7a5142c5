import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from analysis.statistics.estimate import EQUIVALENCE_LEVEL, Estimate

values = st.lists(st.integers(0, 30), min_size=3, max_size=12).filter(lambda x: len(set(x)) > 1)


def test_an_interval_and_its_p_by_the_table_of_student():
    # t(0.975, 10) = 2.228139
    estimate = Estimate(value=4, error=2, df=10)
    assert estimate.interval() == pytest.approx((4 - 2 * 2.228139, 4 + 2 * 2.228139), abs=1e-5)
    assert Estimate(value=2.228139, error=1, df=10).p() == pytest.approx(0.05, abs=1e-6)
    assert Estimate(value=2.228139, error=1, df=10).p("greater") == pytest.approx(0.025, abs=1e-6)
    assert Estimate(value=2.228139, error=1, df=10).p("less") == pytest.approx(0.975, abs=1e-6)


@settings(max_examples=30)
@given(a=values, b=values, margin=st.floats(0.5, 20))
def test_two_one_sided_tests_are_those_of_statsmodels(a, b, margin):
    compared = CompareMeans(DescrStatsW(a), DescrStatsW(b))
    error, df = compared.std_meandiff_separatevar, compared.dof_satt()
    ours = Estimate(value=np.mean(a) - np.mean(b), error=error, df=df)
    theirs, *_ = compared.ttost_ind(-margin, margin, usevar="unequal")
    assert ours.p_within(margin) == pytest.approx(theirs)


@given(st.floats(-10, 10), st.floats(0.1, 5), st.floats(1, 200), st.floats(0.1, 20))
def test_two_one_sided_tests_find_equivalence_where_the_90_per_cent_interval_is_inside(
    value, error, df, margin
):
    estimate = Estimate(value=value, error=error, df=df)
    low, high = estimate.interval(EQUIVALENCE_LEVEL)
    if min(abs(low + margin), abs(high - margin)) > 1e-6:
        assert (estimate.p_within(margin) < 0.05) == (-margin < low and high < margin)


def test_without_an_error_nothing_is_said():
    for error in (0.0, math.nan):
        estimate = Estimate(value=1, error=error, df=5)
        assert math.isnan(estimate.p())
        assert math.isnan(estimate.p_within(2))
