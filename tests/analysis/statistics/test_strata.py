import math

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import strata
from analysis.statistics.clusters import clusters_of, over_people_and_stimuli
from analysis.statistics.strata import weighted_mean


def trials_of(rng, *, n_people=30, n_stimuli=40, n_cells=2, sd_stimulus=1.0):
    """Everybody judges every stimulus; the cells have about as many each."""
    stimulus = np.tile(np.arange(n_stimuli), n_people)
    hard = rng.normal(0, sd_stimulus, n_stimuli)[stimulus]
    able = np.repeat(rng.normal(0, 0.5, n_people), n_stimuli)
    values = rng.random(stimulus.size) < 1 / (1 + np.exp(hard - able))
    return pd.DataFrame(
        {
            "participant_id": np.repeat(np.arange(n_people), n_stimuli),
            "stimulus_id": stimulus,
            "cell": stimulus % n_cells,
            "value": values.astype("float64"),
        }
    )


def test_the_mean_by_hand():
    trials = pd.DataFrame(
        {
            "participant_id": [0, 0, 1, 1],
            "stimulus_id": [0, 1, 0, 2],
            "cell": [0, 1, 0, 1],
            "value": [1, 0, 0, 1],
        }
    )
    estimate, reason = weighted_mean(trials, pd.Series({0: 3.0, 1: 1.0}))
    assert estimate.value == 0.5
    assert math.isnan(estimate.error)
    assert reason == strata.TOO_FEW_PEOPLE
    # The AI alone is right on stimulus 0 and wrong on 3, which nobody saw.
    alone = pd.DataFrame({"stimulus_id": [0, 3], "cell": [0, 1], "value": [1, 0]})
    assert weighted_mean(trials, pd.Series({0: 3.0, 1: 1.0}), alone)[0].value == 0


def test_with_one_cell_the_error_is_that_of_two_way_clusters(rng):
    trials = trials_of(rng, n_cells=1)
    estimate, reason = weighted_mean(trials, pd.Series({0: 1.0}))
    influence = (trials["value"] - trials["value"].mean()).to_numpy() / len(trials)
    expected = over_people_and_stimuli(estimate.value, influence, clusters_of(trials))
    assert (reason, estimate.error) == ("", pytest.approx(expected.error))
    assert estimate.df <= 29


def test_units_of_weights_do_not_matter(rng):
    trials = trials_of(rng)
    one, per_cent = (weighted_mean(trials, pd.Series({0: a, 1: b})) for a, b in ((1, 3), (25, 75)))
    assert one[0].value == pytest.approx(per_cent[0].value)
    assert one[0].error == pytest.approx(per_cent[0].error)


def pigeonhole(rng, trials, weights, alone, n=1_000):
    """Owen 2007: draw people and, within their cells, stimuli with replacement, and keep pairs."""
    person, stimulus = trials["participant_id"].to_numpy(), trials["stimulus_id"].to_numpy()
    cell, value = trials["cell"].to_numpy(), trials["value"].to_numpy()
    fixed = alone.set_index("stimulus_id")["value"].to_numpy()
    of_stimulus = alone.set_index("stimulus_id")["cell"].to_numpy()
    results = []
    for _ in range(n):
        people = np.bincount(rng.integers(0, person.max() + 1, person.max() + 1), minlength=99)
        stimuli = np.zeros(len(fixed))
        for name in weights.index:
            own = np.flatnonzero(of_stimulus == name)
            np.add.at(stimuli, rng.choice(own, own.size), 1)
        counts = people[person] * stimuli[stimulus]
        means = [np.average(value[cell == c], weights=counts[cell == c]) for c in weights.index]
        alone_mean = np.average(fixed, weights=stimuli)
        results.append(np.average(means, weights=weights) - alone_mean)
    return float(np.std(results, ddof=1))


@pytest.mark.parametrize("sd_stimulus", [0.0, 1.0])
def test_the_error_of_a_difference_is_that_of_the_pigeonhole_bootstrap(rng, sd_stimulus):
    trials = trials_of(rng, sd_stimulus=sd_stimulus, n_stimuli=60)
    share = trials.groupby("stimulus_id")["value"].mean()
    alone = pd.DataFrame({"stimulus_id": share.index, "cell": share.index % 2})
    alone["value"] = (share + rng.normal(0, 0.2, len(share)) > 0.5).astype("float64").to_numpy()
    weights = trials["cell"].value_counts()
    estimate, _ = weighted_mean(trials, weights, alone)
    # The bootstrap counts what a person and a stimulus share three times (Owen 2007, theorem 3).
    drawn = pigeonhole(rng, trials, weights, alone)
    assert 0.9 * estimate.error < drawn < 1.35 * estimate.error


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"n_people": 19}, strata.TOO_FEW_PEOPLE),
        ({"n_stimuli": 29}, strata.TOO_FEW_STIMULI),
        ({"n_stimuli": 40, "n_cells": 39}, strata.LONELY),
    ],
)
def test_too_few_people_or_stimuli_leave_no_interval_and_a_reason(rng, facts, reason):
    trials = trials_of(rng, **facts)
    estimate, why = weighted_mean(trials, trials["cell"].value_counts())
    assert (why, math.isnan(estimate.error)) == (reason, True)


def test_a_heavy_cell_of_few_stimuli_leaves_few_degrees_of_freedom(rng):
    trials = trials_of(rng, n_stimuli=40, n_people=100)
    trials["cell"] = (trials["stimulus_id"] >= 6).astype("int64")
    heavy, _ = weighted_mean(trials, pd.Series({0: 0.9, 1: 0.1}))
    even, _ = weighted_mean(trials, trials["cell"].value_counts())
    assert heavy.df < 10 < even.df
