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
    assert "translated_answers" not in table.index.get_level_values("signal")


def test_who_read_translated_pages_is_counted_apart_and_only_of_whom_it_is_known() -> None:
    participants = PARTICIPANTS.assign(translated_answers=[4, 0, None, None])
    table = per_condition(participants, PEOPLE, ["a", "b"]).set_index(["signal", "condition"])
    translated = table.loc["translated_answers"]
    assert translated["n"].tolist() == [1, 0, 1]
    assert translated["n_answered"].tolist() == [2, 0, 2]
    assert translated["strength"].unique().tolist() == ["none"]
    others = table.drop(index="translated_answers", level="signal")
    before = per_condition(PARTICIPANTS, PEOPLE, ["a", "b"]).set_index(["signal", "condition"])
    pd.testing.assert_frame_equal(others, before)


def test_an_export_of_before_has_no_signals() -> None:
    before = PARTICIPANTS[["participant_id", "webdriver"]]
    assert set_off(before).empty
    assert per_condition(before, PEOPLE, ["a"]).empty
