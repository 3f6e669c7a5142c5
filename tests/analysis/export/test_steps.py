"""steps.csv is read, may be missing, and must agree with the other files."""

import json
from pathlib import Path

import pytest

from analysis.export.columns import STEPS
from analysis.export.read import read_export
from analysis.export.step_facts import StepFacts
from tests.analysis.export.test_read import change_json, edit, problems_of
from tests.analysis.exports import write_export
from tests.analysis.participants import someone
from tests.analysis.steps import ADVISED, ALONE, Advised, steps_export

PEOPLE = [
    Advised(before="TTOOTA", after="TTTTTA"),
    Advised(before="OOOTTT", condition="unaided"),
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return steps_export(tmp_path / "export", PEOPLE)


def test_steps_are_read_with_types(export: Path) -> None:
    steps = read_export(export).steps
    assert len(steps) == 2 * 6 + 6
    assert (steps["right"].dtype, steps["rt_ms"].dtype) == ("boolean", "float64")
    assert steps.query("participant_id == 'p001'")["right"].tolist() == [False] * 3 + [True] * 3


def test_an_export_of_before_has_no_steps_but_all_their_columns(tmp_path: Path) -> None:
    read = read_export(write_export(tmp_path / "export", [someone("confidence", 4)]))
    assert list(read.steps) == list(STEPS)
    assert (len(read.steps), read.facts.steps, read.facts.without_ai) == (0, (), ())
    assert read.steps["step_index"].dtype == "Int64"


def test_the_facts_say_who_sees_the_ai_and_which_steps_they_have(export: Path) -> None:
    facts = read_export(export).facts
    assert facts.shows_ai == {"gradcam": True, "unaided": False}
    assert facts.without_ai == ("unaided",)
    alone, advised = facts.steps
    assert [step.comes_in("test", shown) for step in (alone, advised) for shown in (True, False)]
    assert advised.comes_in("test", "answer")
    assert not advised.comes_in("test", False)
    assert not alone.comes_in("practice", True)
    assert [advised.shows_advice(shown) for shown in (True, "answer", False)] == [True, True, False]


@pytest.mark.parametrize(
    "reveal", ["on demand", {"after_ms": 2000}, {"answer": {"after_ms": 5}, "panels": "on demand"}]
)
def test_every_way_to_reveal_parts_is_read(reveal: object) -> None:
    assert StepFacts.model_validate(ADVISED | {"reveal": reveal}).model_dump()["reveal"] == reveal


def test_steps_that_export_json_counts_must_be_there(export: Path) -> None:
    (export / "steps.csv").unlink()
    assert "steps.csv: has 0 rows, export.json says 18; export again" in problems_of(export)


def test_what_steps_contradict_is_found(export: Path) -> None:
    def spoil(frame):
        frame.loc[0, "right"] = "0"  # of the step before the last
        frame.loc[1, "value"] = "admiral"
        frame.loc[2, "condition"] = "unaided"
        frame.loc[3, "stimulus_id"] = "t5"
        frame.loc[4, "trial_index"] = "77"
        frame.loc[5, "step"] = "later"
        frame.loc[6, "kind"] = "slider"
        return frame

    edit(export, "steps", spoil)
    text = "\n".join(problems_of(export))
    for expected in [
        "steps.csv: participant_id and phase and trial_index p000, test, 77 (1 in all) is not in",
        "steps.csv, column condition: 1 rows differ from responses.csv",
        "steps.csv, column stimulus_id: 1 rows differ from responses.csv",
        "steps.csv, column step: later not among the steps of export.json (alone, advised)",
        "steps.csv, column kind: of step alone it is not that of export.json",
        "steps.csv, column right: 2 rows do not follow from value and truth",
    ]:
        assert expected in text, expected


def test_a_trial_is_right_where_its_last_answer_with_a_truth_is(export: Path) -> None:
    def spoil(frame):
        row = (frame["participant_id"] == "p000") & (frame["phase"] == "test")
        frame.loc[row & (frame["trial_index"] == "3"), "team_right"] = "0"
        return frame

    edit(export, "responses", spoil)
    (problem,) = problems_of(export)
    assert problem.startswith("responses.csv, column team_right: of 1 trials it is not what steps")


def test_who_left_before_the_last_step_has_no_outcome(export: Path) -> None:
    def leave(frame):
        last = (frame["participant_id"] == "p000") & (frame["trial_index"] == "5")
        return frame[~(last & (frame["step"] == "advised"))]

    def undecided(frame):
        last = (frame["participant_id"] == "p000") & (frame["phase"] == "test")
        frame.loc[last & (frame["trial_index"] == "5"), "team_right"] = ""
        return frame

    edit(export, "steps", leave)
    edit(export, "responses", undecided)
    change_json(export, "export.json", lambda e: e["rows"].update(steps=17))
    assert len(read_export(export).steps) == 17


def test_right_without_a_decision_is_refused_where_no_step_asked_something_else(
    export: Path,
) -> None:
    edit(export, "steps", lambda f: f[f["trial_index"] != "0"])
    change_json(export, "export.json", lambda e: e["rows"].update(steps=15))
    assert problems_of(export) == [
        "responses.csv, column team_right: 2 rows have no decision; export again"
    ]


def test_steps_of_one_name_are_refused(export: Path) -> None:
    change_json(export, "export.json", lambda e: e.update(steps=[ALONE, ADVISED, ALONE]))
    assert problems_of(export) == [
        "export.json, steps: 'alone' is there more than once; rename one"
    ]


def test_a_step_says_nothing_that_is_not_known(export: Path) -> None:
    change_json(export, "export.json", lambda e: e["steps"][0].update(colour="red", low=5, high=5))
    text = json.dumps(problems_of(export))
    assert "steps.0.colour: is not known here" in text
    with pytest.raises(ValueError, match="low must be below high"):
        StepFacts.model_validate(ALONE | {"low": 5, "high": 5})
