import math

import pandas as pd
import pytest

from analysis.export.read import read_export
from analysis.statistics.measures import accuracy
from analysis.statistics.sample import exclusions
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant, someone

# Right answers of the paper's experts out of 30, and what its Table 1 says of them.
EXPERTS = {"gradcam": [20, 18, 18, 22, 24], "neighbours": [23, 23, 22, 22, 24, 24]}
TABLE_1 = {"gradcam": (68.00, 8.69), "neighbours": (76.67, 2.98)}


def trials_of(folder, participants, **settings):
    export = read_export(write_export(folder / "e", participants, **settings))
    dispositions = exclusions.dispositions(export.participants, min_correct=8)
    return accuracy.test_trials(export.responses, dispositions)


def users_of(scores, n):
    rows = [(name, k, n, 100 * k / n) for name, right in scores.items() for k in right]
    return pd.DataFrame(rows, columns=["condition", "n_right", "n_trials", "accuracy_percent"])


@pytest.mark.parametrize("condition", EXPERTS)
def test_table_1_of_the_paper_is_recovered(condition):
    summary = accuracy.per_condition(users_of(EXPERTS, 30), list(EXPERTS)).set_index("condition")
    row = summary.loc[condition]
    assert row["n_participants"] == len(EXPERTS[condition])
    assert (round(row["mean_percent"], 2), round(row["std_percent"], 2)) == TABLE_1[condition]


def test_mean_std_and_interval_by_hand():
    # 50, 60 and 100 %: mean 70, s = sqrt((400 + 100 + 900) / 2) = 26.4575,
    # half width 4.302653 * 26.4575 / sqrt(3) = 65.7241
    row = accuracy.per_condition(users_of({"a": [5, 6, 10]}, 10), ["a"]).iloc[0]
    assert row["mean_percent"] == 70
    assert row["std_percent"] == pytest.approx(26.4575, abs=1e-4)
    assert row["low_percent"] == pytest.approx(70 - 65.7241, abs=1e-3)
    assert row["high_percent"] == pytest.approx(70 + 65.7241, abs=1e-3)


def test_one_person_has_a_mean_and_no_spread_and_nobody_has_neither():
    summary = accuracy.per_condition(users_of({"a": [5]}, 10), ["a", "b"])
    assert list(summary["n_participants"]) == [1, 0]
    assert summary.loc[0, "mean_percent"] == 50
    assert math.isnan(summary.loc[0, "std_percent"])
    assert math.isnan(summary.loc[1, "mean_percent"])


def test_the_denominator_is_the_trials_that_the_person_answered(tmp_path):
    participant = Participant(right=(True, None, False, True, None))
    users = accuracy.per_user(trials_of(tmp_path, [participant]))
    assert users[["n_trials", "n_right"]].to_numpy().tolist() == [[3, 2]]
    assert users.loc[0, "accuracy_percent"] == pytest.approx(100 * 2 / 3)


def test_validation_and_excluded_people_are_no_test_trials(tmp_path):
    participants = [
        someone("confidence", 3),
        someone("confidence", 6, validation_right=1),
        someone("confidence", 6, outcome="withdrawn"),
        someone("confidence", 6, simulated=True),
    ]
    trials = trials_of(tmp_path, participants)
    assert set(trials["participant_id"]) == {"p000"}
    assert set(trials["phase"]) == {"test"}


def test_bins_pool_trials_and_do_not_average_people(tmp_path):
    # One person sees the easy right stimulus three times as often as the other.
    often = Participant(shown=(0, 0, 0), right=(True, True, True))
    once = Participant(shown=(0,), right=(False,))
    bins = accuracy.by_bin(trials_of(tmp_path, [often, once]), ["confidence"], kind="natural")
    easy_right = bins.iloc[0]
    assert (easy_right["bin"], easy_right["ai_right"]) == ("easy", True)
    assert (easy_right["n_right"], easy_right["n_trials"]) == (3, 4)
    assert easy_right["accuracy_percent"] == 75  # the mean over people would be 50
    assert list(bins["n_trials"]) == [4, 0, 0, 0, 0, 0]
    assert bins["accuracy_percent"].iloc[1:].isna().all()


def test_adversarial_trials_are_kept_apart_from_natural_ones(tmp_path):
    participant = Participant(shown=(0, 3, 6, 7, 8), right=(True, True, False, False, True))
    trials = trials_of(tmp_path, [participant])
    natural = accuracy.by_bin(trials, ["confidence"], kind="natural")
    adversarial = accuracy.by_bin(trials, ["confidence"], kind="adversarial")
    assert (natural["n_trials"].sum(), natural["n_right"].sum()) == (2, 2)
    assert (adversarial["n_trials"].sum(), adversarial["n_right"].sum()) == (3, 1)
    kinds = accuracy.by_kind(trials, ["confidence"]).set_index("kind")
    assert kinds["n_trials"].to_dict() == {"natural": 2, "adversarial": 3}


def test_acceptance_is_counted_apart_for_a_right_and_a_wrong_ai(tmp_path):
    # Rightly accepts 2 of the 3 right answers; wrongly accepts 1 of the 3 wrong ones.
    participant = Participant(right=(True, True, False, True, False, True))
    rates = accuracy.acceptance(trials_of(tmp_path, [participant]), ["confidence"])
    assert rates[["n_trials", "n_accepted"]].to_numpy().tolist() == [[3, 2], [3, 1], [6, 3]]
    assert rates["ai_right"].tolist() == [True, False, pd.NA]
    assert list(rates["accepted_percent"]) == pytest.approx([200 / 3, 100 / 3, 50])


def test_a_condition_that_nobody_saw_keeps_its_rows(tmp_path):
    trials = trials_of(tmp_path, [someone("confidence", 4)])
    bins = accuracy.by_bin(trials, ["confidence", "gradcam"], kind="natural")
    assert bins[bins["condition"] == "gradcam"]["n_trials"].tolist() == [0] * 6
