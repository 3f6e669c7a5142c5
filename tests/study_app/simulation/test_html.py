"""Reading a page as a browser does."""

import pytest

from study_app.simulation.html import read_page


def test_a_page_without_its_form_is_noticed():
    with pytest.raises(ValueError, match="one form, found 0"):
        _ = read_page("<p>Broken</p>").form


def test_the_fields_of_any_form_are_seen():
    page = read_page(
        """<a href="https://app.prolific.com/submissions/complete?cc=CODE">Return</a>
        <form action="/x"><input type="hidden" name="screen" value="questions">
        <input name="age" type="text"><textarea name="more"></textarea>
        <input type="radio" name="sex" value="f"><input type="radio" name="sex" value="m">
        <button name="answer" value="continue">Go</button></form>"""
    )
    assert page.screen == "questions"
    assert page.form.blanks == ["age", "more"]
    assert page.form.radios == {"sex": ["f", "m"]}
    assert page.links == ["https://app.prolific.com/submissions/complete?cc=CODE"]


def test_what_a_line_fills_in_is_a_question_too_32():
    page = read_page(
        """<form action="/x"><input type="hidden" name="screen" value="step">
        <input type="hidden" name="question-sure" value=""><input type="range" id="question-sure">
        </form>"""
    )
    assert page.form.marks == ["question-sure"]
    assert page.form.questions == ("question-sure",)
