import pandas as pd

from analysis.statistics.sample.signals import per_condition, set_off

NAMES = ("webdriver", "scripted_answers", "trap", "still_clicks", "pasted_chars", "unkeyed_chars")
PARTICIPANTS = pd.DataFrame(
    [
        ("p0", 0, 2, 0, 0, 9, 0),
        ("p1", 0, 0, 0, 1, 0, 0),
        ("p2", 1, 0, 0, 0, 0, 0),
        ("p3", None, None, None, None, None, None),
    ],
    columns=["participant_id", *NAMES],
).astype({"webdriver": "boolean", "trap": "boolean"} | dict.fromkeys(NAMES[1:2], "Int64"))
PEOPLE = pd.DataFrame(
    {"participant_id": ["p0", "p1", "p2", "p3"], "condition": ["a", "a", "b", "b"]}
)


def test_people_are_counted_who_set_off_a_signal_at_least_once() -> None:
    table = per_condition(PARTICIPANTS, PEOPLE, ["a", "b"]).set_index(["signal", "condition"])
    counts = table[["n", "n_answered"]]
    assert counts.loc[("scripted_answers", "a")].tolist() == [1, 2]
    assert counts.loc[("still_clicks", "a")].tolist() == [1, 2]
    assert counts.loc[("webdriver", "b")].tolist() == [1, 1]  # of the other nothing is known
    assert counts.loc[("any_strong", "All")].tolist() == [2, 3]
    assert table.loc[("any_strong", "a"), "share_percent"] == 50
    assert table.loc["pasted_chars", "strength"].unique().tolist() == ["weak"]


def test_an_export_of_before_has_no_signals() -> None:
    before = PARTICIPANTS[["participant_id", "webdriver"]]
    assert set_off(before).empty
    assert per_condition(before, PEOPLE, ["a"]).empty
