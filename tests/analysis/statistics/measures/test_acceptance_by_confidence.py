from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.figures import acceptance_by_confidence
from analysis.statistics.measures.acceptance_by_confidence import by_tenth, tenths
from analysis.statistics.shares import over_people


def trials_of(confidence, accepted, right, n, condition="a", kind="natural"):
    """n trials of one confidence: the first `accepted` accepted, the AI right on `right`."""
    return pd.DataFrame(
        {
            "participant_id": [f"{condition}{i % 25}" for i in range(n)],
            "condition": condition,
            "kind": kind,
            "confidence": confidence,
            "decision": ["accept" if i < accepted else "reject" for i in range(n)],
            "ai_right": pd.array([i >= n - right for i in range(n)], dtype="boolean"),
        }
    )


def test_two_tenths_by_hand_with_the_intervals_of_their_people():
    trials = pd.concat(
        [
            trials_of(0.92, accepted=35, right=45, n=50),
            trials_of(0.31, accepted=3, right=1, n=4),
            trials_of(0.38, accepted=1, right=1, n=1),
            trials_of(0.92, accepted=9, right=0, n=9, kind="adversarial"),
        ]
    )
    rows = by_tenth(trials, ["a", "b"]).set_index("from_percent")
    assert rows.index.tolist() == [30, 90]
    low, high = rows.loc[30], rows.loc[90]
    assert (low["n_trials"], low["n_accepted"]) == (5, 4)
    assert low[["accepted_percent", "ai_right_percent"]].tolist() == [80, 40]
    assert low[["low_percent", "high_percent"]].isna().all()  # four people
    assert high[["accepted_percent", "ai_right_percent"]].tolist() == [70, 90]
    of_all = over_people(trials.iloc[:50].assign(yes=[True] * 35 + [False] * 15), ["kind"], "yes")
    ends = ["low_percent", "high_percent"]
    assert high[ends].tolist() == of_all[ends].iloc[0].tolist()


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


@pytest.mark.slow
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


def test_nobody_has_no_tenth_and_still_a_figure():
    rows = by_tenth(trials_of(0.5, 0, 0, 0), ["a"])
    assert rows.empty
    assert len(acceptance_by_confidence.by_tenth(rows, ["a"]).axes) == 1
