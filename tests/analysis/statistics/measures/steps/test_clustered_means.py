import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.statistics.measures.steps.clustered_means import mean_of, median_of, share_of
from analysis.statistics.shares import over_people_and_stimuli

PEOPLE, STIMULI = 25, 32


def trials_of(values: np.ndarray, n_ai_right: int = STIMULI) -> pd.DataFrame:
    """A row of values for each person, a column for each stimulus, the AI right on the first."""
    people, stimuli = (index.ravel() for index in np.indices(values.shape))
    facts = {"participant_id": people, "stimulus_id": stimuli, "ai_right": stimuli < n_ai_right}
    return pd.DataFrame({**facts, "value": values.ravel()})


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Of people and stimuli that both differ."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=(PEOPLE, STIMULI))
    return noise + rng.normal(size=(PEOPLE, 1)) + rng.normal(size=(1, STIMULI))


@pytest.fixture
def trials(values: np.ndarray) -> pd.DataFrame:
    return trials_of(values)


def test_the_error_of_a_mean_is_that_of_statsmodels_with_two_clusters(trials):
    mean, (low, high) = mean_of(trials, "value")
    groups = trials[["participant_id", "stimulus_id"]].to_numpy()
    fit = sm.OLS(trials["value"], np.ones(len(trials))).fit()
    error = fit.get_robustcov_results("cluster", groups=groups).bse[0]
    assert mean == pytest.approx(fit.params.iloc[0])
    # Satterthwaite's degrees of freedom are at most those of the smaller number of clusters.
    assert (high - low) / 2 == pytest.approx(stats.t.ppf(0.975, PEOPLE - 1) * error, rel=0.01)


def test_stimuli_differ_within_those_on_which_the_ai_is_right_and_within_the_others(values):
    n_right = 12
    lifted = values + 5 * (np.arange(STIMULI) < n_right)
    mean, ends = mean_of(trials_of(lifted, n_right), "value")
    in_cell = np.where(np.arange(STIMULI) < n_right, lifted[:, :n_right].mean(), 0.0)
    in_cell[n_right:] = lifted[:, n_right:].mean()
    left = (lifted - in_cell) / lifted.size
    people = (left.sum(axis=1) ** 2).sum() * PEOPLE / (PEOPLE - 1)
    stimuli = sum(
        (part.sum(axis=0) ** 2).sum() * part.shape[1] / (part.shape[1] - 1)
        for part in (left[:, :n_right], left[:, n_right:])
    )
    error = math.sqrt(people + stimuli - (left**2).sum() * left.size / (left.size - 1))
    assert mean == pytest.approx(lifted.mean())
    assert np.diff(ends)[0] / 2 == pytest.approx(stats.t.ppf(0.975, PEOPLE - 1) * error, rel=0.01)
    _, plain = mean_of(trials_of(values, n_right), "value")
    assert np.diff(ends) == pytest.approx(np.diff(plain))


def test_a_single_stimulus_on_which_the_ai_is_right_joins_the_others(values):
    _, ends = mean_of(trials_of(values, 1), "value")
    assert ends == mean_of(trials_of(values), "value")[1]


def test_the_interval_of_a_median_ends_at_values_as_far_in_ranks_as_its_share_reaches(trials):
    median, (low, high) = median_of(trials, "value")
    assert median == np.median(trials["value"])
    share, ends = mean_of(trials.assign(below=(trials["value"] <= median) * 1.0), "below")
    ranks = [(trials["value"] <= end).mean() for end in (low, high)]
    assert share == 0.5
    assert ranks == pytest.approx(ends, abs=1 / len(trials))


def test_below_twenty_people_or_thirty_stimuli_and_without_a_spread_there_is_no_interval(trials):
    few_people = trials[trials["participant_id"] < 19]
    few_stimuli = trials[trials["stimulus_id"] < 29]
    alike = trials.assign(value=0.5)
    for some in (few_people, few_stimuli, alike):
        for method in (mean_of, median_of):
            value, ends = method(some, "value")
            assert not math.isnan(value)
            assert np.isnan(ends).all()


def test_without_trials_there_is_nothing(trials):
    for method in (mean_of, median_of):
        assert np.isnan(np.hstack(method(trials.assign(value=math.nan), "value"))).all()


def test_a_share_is_that_of_shares_where_the_ai_is_always_right(trials):
    flags = trials.assign(flag=trials["value"] > 0, condition="a")
    row = over_people_and_stimuli(flags, ["condition"], "flag").iloc[0]
    ours = share_of(flags, "flag")
    assert ours[:4] == tuple(row.iloc[1:5])
    assert ours[4:] == pytest.approx(row.iloc[5:].tolist(), abs=0.5)


def test_a_share_of_all_has_an_interval_that_ends_there_and_too_few_have_none(trials):
    *_, percent, low, high = share_of(trials.assign(flag=True), "flag")
    assert (percent, high) == (100, 100)
    assert 80 < low < 100
    few = trials[trials["participant_id"] < 19]
    assert np.isnan(share_of(few.assign(flag=few["value"] > 0), "flag")[4:]).all()


def test_a_share_that_hangs_on_whether_the_ai_is_right_is_known_as_surely_as_its_mean():
    """Nine in ten and one in ten: a half of all, told more surely than by as many coins."""
    rng = np.random.default_rng(4)
    n_right = STIMULI // 2
    chance = np.where(np.arange(STIMULI) < n_right, 0.9, 0.1)
    trials = trials_of((rng.random((PEOPLE, STIMULI)) < chance).astype("float64"), n_right)
    mean, ends = mean_of(trials, "value")
    *_, percent, low, high = share_of(trials.assign(flag=trials["value"] > 0), "flag")
    assert percent == pytest.approx(100 * mean)
    shares = trials.groupby("ai_right")["value"].mean()
    alone = math.sqrt((shares * (1 - shares)).mean() / len(trials))  # each trial by itself
    half = max(np.diff(ends)[0] / 2, stats.t.ppf(0.975, PEOPLE - 1) * alone)
    assert (high - low) / 2 == pytest.approx(100 * half, rel=0.01)
