import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

from analysis.statistics.clusters import (
    clusters_of,
    combined,
    over_people_and_stimuli,
    variance_over,
)


def crossed(seed):
    rng = np.random.default_rng(seed)
    rows = [
        (f"p{who}", f"s{what}", float(rng.random() < 0.6))
        for who in range(int(rng.integers(3, 9)))
        for what in rng.permutation(6)[: int(rng.integers(2, 7))]
    ]
    return pd.DataFrame(rows, columns=["participant_id", "stimulus_id", "value"])


def test_the_variance_of_a_mean_of_two_people_by_hand():
    # Means 1 and 0 of two trials each: sums of influence are +1/4 and -1/4; 2 / (2 - 1) * 2/16.
    influence = (np.array([1.0, 1.0, 0.0, 0.0]) - 0.5) / 4
    assert variance_over(influence, np.array([0, 0, 1, 1])) == pytest.approx(2 * (1 / 4**2) * 2)
    assert math.isnan(variance_over(influence, np.zeros(4, dtype="int64")))


@settings(max_examples=40)
@given(st.integers(0, 10_000).map(crossed))
def test_a_mean_has_the_two_way_clusters_of_statsmodels(trials):
    values, clusters = trials["value"].to_numpy(), clusters_of(trials)
    influence = (values - values.mean()) / len(values)
    people, stimuli, meetings = (
        variance_over(influence, codes)
        for codes in (clusters.person, clusters.stimulus, clusters.meeting)
    )
    fit = OLS(values, np.ones(len(values))).fit()
    both, over_people, _ = cov_cluster_2groups(fit, clusters.person, clusters.stimulus)
    assert people == pytest.approx(float(over_people[0, 0]))
    assert people + stimuli - meetings == pytest.approx(float(both[0, 0]), abs=1e-12)
    estimate = over_people_and_stimuli(values.mean(), influence, clusters)
    assert estimate.error**2 == pytest.approx(max(people, people + stimuli - meetings)) or (
        people == 0 and math.isnan(estimate.error)
    )


def test_degrees_of_freedom_lie_between_those_of_people_and_those_of_both():
    alone = combined(0, people=4, stimuli=-1, sizes=(21, 31))
    assert (alone.error, alone.df) == (2, 20)
    both = combined(0, people=4, stimuli=4, sizes=(21, 31))
    assert both.error == pytest.approx(math.sqrt(8))
    assert both.df == pytest.approx(64 / (16 / 20 + 16 / 30))


@given(st.integers(0, 10_000).map(crossed), st.randoms(use_true_random=False))
def test_the_order_of_trials_changes_no_error(trials, rng):
    order = list(range(len(trials)))
    rng.shuffle(order)
    errors = []
    for table in (trials, trials.iloc[order]):
        values = table["value"].to_numpy()
        influence = (values - values.mean()) / len(values)
        errors.append(over_people_and_stimuli(0, influence, clusters_of(table)).error)
    assert errors[0] == pytest.approx(errors[1], nan_ok=True)
