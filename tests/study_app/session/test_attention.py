"""Attention checks: how they look, what they end, and what they are grounds for."""

import re

import pytest

from stimuli.study import Nonsensical
from study_app.answer_models import AttentionAnswer
from study_app.session.attention import FailedCheck, Grounds
from tests.study_app.asking import GOOD, RIGHT, WRONG, finish, visible_words


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (RIGHT, "completed"),
        (RIGHT | {"question-walls": "Agree"}, "completed"),
        (WRONG, "failed_attention"),
    ],
)
def test_two_failed_checks_are_needed_in_a_study_of_twelve_minutes(
    respondent, asking_app, tools, answers, outcome
):
    finish(respondent, answers)
    assert tools.participants(asking_app)[0].outcome == outcome
    assert ("CDONE123" in respondent.response.text) == (outcome == "completed")


def go_to_check(visitor):
    """Answer until an attention check comes."""
    while visitor.screen != "attention":
        visitor.press(visitor.page.form.choices[0], **GOOD if visitor.screen == "questions" else {})


def test_the_check_looks_like_any_question_and_must_be_answered(respondent, asking_app, tools):
    go_to_check(respondent)
    page = " ".join(visible_words(respondent.response.text))
    assert not re.search("attention|check|expected", page, re.I)
    assert respondent.press("continue", **{"question-pink": ""}).response.status_code == 422
    assert respondent.screen == "attention"
    assert tools.rows(asking_app, AttentionAnswer) == []


def test_an_answer_to_another_check_is_not_taken(respondent, asking_app, tools):
    go_to_check(respondent)
    respondent.press("continue", trial="walls", **RIGHT)
    assert tools.rows(asking_app, AttentionAnswer) == []


def test_only_attention_checks_are_grounds_for_a_rejection(asking_app, tools):
    tools.visitor(asking_app.test_client()).start()
    [trial, *_] = tools.trials(asking_app)
    with pytest.raises(TypeError, match="only an attention check can be failed"):
        FailedCheck(check=trial, answer="reject")
    walls = Nonsensical(
        name="walls",
        kind="nonsensical",
        text="I can walk through walls.",
        options=("Agree", "Disagree"),
        expected=("Disagree",),
        after_trial=1,
    )
    with pytest.raises(ValueError, match="'Disagree' passes"):
        FailedCheck(check=walls, answer="Disagree")
    failed = FailedCheck(check=walls, answer="Agree")
    with pytest.raises(ValueError, match="1 failed checks are no grounds; 2 are"):
        Grounds(checks=(failed,), n_needed=2)
    assert (
        str(Grounds(checks=(failed,), n_needed=1)) == "FAILED_CHECK, 1 of 1 needed: walls ('Agree')"
    )
