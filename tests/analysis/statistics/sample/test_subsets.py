import pandas as pd
import pytest

from analysis.statistics.sample.subsets import subsets

TRIALS = pd.DataFrame(
    {
        "participant_id": ["p0", "p0", "p1", "p1"],
        "kind": ["natural", "adversarial", "natural", "transferred"],
        "decision_rt_ms": [499.9, 500.0, None, 4000.0],
        "input": ["mouse", "mouse", "touch", "touch"],
        "photo_seen": [1.0, 1.0, 0.9, None],
        "panels_seen": ["1.0 0.5", "1.0 1.0", "1.0 1.0", None],
    },
    index=[4, 5, 8, 9],
)
PARTICIPANTS = pd.DataFrame(
    {"participant_id": ["p0", "p1"], "screen_w": [1920, 390], "screen_h": [1080, 844]}
    | dict.fromkeys(("webdriver", "scripted_answers", "trap"), [0, 0])
    | dict.fromkeys(("still_clicks", "pasted_chars", "unkeyed_chars"), [7, 0])
)
CHECKS = pd.DataFrame(
    {"participant_id": ["p0", "p0", "p1"], "passed": pd.array([True, False, True], dtype="boolean")}
)
EXPECTED = {
    "natural only": [True, False, True, False],
    "without fast answers": [False, True, True, True],  # one of unknown time is kept
    "mouse or keys": [True, True, False, False],
    "touch": [False, False, True, True],
    "attentive": [False, False, True, True],
    # Nobody set off a strong signal, so "without signals" would keep all.
    "all in view": [False, True, False, False],
}


def test_each_selection_is_a_mask_over_the_trials_and_says_what_it_keeps() -> None:
    found = subsets(TRIALS, PARTICIPANTS, CHECKS)
    assert {name: subset.mask.tolist() for name, subset in found.items()} == EXPECTED
    for subset in found.values():
        assert subset.mask.dtype == bool
        assert subset.mask.index.equals(TRIALS.index)
        assert subset.description


@pytest.mark.parametrize("signal", ["webdriver", "scripted_answers", "trap"])
def test_a_strong_signal_leaves_a_person_out_and_so_does_not_knowing(signal: str) -> None:
    caught = PARTICIPANTS.assign(**{signal: [1, 0]})
    mask = subsets(TRIALS, caught, CHECKS)["without signals"].mask
    assert mask.tolist() == [False, False, True, True]
    assert "without signals" not in subsets(TRIALS, PARTICIPANTS, CHECKS)
    unknown = PARTICIPANTS.astype({signal: "Int64"}).assign(**{signal: pd.array([None, 0])})
    mask = subsets(TRIALS, unknown, CHECKS)["without signals"].mask
    assert mask.tolist() == [False, False, True, True]


def test_what_the_export_cannot_tell_is_absent() -> None:
    nothing = {"decision_rt_ms": None, "input": None, "photo_seen": None, "panels_seen": None}
    bare = TRIALS.assign(**nothing)
    before = PARTICIPANTS[["participant_id", "screen_w", "screen_h"]]
    assert list(subsets(bare, before, CHECKS.iloc[:0])) == ["natural only"]


def test_a_selection_that_keeps_nothing_is_absent() -> None:
    alike = TRIALS.assign(kind="adversarial", input="touch", photo_seen=0.5, decision_rt_ms=100.0)
    assert list(subsets(alike, PARTICIPANTS, CHECKS)) == ["attentive"]
