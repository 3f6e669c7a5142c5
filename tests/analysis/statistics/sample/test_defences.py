"""Which defences mark whom, counted by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.export.read import Export, read_export
from analysis.statistics.sample import defences
from analysis.statistics.sample.defences import DEFENCES, SIGNALS, caught, marked, sorts_of
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant

NONE = dict.fromkeys(
    ("webdriver", "scripted_answers", "still_clicks", "pasted_chars", "unkeyed_chars", "trap"), 0
)
AGENT = Participant(simulated=True, sort="agent", left=0, signals=NONE)
CROWD = [
    AGENT,
    replace(AGENT, validation_right=7),  # below the gate of 8
    replace(AGENT, validation_right=3, outcome="failed_validation", right=()),
    replace(AGENT, outcome="", right=(True, None)),  # left, in front of a test trial
    replace(AGENT, sort="pasting", left=3, signals=NONE | {"pasted_chars": 40}),  # 3 of 6
    replace(AGENT, sort="pasting", left=2, signals=None),  # no script told of signals
    replace(AGENT, sort="fast-clicking", decision_rt_ms=499.0),
    replace(AGENT, sort="calibrated", signals=NONE | {"unkeyed_chars": 1}),
    replace(AGENT, sort="reloading", decision_rt_ms=None, signals=NONE | {"trap": 1}),
    Participant(simulated=True),  # of an export of before
    Participant(signals=NONE | {"webdriver": 1}),  # a real person
]
CHECKS = [
    {
        "participant_id": f"p{who:03d}",
        "name": name,
        "kind": "instructed",
        "value": "Pink",
        "passed": int(passed),
    }
    for who, name, passed in (
        *((0, "pink", True), (0, "walls", True)),
        *((1, "pink", True), (1, "walls", False)),
        (7, "pink", False),
    )
]


@pytest.fixture
def export(tmp_path) -> Export:
    return read_export(write_export(tmp_path / "e", CROWD, told={"attention": CHECKS}))


def test_only_simulated_people_of_a_known_sort_are_looked_at(export) -> None:
    sorts = sorts_of(export.participants)
    assert sorts.tolist() == [
        *["agent"] * 4,
        *["pasting"] * 2,
        "fast-clicking",
        *["honest"] * 2,
    ]
    before = export.participants.drop(columns="simulated_sort")
    assert sorts_of(before).empty


def test_each_defence_marks_whom_it_should_and_says_where_it_cannot_tell(export) -> None:
    marks = marked(export, 8)
    yes, no, unknown = True, False, pd.NA
    expected = {
        "completed": [yes, yes, no, no, yes, yes, yes, yes, yes],
        "gate": [no, yes, yes, unknown, no, no, no, no, no],
        "attention_checks": [no, yes, *[unknown] * 5, yes, unknown],
        "fast_answers": [no, no, unknown, no, no, no, yes, no, unknown],
        "page_left": [no, no, unknown, no, yes, no, no, no, no],
        "any_strong": [no, no, no, no, no, unknown, no, no, yes],
        "pasted_chars": [no, no, no, no, yes, unknown, no, no, no],
        "unkeyed_chars": [no, no, no, no, no, unknown, no, yes, no],
        "still_clicks": [no, no, no, no, no, unknown, no, no, no],
        "unseen": [yes, no, unknown, unknown, no, yes, no, no, no],
    }
    for name, flags in expected.items():
        assert marks[name].tolist() == flags, name


def test_shares_are_of_those_of_whom_a_defence_can_tell(export) -> None:
    table = caught(marked(export, 8)).set_index(["sort", "defence"])
    counts = table[["n", "n_people"]]
    assert counts.loc[("agent", "gate")].tolist() == [2, 3]
    assert counts.loc[("agent", "attention_checks")].tolist() == [1, 2]
    assert counts.loc[("agent", "completed")].tolist() == [2, 4]
    assert counts.loc[("agent", "unseen")].tolist() == [1, 2]
    assert counts.loc[("honest", "any_strong")].tolist() == [1, 2]
    gate = table.loc[("agent", "gate")]
    # Wilson, 2 of 3: (2/3 + z²/6 ± z √(2/27 + z²/36)) / (1 + z²/3), z = 1.959964
    assert gate["share_percent"] == pytest.approx(100 * 2 / 3)
    assert gate["low_percent"] == pytest.approx(20.765, abs=0.001)
    assert gate["high_percent"] == pytest.approx(93.851, abs=0.001)
    assert table.loc[("fast-clicking", "attention_checks")].isna()["share_percent"]


def test_without_a_validation_the_gate_can_tell_of_nobody(export) -> None:
    assert marked(export, None)["gate"].isna().all()


def test_an_export_without_signals_leaves_them_untold(tmp_path) -> None:
    export = read_export(write_export(tmp_path / "e", [replace(AGENT, signals=None)]))
    without = replace(export, participants=export.participants.drop(columns="webdriver"))
    marks = marked(without, 8)
    assert marks[list(SIGNALS)].isna().all(axis=None)
    assert marks["unseen"].tolist() == [True]
    assert set(DEFENCES) <= set(marks)


def test_every_sort_is_honest_or_sent_to_be_caught_in_the_order_of_the_export(export) -> None:
    table = caught(marked(export, 8))
    assert list(dict.fromkeys(table["sort"])) == ["fast-clicking", "agent", "pasting", "honest"]
    assert defences.AGENT not in defences.HONEST
