import pytest

from analysis.statistics.measures.steps.revealed_parts import (
    ASKED,
    WAITED,
    accuracy,
    later_parts,
    per_condition,
    seen,
)
from tests.analysis.step_tables import step, steps_of

SHOWS = ("photo", "answer", "confidence", "panels")
LATE = step("advised", "choice", shows=SHOWS, reveal={"panels": "on demand"})


def trial(revealed, right=None, shows="photo answer confidence panels"):
    facts = {} if right is None else {"value": "x" if right else "y", "truth": "x"}
    return [{"step": "advised", "kind": "choice", "shows": shows, "revealed": revealed, **facts}]


TRIALS = [
    trial("answer:900 panels:2000", True),
    trial("panels:4000", False),
    trial("answer:1200", True),
    trial(None, True),
    trial(None, True, shows="photo answer"),
]


def test_the_parts_that_come_later_are_those_of_the_study_file():
    assert later_parts(LATE) == {"panels": ASKED}
    whole = step("s", "choice", shows=SHOWS, reveal={"after_ms": 3000})
    assert later_parts(whole) == {"answer": WAITED, "panels": WAITED}
    assert later_parts(step("s", "choice", shows=SHOWS)) == {}
    mixed = step("s", "choice", shows=SHOWS, reveal={"answer": "at once", "panels": "on demand"})
    assert later_parts(mixed) == {"panels": ASKED}


def test_how_often_a_part_is_asked_for_and_when():
    row = per_condition(seen(steps_of(TRIALS), [LATE]), ["a"]).iloc[0]
    assert (row["part"], row["how"]) == ("panels", ASKED)
    assert (row["n_trials"], row["n_seen"]) == (4, 2)  # the last trial does not show panels
    assert row["seen_percent"] == 50
    assert row["median_s"] == 3.0


def test_the_accuracy_with_and_without_asking():
    table = accuracy(seen(steps_of(TRIALS), [LATE]), ["a"]).set_index("seen")
    assert table["n_trials"].to_dict() == {True: 2, False: 2}
    assert table["accuracy_percent"].to_dict() == {True: 50, False: 100}


def test_a_part_is_not_taken_for_another_whose_name_holds_its_own():
    rows = seen(steps_of([trial("bestpanels:10 panels:2003.5")]), [LATE])
    assert rows["seconds"].tolist() == pytest.approx([2.0035])


def test_answers_of_which_nothing_is_right_have_no_accuracy():
    assert accuracy(seen(steps_of([trial("panels:1")]), [LATE]), ["a"]).empty
    assert seen(steps_of(TRIALS), []).empty
