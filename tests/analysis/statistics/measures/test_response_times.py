import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.export.read import read_export
from analysis.statistics.analysed import analysed
from analysis.statistics.measures import response_times
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant

MINUTES = st.lists(
    st.tuples(st.integers(0, 600), st.integers(0, 30)).map(lambda pair: (pair[0] / 8, pair[1])),
    min_size=4,
    max_size=30,
)


def sessions_of(minutes, n_right, condition="a"):
    return pd.DataFrame(
        {
            "participant_id": [f"p{i}" for i in range(len(minutes))],
            "condition": condition,
            "minutes": np.array(minutes, dtype="float64"),
            "n_right": n_right,
        }
    )


def test_times_of_experts_of_the_paper_and_their_correlation_by_hand():
    # reference/user_study.md, section 3: task minutes and right answers of the GradCAM experts
    minutes, n_right = [5.1, 44.1, 15.0, 12.2, 10.9], [20, 18, 18, 22, 24]
    row = response_times.per_condition(sessions_of(minutes, n_right), ["a"]).iloc[0]
    assert row["n_participants"] == 5
    measured = row[[f"{name}_minutes" for name in ("median", "mean", "min", "max")]]
    assert measured.tolist() == pytest.approx([12.2, 17.46, 5.1, 44.1])
    # deviations -12.36, 26.64, -2.46, -5.26, -6.56 from 17.46: squares sum to 939.212
    assert row["std_minutes"] == pytest.approx((939.212 / 4) ** 0.5)
    # of 20.4: -.4, -2.4, -2.4, 1.6, 3.6 with squares 27.2; products sum to -85.12
    assert row["r"] == pytest.approx(-85.12 / (939.212 * 27.2) ** 0.5)


def test_the_interval_of_a_correlation_by_hand():
    # of 5 people, so the standard error of artanh r is 1 / sqrt(2)
    x, y = pd.Series([0.0, 0, 0, 0, 1]), pd.Series([0.0, 0, 0, 1, 1])
    r, low, high = response_times.correlation(x, y)
    assert r == pytest.approx(3 / 24**0.5)  # Sxy = 1 - 2/5, Sxx = 4/5, Syy = 6/5
    centre, half = np.arctanh(r), 1.959964 / 2**0.5
    assert (low, high) == pytest.approx((np.tanh(centre - half), np.tanh(centre + half)), abs=1e-6)


@given(MINUTES)
def test_a_correlation_is_that_of_the_authors_call_and_lies_in_its_interval(participants):
    x, y = (pd.Series(values, dtype="float64") for values in zip(*participants, strict=True))
    r, low, high = response_times.correlation(x, y)
    if x.nunique() < 2 or y.nunique() < 2:
        assert np.isnan([r, low, high]).all()
    else:
        assert r == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)
        assert -1 <= low <= r + 1e-12
        assert r - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("minutes", "n_right", "known"),
    [
        ([], [], (False, False)),
        ([5.0], [3], (False, False)),
        ([5.0, 5.0, 5.0, 5.0], [3, 4, 5, 6], (False, False)),
        ([5.0, 6.0, 7.0, 8.0], [3, 3, 3, 3], (False, False)),
        ([5.0, 6.0, 7.0], [3, 4, 3], (True, False)),
        ([5.0, 6.0, 7.0, 8.0], [3, 4, 5, 6], (True, True)),  # r is 1, and so is its interval
    ],
)
def test_too_few_or_equal_people_have_no_correlation_or_no_interval(minutes, n_right, known):
    row = response_times.per_condition(sessions_of(minutes, n_right), ["a"]).iloc[0]
    assert (pd.notna(row["r"]), pd.notna(row["r_low"])) == known
    assert row["n_participants"] == len(minutes)


def test_people_without_a_time_are_left_out_of_the_times():
    sessions = sessions_of([5.0, np.nan, 7.0], [1, 2, 3])
    row = response_times.per_condition(sessions, ["a", "b"]).iloc[0]
    assert (row["n_participants"], row["mean_minutes"]) == (2, 6)


def test_decisions_have_the_quartiles_of_trials_and_the_median_of_peoples_medians():
    trials = pd.DataFrame(
        {
            "participant_id": ["p1"] * 3 + ["p2"] * 2 + ["p3"],
            "condition": "a",
            "decision_rt_ms": [1000.0, 2000, 9000, 3000, 5000, np.nan],
        }
    )
    table = response_times.decisions(trials, ["a", "b"])
    # in order 1, 2, 3, 5, 9 seconds; the medians of p1 and p2 are 2 and 4
    assert table.iloc[0].tolist() == ["a", 5, 2, 3, 5, 3]
    assert table.iloc[1, 1] == 0
    assert table.iloc[1, 2:].isna().all()


def test_only_the_people_analysed_have_a_session(tmp_path):
    participants = [
        Participant(minutes=12.5),
        Participant(minutes=99, validation_right=1),
        Participant(minutes=None),
        Participant(minutes=50, outcome="returned"),
    ]
    read = analysed(read_export(write_export(tmp_path / "e", participants)))
    sessions = response_times.per_user(read.export.participants, read.users)
    assert sessions["participant_id"].tolist() == ["p000", "p002"]
    assert sessions["minutes"].tolist() == pytest.approx([12.5, np.nan], nan_ok=True)
    assert sessions["n_right"].tolist() == [6, 6]
