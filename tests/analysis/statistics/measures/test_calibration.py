from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.figures.calibration import by_confidence
from analysis.statistics.measures import calibration
from analysis.statistics.measures.calibration import by_tenth, reliance_error, tenths


def trials_of(confidence, accepted, right, n, condition="a", kind="natural"):
    """n trials of one confidence: the first `accepted` accepted, the AI right on `right`."""
    return pd.DataFrame(
        {
            "condition": condition,
            "kind": kind,
            "confidence": confidence,
            "decision": ["accept" if i < accepted else "reject" for i in range(n)],
            "ai_right": pd.array([i >= n - right for i in range(n)], dtype="boolean"),
        }
    )


def test_the_tenths_and_the_error_of_two_tenths_by_hand():
    trials = pd.concat(
        [
            trials_of(0.92, accepted=7, right=9, n=10),
            trials_of(0.31, accepted=3, right=1, n=4),
            trials_of(0.38, accepted=1, right=1, n=1),
            trials_of(0.92, accepted=9, right=0, n=9, kind="adversarial"),
        ]
    )
    rows = by_tenth(trials, ["a", "b"]).set_index("from_percent")
    assert rows.index.tolist() == [30, 90]
    low, high = rows.loc[30], rows.loc[90]
    assert (low["n_trials"], low["n_accepted"]) == (5, 4)
    assert low[["accepted_percent", "ai_right_percent", "gap_points"]].tolist() == [80, 40, 40]
    assert high[["accepted_percent", "ai_right_percent", "gap_points"]].tolist() == [70, 90, -20]
    # Wilson of 7 in 10, as in test_intervals.py
    assert high[["low_percent", "high_percent"]].tolist() == pytest.approx(
        [39.6778, 89.2209], abs=1e-4
    )
    errors = reliance_error(rows.reset_index(), ["a", "b"]).set_index("condition")
    assert errors.loc["a"].tolist() == pytest.approx([15, (5 * 40 + 10 * 20) / 15])
    assert errors.loc["b", "n_trials"] == 0
    assert pd.isna(errors.loc["b", "error_points"])


def test_accepting_whenever_the_ai_is_right_has_no_error_and_the_opposite_the_largest():
    def error(agree):
        trials = pd.concat([trials_of(0.9, 5 * agree, 5, 5), trials_of(0.1, 5 * (not agree), 0, 5)])
        return reliance_error(by_tenth(trials, ["a"]), ["a"])["error_points"].iloc[0]

    assert (error(agree=True), error(agree=False)) == (0, 100)


@given(st.lists(st.decimals(0, 1, places=4), min_size=1, max_size=30))
def test_a_tenth_holds_what_people_read(confidences):
    def read(confidence):
        return int((Decimal(str(confidence)) * 100).quantize(Decimal(1), ROUND_HALF_UP))

    floats = [float(confidence) for confidence in confidences]
    expected = [min(read(confidence) // 10, 9) for confidence in floats]
    assert tenths(np.array(floats)).tolist() == expected


def test_the_edges_of_tenths():
    shown = np.array([0, 0.094, 0.095, 0.285, 0.295, 0.7, 0.9, 1.0])
    assert tenths(shown).tolist() == [0, 0, 1, 2, 3, 7, 9, 9]


@given(st.lists(st.tuples(st.integers(0, 10), st.booleans(), st.booleans()), max_size=40))
def test_the_table_agrees_with_counting_one_by_one(answers):
    trials = pd.concat(
        [trials_of(0.0, 0, 0, 0), *(trials_of(c / 10, a, r, 1) for c, a, r in answers)]
    )
    rows = by_tenth(trials, ["a"])
    assert rows["n_trials"].sum() == len(answers)
    for row in rows.to_dict("records"):
        own = [(a, r) for c, a, r in answers if min(c, 9) * 10 == row["from_percent"]]
        assert row["n_accepted"] == sum(a for a, _ in own)
        assert row["ai_right_percent"] == pytest.approx(100 * sum(r for _, r in own) / len(own))


def test_nobody_has_no_tenth_no_error_and_still_a_figure():
    rows = by_tenth(trials_of(0.5, 0, 0, 0), ["a"])
    assert rows.empty
    errors = calibration.reliance_error(rows, ["a"])
    assert pd.isna(errors["error_points"].iloc[0])
    assert len(by_confidence(rows, errors).axes) == 1
