"""The study file: what it accepts, and that everything wrong with it is in one message."""

from pathlib import Path

import pytest

from stimuli.study import Study, StudyError, parse_study, read_study
from stimuli.study.online import Phase
from tests.stimuli.study.conftest import problems_with

STUDIES = sorted(Path("stimuli/studies").glob("*.toml"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_the_studies_of_the_project_are_valid(path: Path) -> None:
    study = read_study(path)
    names = study.study.name, study.study.language
    assert path.stem in (names[0], "_".join(names))
    assert study.has_phase(Phase.TEST)


WRONG = """
[study]
name = "Has Spaces"
title = ""
seed = "five"

[dataset]
adaptor = "species"
crop_px = 300

[[classifiers]]
name = "tiny"
backbone = "vgg"
weights = "none"

[[conditions]]
name = "confidence"
panels = []
colour = "red"
"""


def test_every_problem_of_a_table_is_reported_at_once() -> None:
    with pytest.raises(StudyError) as error:
        parse_study(WRONG, subject="wrong.toml")
    message = str(error.value)
    for place in (
        "study.name",
        "study.title",
        "study.seed",
        "crop_px (300)",
        "classifiers.0.backbone",
        "conditions.0.colour",
        "phases: is missing",
    ):
        assert place in message
    assert message.startswith("wrong.toml: ")


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "no such file"), (b"[study", "is not TOML"), (b"\xff\xfe", "is not UTF-8")],
)
def test_a_file_that_is_no_study_is_explained(
    tmp_path: Path, content: bytes | None, expected: str
) -> None:
    path = tmp_path / "study.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StudyError, match=expected):
        read_study(path)


def test_partial_pay_and_codes_that_prolific_would_not_take_are_reported(
    colour_study: Study,
) -> None:
    message = problems_with(
        colour_study,
        pay={"reward": 1.0, "partial": {"declined": 0.2, "failed_validation": 1.0}},
        prolific={"codes": {"completed": "ABC", "declined": "ABC"}},
    )
    assert "partial.declined: nobody is paid in part for this" in message
    assert "partial.failed_validation: 1.0 must be below the reward of 1.0" in message
    assert "['ABC'] stand for more than one outcome" in message
    assert "prolific.codes.finished" in problems_with(
        colour_study, prolific={"codes": {"finished": "ABC"}}
    )
    assert "no reward to pay a part of" in problems_with(
        colour_study, pay={"partial": {"error": 1.0}}
    )


def test_every_problem_of_questions_and_checks_is_reported_at_once(colour_study: Study) -> None:
    scale = ["Agree", "Rather agree", "Rather disagree", "Disagree"]
    walls = {"kind": "nonsensical", "text": "I walk through walls.", "after_trial": 1}
    message = problems_with(
        colour_study,
        questions=[
            {"name": "age", "text": "Age?", "kind": "number", "options": ["1", "2"]},
            {"name": "sex", "text": "Sex?", "kind": "choice", "options": ["one"], "low": 1},
            {"name": "years", "text": "Years?", "kind": "number", "low": 9, "high": 3},
        ],
        attention=[
            walls | {"name": "side", "options": scale, "expected": ["Agree", "Disagree"]},
            walls | {"name": "odd", "options": scale[:3], "expected": ["Agree"]},
            walls
            | {
                "name": "mid",
                "options": ["Yes", "Neither of them"],
                "expected": ["Neither of them"],
            },
            {
                "kind": "instructed",
                "name": "capital",
                "text": "What is the capital of France?",
                "options": ["Rome", "Paris"],
                "expected": "Paris",
                "after_trial": 1,
            },
            walls | {"name": "knowledge", "kind": "knowledge", "options": scale, "expected": scale},
        ],
    )
    for problem in (
        "age.options: a number has none",
        "sex.options: there must be two at least",
        "sex.low, high, ends: a choice has none",
        "years.low: 9 must be below high",
        "side.expected: must be the first or the second half",
        "odd.options: their number must be even",
        "mid.options: 'Neither of them' is on neither side",
        "capital.text: does not say 'Paris'",
        "'instructed', 'nonsensical'",
    ):
        assert problem in message
