"""Comprehension checks in a study file, which are no attention checks."""

import pytest
from pydantic import TypeAdapter, ValidationError

from stimuli.study import AttentionCheck, ComprehensionCheck, Outcome, Study
from tests.stimuli.study.conftest import problems_with

CHECK = {"name": "who", "text": "Who errs?", "options": ["Sam", "Nobody"], "expected": "Sam"}


def test_a_check_has_one_right_answer_among_its_options(colour_study: Study) -> None:
    study = Study.model_validate(colour_study.model_dump() | {"comprehension": [CHECK]})
    [check] = study.comprehension
    assert (check.passed_by("Sam"), check.passed_by("Nobody")) == (True, False)
    message = problems_with(
        colour_study, comprehension=[CHECK | {"expected": "You", "options": ["Sam", "Sam"]}]
    )
    assert "'Sam' is there more than once" in message
    message = problems_with(colour_study, comprehension=[CHECK | {"expected": "You"}])
    assert "who.expected: 'You' is none of the options" in message
    message = problems_with(colour_study, comprehension=[CHECK, CHECK])
    assert "comprehension: the name 'who' is used more than once" in message


def test_a_sum_for_failing_checks_that_are_not_there_is_refused(colour_study: Study) -> None:
    pay = {"reward": 1.0, "partial": {Outcome.FAILED_COMPREHENSION: 0.1}}
    assert "pay.partial.failed_comprehension: no session" in problems_with(colour_study, pay=pay)
    tables = {"comprehension": [CHECK], "pay": pay}
    assert Study.model_validate(colour_study.model_dump() | tables).pay.partial


def test_no_comprehension_check_passes_for_an_attention_check() -> None:
    check = ComprehensionCheck.model_validate(CHECK)
    for given in (check, check.model_dump(), CHECK | {"kind": "comprehension", "after_trial": 1}):
        with pytest.raises(ValidationError):
            TypeAdapter(AttentionCheck).validate_python(given)


def test_checks_can_be_added_to_a_bundle_that_was_built_without(colour_study: Study) -> None:
    study = Study.model_validate(colour_study.model_dump() | {"comprehension": [CHECK]})
    assert study.offline() == colour_study.offline()
