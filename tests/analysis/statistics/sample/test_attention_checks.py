import pandas as pd
import pytest

from analysis.statistics.sample.attention_checks import per_condition

CHECKS = pd.DataFrame(
    [
        ("p0", "walls", "nonsensical", True),
        ("p0", "pink", "instructed", True),
        ("p1", "pink", "instructed", False),
        ("p2", "pink", "instructed", True),
        ("p9", "pink", "instructed", False),
    ],
    columns=["participant_id", "name", "kind", "passed"],
).astype({"passed": "boolean"})
PEOPLE = pd.DataFrame({"participant_id": ["p0", "p1", "p2"], "condition": ["a", "a", "b"]})


def test_who_passed_each_check_is_counted_by_condition_and_in_all() -> None:
    table = per_condition(CHECKS, PEOPLE, ["a", "b"])
    assert table[["check", "condition", "n", "n_answered"]].to_numpy().tolist() == [
        ["walls", "a", 1, 1],
        ["walls", "b", 0, 0],
        ["walls", "All", 1, 1],
        ["pink", "a", 1, 2],
        ["pink", "b", 1, 1],
        ["pink", "All", 2, 3],
    ]
    assert table["share_percent"].tolist() == pytest.approx(
        [100, float("nan"), 100, 50, 100, 200 / 3], nan_ok=True
    )


def test_a_study_without_checks_has_no_rows() -> None:
    assert per_condition(CHECKS.iloc[:0], PEOPLE, ["a"]).empty
