"""Answers to questions: taken, explained and sent back, and stored in one form."""

import pytest

from stimuli.study import RESPONSE_KINDS, Problem, parse_study
from study_app.answer_models import QuestionnaireAnswer
from study_app.session.questionnaire import in_words, question_fields
from tests.every_page import in_language
from tests.study_app.asking import GOOD


def test_every_faulty_answer_comes_back_at_once_with_what_was_typed(respondent, asking_app, tools):
    respondent.press("agree").press("continue")
    answers = {"question-age": "17", "question-ai_use": "", "question-job": "Art"}
    respondent.press("continue", **answers)
    assert respondent.response.status_code == 422
    assert "another look at what is marked below" in respondent.response.text
    assert "Please enter a number from 18 up to 99." in respondent.response.text
    assert "Please choose an answer." in respondent.response.text
    assert 'value="17"' in respondent.response.text
    assert ">\nArt</textarea>" in respondent.response.text
    assert tools.rows(asking_app, QuestionnaireAnswer) == []
    assert respondent.press("continue", **GOOD).screen == "instructions"


@pytest.mark.parametrize(
    ("field", "sent", "problem"),
    [
        ("age", "", "Please enter a number."),
        ("age", "old", "a number in digits"),
        ("age", "1e9", "a number in digits"),
        ("age", "100", "from 18 up to 99"),
        ("ai_use", "Hourly", "choose one of the answers"),
        ("job", "x" * 2001, "shorten this to 2,000 characters; it has 2,001"),
    ],
)
def test_an_answer_that_cannot_be_one_is_explained(respondent, field, sent, problem):
    respondent.press("agree").press("continue")
    respondent.press("continue", **GOOD | {f"question-{field}": sent})
    assert "another look at what is marked below" in respondent.response.text
    assert problem in respondent.response.text
    assert f'aria-describedby="question-{field}-problem' in respondent.response.text


@pytest.mark.parametrize(("text", "stored"), [("34", "34"), (" 34,50 ", "34.5"), ("٣٤", "34")])
def test_numbers_are_kept_in_one_form(respondent, asking_app, text, stored, tools):
    respondent.press("agree").press("continue").press("continue", **GOOD | {"question-age": text})
    assert {a.name: a.value for a in tools.rows(asking_app, QuestionnaireAnswer)}["age"] == stored


def test_an_answer_is_written_once(respondent, asking_app, tools):
    respondent.press("agree").press("continue")
    form = respondent.page.form
    for age in ("34", "35"):
        data = form.fields | GOOD | {"answer": "continue", "question-age": age}
        assert respondent.client.post(form.action, data=data).status_code == 303
    answers = {a.name: a.value for a in tools.rows(asking_app, QuestionnaireAnswer)}
    assert answers == {"age": "34", "ai_use": "Daily"}


def test_what_people_type_is_shown_as_text(respondent):
    respondent.press("agree").press("continue").press(
        "continue", **{"question-job": "<script>alert(1)</script>\0"}
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in respondent.response.text


# How questions stand on the page


def scale(name, *options, kind="scale"):
    """A question with answers to choose from."""
    facts = {"name": name, "text": f"{name}?", "options": options}
    return RESPONSE_KINDS[kind].model_validate(facts)


def test_only_scales_of_the_same_options_that_follow_each_other_share_a_table(tools):
    study = parse_study(tools.study_text(), subject="study")
    questions = [
        *(scale("a", "No", "Yes"), scale("b", "No", "Yes"), scale("c", "Yes", "No")),
        *(scale("d", "Yes", "No", kind="choice"), scale("e", "Yes", "No", kind="choice")),
        *(RESPONSE_KINDS["text"](name="f", text="f?"), RESPONSE_KINDS["text"](name="g", text="g?")),
        *(scale("h", "No", "Yes"), scale("i", "No", "Yes"), scale("j", "No", "Yes")),
    ]
    groups = question_fields(study, questions, {"question-b": "Yes"}, {"i": "Choose!"})
    names = ["".join(asked.question.name for asked in group) for group in groups]
    assert names == ["ab", "c", "d", "e", "f", "g", "hij"]
    assert [asked.text for asked in groups[0]] == ["", "Yes"]
    assert [asked.problem for asked in groups[-1]] == ["", "Choose!", ""]


def test_what_can_be_answered_is_told_beside_the_field(respondent):
    respondent.press("agree").press("continue")
    page = respondent.response.text
    assert '<p class="hint" id="question-age-hint">From 18 to 99.</p>' in page
    assert '<p class="hint" id="question-job-hint">At most 2,000 characters.</p>' in page
    assert page.count('aria-describedby="question-age-hint"') == 1
    assert "maxlength" not in page
    respondent.press("continue", **GOOD | {"question-age": "17"})
    both = 'aria-describedby="question-age-problem question-age-hint" aria-invalid="true"'
    assert both in respondent.response.text


def test_numbers_of_a_sentence_are_written_as_the_language_does(tools):
    english = tools.study_text()
    facts = {"count": 12345, "typed": 1234.5, "word": "x"}
    said = Problem(english="%(count)s, %(typed)s, %(word)s", facts=facts)
    in_english, in_german = (
        in_words(parse_study(text, subject="study"), said)
        for text in (english, in_language(english, "de", title="Titel"))
    )
    assert in_english == "12,345, 1234.5, x"
    assert in_german == "12.345, 1234,5, x"
