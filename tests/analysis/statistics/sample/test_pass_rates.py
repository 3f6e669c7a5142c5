import pandas as pd
import pytest

from analysis.statistics.sample import pass_rates


def people_of(*rows):
    return pd.DataFrame(rows, columns=["condition", "simulated", "outcome", "step"])


def rates_of(counts):
    rows = [(name, n, passed) for name, (n, passed) in counts.items()]
    return pd.DataFrame(rows, columns=["condition", "n_measured", "n_passed"])


def test_everyone_who_met_the_gate_counts_whether_it_was_live_or_applied_afterwards():
    participants = people_of(
        ("a", False, "completed", "analysed"),
        ("a", False, "completed", "below_gate"),
        ("a", False, "failed_validation", "not_completed"),
        ("a", False, "returned", "not_completed"),
        ("a", True, "failed_validation", "not_completed"),
        ("a", True, "completed", "simulated"),
    )
    rates = pass_rates.pass_rates(participants, ["a", "b"], rehearsal=False).set_index("condition")
    assert rates.loc["a", ["n_measured", "n_passed"]].tolist() == [3, 1]
    assert rates.loc["a", "passed_percent"] == pytest.approx(100 / 3)
    assert rates.loc["b", "n_measured"] == 0
    assert pd.isna(rates.loc["b", "passed_percent"])


def test_in_a_rehearsal_simulated_people_whom_the_gate_stopped_count():
    participants = people_of(("a", True, "failed_validation", "not_completed"))
    rates = pass_rates.pass_rates(participants, ["a"], rehearsal=True)
    assert rates.loc[0, "n_measured"] == 1


def test_the_lady_tasting_tea():
    # Fisher 1935, chapter 2: three of four cups each; p = 34 / 70, two-sided.
    tests = pass_rates.fisher(rates_of({"milk": (4, 3), "tea": (4, 1)}))
    assert tests["p"].tolist() == [pytest.approx(34 / 70)]


def test_all_pairs_are_tested_but_those_with_nobody():
    tests = pass_rates.fisher(rates_of({"a": (5, 5), "b": (5, 5), "c": (0, 0), "d": (5, 0)}))
    pairs = list(zip(tests["condition_a"], tests["condition_b"], strict=True))
    assert pairs == [("a", "b"), ("a", "d"), ("b", "d")]
    assert tests["p"].tolist() == pytest.approx([1, 2 / 252, 2 / 252])
