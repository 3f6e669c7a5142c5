"""Accuracy and agreement of each step are counted apart."""

import pandas as pd

from analysis.export.step_facts import ShowsAi, StepFacts
from analysis.statistics import shares
from analysis.statistics.measures.steps.by_step import accuracy_and_agreement
from analysis.statistics.measures.steps.judgements import judgements
from tests.analysis.steps import ADVISED, ALONE, Advised, tables_of

STEPS = tuple(StepFacts.model_validate(step) for step in (ALONE, ADVISED))
SHOWS_AI: dict[str, ShowsAi] = {"gradcam": True, "unaided": False, "empty": "answer"}


def table_of(people: list[Advised]) -> pd.DataFrame:
    answers, trials = tables_of(people)
    rows = judgements(answers, trials, STEPS)
    return accuracy_and_agreement(rows, STEPS, SHOWS_AI)


def test_agreement_is_not_accuracy() -> None:
    table = table_of(
        [Advised(before="TTOTAO", after="TTTTAA"), Advised(before="OOOAAA", condition="unaided")]
    )
    found = table.set_index(["condition", "step", "measure"])["n_true"].to_dict()
    assert found == {
        ("gradcam", "alone", "accuracy"): 3,
        ("gradcam", "alone", "agreement"): 3,
        ("gradcam", "advised", "accuracy"): 4,
        ("gradcam", "advised", "agreement"): 5,
        ("unaided", "alone", "accuracy"): 0,
        ("unaided", "alone", "agreement"): 3,
        ("empty", "alone", "accuracy"): 0,
        ("empty", "alone", "agreement"): 0,
        ("empty", "advised", "accuracy"): 0,
        ("empty", "advised", "agreement"): 0,
    }
    shown = table.drop_duplicates(["condition", "step"])["shown"].tolist()
    assert shown == [False, True, False, False, True]


def test_steps_that_nobody_answered_have_no_share() -> None:
    table = table_of([Advised(before="TTOTAO", after="TTTTAA")])
    empty = table[table["condition"] != "gradcam"]
    assert empty["percent"].isna().all()
    assert (empty["n_trials"] == 0).all()


def test_intervals_take_twenty_people_and_over_stimuli_thirty(monkeypatch) -> None:
    people = [
        Advised(before="TTOTAO"[i % 6 :] + "TTOTAO"[: i % 6], condition="unaided")
        for i in range(20)
    ]
    row = table_of(people).query("condition == 'unaided' and measure == 'accuracy'").iloc[0]
    assert row["people_low_percent"] < row["percent"] < row["people_high_percent"]
    assert pd.isna(row["low_percent"])
    monkeypatch.setattr(shares, "MIN_STIMULI", 6)
    row = table_of(people).query("condition == 'unaided' and measure == 'accuracy'").iloc[0]
    assert row["low_percent"] < row["percent"] < row["high_percent"]
