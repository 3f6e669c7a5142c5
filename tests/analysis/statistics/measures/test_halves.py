import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.measures.halves import (
    accuracy_of_halves,
    in_order,
    learning,
    slopes,
    speed,
)


def trials_of(*people: tuple[str, str], seconds: tuple[float | None, ...] = ()) -> pd.DataFrame:
    """Trials of people: condition and answers, such as "110" for two right ones and a wrong one."""
    rows = [
        (f"p{i}", condition, place, answer == "1", 1000 * (seconds[place] or math.nan))
        if seconds
        else (f"p{i}", condition, place, answer == "1", math.nan)
        for i, (condition, answers) in enumerate(people)
        for place, answer in enumerate(answers)
    ]
    columns = ["participant_id", "condition", "trial_index", "team_right", "decision_rt_ms"]
    return pd.DataFrame(rows, columns=columns).astype({"team_right": "boolean"})


def test_the_second_half_is_set_against_the_first_of_the_same_person() -> None:
    trials = trials_of(("a", "10" + "11"), ("a", "00" + "10"), ("b", "110" + "100"))
    first, second = (row for _, row in learning(trials, ["a", "b"]).iterrows())
    assert first[["n_people", "first_percent", "second_percent"]].tolist() == [2, 25, 75]
    assert first["difference_points"] == 50
    assert math.isnan(first["low_points"])  # both people gained 50: nothing tells their spread
    assert second["difference_points"] == pytest.approx(-100 / 3)


def test_the_middle_trial_is_in_neither_half_and_who_has_one_trial_is_left_out() -> None:
    trials = trials_of(("a", "0" + "1" + "0"), ("a", "1"))
    (row,) = learning(trials, ["a"]).to_dict("records")
    assert (row["n_people"], row["first_percent"], row["second_percent"]) == (1, 0, 0)


def test_the_change_has_a_paired_interval_over_people() -> None:
    trials = trials_of(("a", "01"), ("a", "00"), ("a", "10"), ("a", "01"))
    (row,) = learning(trials, ["a"]).to_dict("records")
    # Changes of 100, 0, -100 and 100: mean 25, s² = 27500 / 3, t(.975, 3) = 3.1824
    half = 3.182446 * math.sqrt(27500 / 3 / 4)
    assert [row["low_points"], row["high_points"]] == pytest.approx([25 - half, 25 + half])


@given(
    st.lists(st.text("01", min_size=2, max_size=30), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_slopes_are_those_of_a_line_fitted_to_each_person(answers: list[str], random) -> None:
    trials = trials_of(*(("a", own) for own in answers))
    shuffled = trials.sample(frac=1, random_state=random.randrange(1000)).reset_index(drop=True)
    expected = {
        f"p{i}": 1000 * np.polyfit(range(len(own)), [float(c) for c in own], 1)[0]
        for i, own in enumerate(answers)
    }
    names = shuffled["participant_id"].drop_duplicates()
    found = dict(zip(names, slopes(in_order(shuffled, "trial_index")), strict=True))
    assert found == pytest.approx(expected, abs=1e-6)


def test_places_count_within_the_test_where_validation_trials_stand_between() -> None:
    trials = trials_of(("a", "0011"))
    gaps = trials.assign(trial_index=[0, 4, 5, 9])
    assert slopes(in_order(gaps, "trial_index")) == slopes(in_order(trials, "trial_index"))


def test_the_faster_half_of_a_person_is_set_against_the_slower() -> None:
    trials = trials_of(("a", "1010"), ("a", "1100"), seconds=(3, 9, 1, 4))
    (row,) = speed(trials, ["a"]).to_dict("records")
    # In order of time: third, first, fourth, second trial: "11" + "00", and "01" + "01".
    assert (row["first_percent"], row["second_percent"]) == (75, 25)
    # Medians of right decisions: 2 and 6; of wrong ones: 6.5 and 2.5.
    assert (row["median_right_s"], row["median_wrong_s"]) == (4, 4.5)


def test_trials_without_a_time_have_no_speed() -> None:
    (row,) = speed(trials_of(("a", "10"), ("a", "10")), ["a"]).to_dict("records")
    assert row["n_people"] == 0
    (row,) = speed(trials_of(("a", "1011"), seconds=(2, None, 1, 4)), ["a"]).to_dict("records")
    assert (row["n_people"], row["median_right_s"]) == (1, 2)
    assert math.isnan(row["median_wrong_s"])


def test_nobody_has_no_halves() -> None:
    table = accuracy_of_halves(in_order(trials_of(), "trial_index"), ["a"])
    assert table["n_people"].tolist() == [0]
