"""Loadings and omega of correlations that are known, and a second implementation."""

import numpy as np
import pytest
from statsmodels.multivariate.factor import Factor

from analysis.statistics.scales.internal_consistency import alpha
from analysis.statistics.scales.one_factor import loadings, omega
from tests.analysis.statistics.scales.exact import LOADINGS, one_factor, with_covariance

SPREADS = np.array([1.0, 2.0, 0.5])


def test_omega_of_one_factor_is_the_share_of_the_sum_that_it_explains() -> None:
    items = with_covariance(one_factor(LOADINGS))
    # (.8 + .7 + .6)² / (4.41 + .36 + .51 + .64), and alpha is 1.5 · (1 - 3 / 5.92)
    assert omega(items) == pytest.approx(4.41 / 5.92)
    assert alpha(items) == pytest.approx(1.5 * (1 - 3 / 5.92))
    # In units of 1, 2 and .5: .8 + 1.4 + .3 explains 2.5² of 2.5² + .36 + 2.04 + .16.
    assert omega(items * SPREADS) == pytest.approx(6.25 / 8.81)


def test_omega_is_alpha_where_all_items_measure_equally_well() -> None:
    items = with_covariance(0.4 * np.ones((5, 5)) + np.diag([0.3, 0.6, 0.9, 1.2, 2.0]))
    loads_alike = loadings(0.36 * np.ones((4, 4)) + 0.64 * np.eye(4))
    assert loads_alike == pytest.approx(np.full(4, 0.6))
    assert omega(items) == pytest.approx(alpha(items))


def test_loadings_are_those_of_statsmodels_where_one_factor_is_all_there_is() -> None:
    correlations = one_factor(np.array([0.9, 0.75, 0.5, 0.3, -0.4]))
    theirs = Factor(corr=correlations, n_factor=1, method="ml", nobs=500).fit().loadings[:, 0]
    ours = loadings(correlations)
    assert ours == pytest.approx(theirs * np.sign(theirs.sum()), abs=1e-4)


def test_no_loading_leaves_an_item_less_than_no_error() -> None:
    correlations = np.array([[1, 0.9, 0.8], [0.9, 1, 0.3], [0.8, 0.3, 1]])  # .9 · .8 / .3 > 1
    assert loadings(correlations)[0] == pytest.approx(1)
