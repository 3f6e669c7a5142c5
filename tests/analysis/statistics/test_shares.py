import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import shares
from analysis.statistics.estimate import Estimate
from analysis.statistics.intervals import score_interval, wilson
from analysis.statistics.shares import (
    effective_interval,
    on_grid,
    over_people,
    over_people_and_stimuli,
)

REFERENCE = Path(__file__).parents[2] / "reference"
ENDS = ["low_percent", "high_percent"]


def trials_of(n_right, n_trials=10, n_stimuli=30):
    """People who are right in the first so many of their trials, each with its own stimulus."""
    rows = [
        ("a", f"p{who:02d}", (who + 7 * trial) % n_stimuli, trial < right)
        for who, right in enumerate(n_right)
        for trial in range(n_trials)
    ]
    return pd.DataFrame(rows, columns=["condition", "participant_id", "stimulus_id", "right"])


def test_the_errors_and_intervals_of_rs_survey(monkeypatch):
    monkeypatch.setattr(shares, "MIN_PEOPLE", 2)  # there are eight in each condition
    trials = pd.read_csv(REFERENCE / "regression" / "trials.csv")
    ours = over_people(trials, ["condition"], "team_right").set_index("condition")
    theirs = pd.read_csv(REFERENCE / "shares" / "expected.csv").set_index("condition")
    for name, row in theirs.iterrows():
        numbers = ours.loc[name, ["percent", *ENDS]].tolist()
        assert numbers == pytest.approx([100 * row[c] for c in ("share", "low", "high")], rel=1e-9)


def share(table):
    return table.iloc[0]


def test_people_who_are_all_right_or_all_wrong_are_worth_one_trial_each():
    row = share(over_people(trials_of([10] * 15 + [0] * 5), ["condition"], "right"))
    assert (row["n_participants"], row["n_trials"], row["n_true"]) == (20, 200, 150)
    # Of the variance p (1 - p) / 20, times 20 / 19, comes an effective n of 19.
    low, high = score_interval(0.75, 19, df=19)
    assert row[ENDS].tolist() == pytest.approx([100 * low, 100 * high])


def test_people_who_are_all_alike_are_worth_as_many_trials_as_they_are():
    row = share(over_people(trials_of([7] * 20), ["condition"], "right"))
    low, high = score_interval(0.7, 20, df=19)
    assert row[ENDS].tolist() == pytest.approx([100 * low, 100 * high])
    everything = share(over_people(trials_of([10] * 20), ["condition"], "right"))
    assert everything["high_percent"] == 100
    assert everything["low_percent"] < 90


def test_below_twenty_people_or_thirty_stimuli_there_is_no_interval():
    few = trials_of([7, 8] * 9 + [9])
    assert share(over_people(few, ["condition"], "right"))[ENDS].isna().all()
    enough = trials_of([7, 8] * 10)
    assert share(over_people(enough, ["condition"], "right"))[ENDS].notna().all()
    assert share(over_people_and_stimuli(enough, ["condition"], "right"))[ENDS].notna().all()
    few = trials_of([7, 8] * 10, n_stimuli=29)
    assert share(over_people_and_stimuli(few, ["condition"], "right"))[ENDS].isna().all()


@settings(max_examples=30)
@given(st.lists(st.integers(0, 10), min_size=20, max_size=30))
def test_an_interval_holds_its_share_and_is_no_narrower_than_wilsons_of_the_trials(n_right):
    row = share(over_people(trials_of(n_right), ["condition"], "right"))
    low, high = wilson(sum(n_right), 10 * len(n_right))
    assert row["low_percent"] - 1e-9 <= row["percent"] <= row["high_percent"] + 1e-9
    assert row["low_percent"] <= 100 * low + 1e-9
    assert row["high_percent"] >= 100 * high - 1e-9


def test_what_stimuli_share_makes_an_interval_wider():
    rng = np.random.default_rng(1)
    trials = trials_of([0] * 40, n_trials=30)
    hard = trials["stimulus_id"] < 15
    trials["right"] = rng.random(len(trials)) < np.where(hard, 0.3, 0.9)
    here, elsewhere = (
        share(method(trials, ["condition"], "right"))[ENDS].astype(float).diff().iloc[1]
        for method in (over_people, over_people_and_stimuli)
    )
    assert elsewhere > 1.5 * here


def test_the_effective_number_of_trials_is_never_above_their_number():
    narrow = effective_interval(Estimate(value=0.5, error=0.001, df=50), 40, n_clusters=20)
    assert narrow == pytest.approx(score_interval(0.5, 40, df=50))


def test_a_grid_has_counts_of_nothing_and_no_share():
    rows = over_people(trials_of([5]), ["condition"], "right")
    full = on_grid(rows, pd.Index(["a", "b"], name="condition")).set_index("condition")
    assert full["n_trials"].tolist() == [10, 0]
    assert math.isnan(full.loc["b", "percent"])
