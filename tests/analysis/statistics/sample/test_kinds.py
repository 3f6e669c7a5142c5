"""Whom an adversarial picture deceives is never pooled."""

import pandas as pd
import pytest

from analysis.statistics.measures.accuracy import by_kind
from analysis.statistics.sample.kinds import POOLED, as_judged

STIMULI = pd.DataFrame(
    {
        "stimulus_id": ["n", "a", "b", "both", "f"],
        "attacked": [None, "b1", "sal", "b1 sal", "b1"],
    }
)
TRIALS = pd.DataFrame(
    [
        ("n", "natural", "sal", True),
        ("a", "adversarial", "b1", False),
        ("a", "adversarial", "sal", True),
        ("b", "adversarial", "sal", True),
        ("both", "adversarial", "sal", False),
        ("f", "flipped", "sal", True),
    ],
    columns=["stimulus_id", "kind", "classifier", "team_right"],
)


def test_an_adversarial_picture_of_another_ai_is_transferred() -> None:
    assert as_judged(TRIALS, STIMULI)["kind"].tolist() == [
        *("natural", "adversarial", "transferred"),
        *("adversarial", "adversarial", "flipped"),
    ]


@pytest.mark.parametrize("stimuli", [STIMULI.drop(columns="attacked"), STIMULI.assign(attacked="")])
def test_where_nobody_says_whom_it_deceives_it_is_the_ai_that_was_judged(
    stimuli: pd.DataFrame,
) -> None:
    assert as_judged(TRIALS, stimuli)["kind"].tolist() == TRIALS["kind"].tolist()


def test_each_kind_has_its_own_row_and_two_are_what_accuracy_is_over() -> None:
    trials = as_judged(TRIALS, STIMULI).assign(
        condition=lambda t: t["classifier"], participant_id=lambda t: t["classifier"]
    )
    table = by_kind(trials, ["b1", "sal"]).set_index(["condition", "kind"])
    assert table["n_trials"].to_dict() == {
        ("b1", "natural"): 0,
        ("b1", "adversarial"): 1,
        ("sal", "natural"): 1,
        ("sal", "adversarial"): 2,
        ("sal", "transferred"): 1,
        ("sal", "flipped"): 1,
    }
    assert table.loc[("sal", "transferred"), "n_right"] == 1
    assert POOLED == ("natural", "adversarial")
