"""The questions in a real browser: by keyboard alone, and accessible with and without problems."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from study_app.answer_models import Comment, QuestionnaireAnswer
from study_app.simulation.server import serving
from tests.web import go_to, leave, selector_of, start, wait_until_timed

TABLES = """
[[questions]]
name = "job"
text = "What is your work?"
kind = "text"

[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
low = 18
required = true

[[questions]]
name = "ai_use"
text = "How often do you use AI?"
kind = "scale"
options = ["Never", "Sometimes", "Daily"]
required = true
"""
END = '[[phases]]\nname = "debrief"'


@pytest.fixture
def served(empty_app, tools, tmp_path):
    """The address of a server that asks questions, and its app."""
    text = tools.study_text(practice=1, validation=1, test=1) + TABLES
    text = text.replace(END, f'[[phases]]\nname = "comments"\n{END}')
    tools.load(empty_app, tools.build_bundle(tmp_path / "asking", text).path)
    with serving(empty_app) as url:
        yield url, empty_app


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.slow)])
def page(request, chromium):
    """A browser's page."""
    context = chromium.new_context(color_scheme=request.param)
    yield context.new_page()
    context.close()


def violations(page):
    """What axe-core finds wrong with a page."""
    return [found["id"] for found in Axe().run(page).response["violations"]]


def press(page, *keys):
    """Press one key after the other."""
    for key in keys:
        page.keyboard.press(key)


def send(page):
    """Send what is filled in, and wait for the next screen."""
    this = selector_of(page)
    page.click("button.go")
    leave(page, this)


@pytest.mark.slow
def test_questions_are_answered_by_keyboard_alone(served, page, tools) -> None:
    url, app = served
    go_to(start(page, url), "questions")
    assert violations(page) == []
    press(page, "Tab")
    page.keyboard.type("Yes, no\nEnter goes on writing")  # no key of a trial answers here
    press(page, "Tab")
    page.keyboard.type("9")
    press(page, "Tab", "Tab", "Enter")  # past the scale, to the button
    page.wait_for_selector(".problem")
    wait_until_timed(page)
    assert page.locator(".problem").all_inner_texts() == [
        "Please enter a number from 18.",
        "Please choose an answer.",
    ]
    assert page.input_value("textarea") == "Yes, no\nEnter goes on writing"
    assert violations(page) == []
    press(page, "Tab", "Tab", "Backspace")
    page.keyboard.type("34")
    this = selector_of(page)
    press(page, "Tab", "Space", "ArrowRight", "Tab", "Enter")
    leave(page, this)
    assert page.input_value("[name=screen]") == "instructions"
    answers = {answer.name: answer.value for answer in tools.rows(app, QuestionnaireAnswer)}
    assert answers == {"job": "Yes, no\nEnter goes on writing", "age": "34", "ai_use": "Sometimes"}


@pytest.mark.slow
def test_what_is_left_of_a_text_is_told_when_it_comes_near_the_end(served, page) -> None:
    go_to(start(page, served[0]), "questions")
    seen, heard = page.locator(".room"), page.locator("[data-room][role=status]")
    hints = page.get_attribute("textarea", "aria-describedby")
    assert page.inner_text(f"#{hints}") == "At most 2,000 characters."
    assert page.inner_text("#question-age-hint") == "18 or more."
    page.fill("textarea", "x" * 1799)
    assert seen.inner_text() == ""
    page.fill("textarea", f"{'x' * 1800}\n ")
    assert seen.inner_text() == "Characters left: 200"
    assert heard.inner_text() == ""  # not after every letter
    page.wait_for_selector("[data-room][role=status]:not(:empty)", state="attached")
    assert heard.inner_text() == "Characters left: 200"
    page.locator("textarea").evaluate(
        "(field) => { field.setSelectionRange(0, 0); field.focus(); }"
    )
    page.keyboard.insert_text("🦜" * 1300)  # two units of a script, one character each
    assert seen.inner_text() == "Characters too many: 1,100"
    assert len(page.input_value("textarea").strip()) == 3100  # nothing was cut off
    assert violations(page) == []
    page.click("button.go")
    page.wait_for_selector(".problem")
    wait_until_timed(page)
    assert "shorten this to 2,000 characters; it has 3,100" in page.inner_text(".problem >> nth=0")
    page.fill("textarea", "x" * 2001)
    assert seen.inner_text() == "Characters too many: 1"


@pytest.mark.slow
def test_the_buttons_of_the_consent_are_equally_wide(served, page) -> None:
    start(page, served[0])
    for width in (360, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        agree, decline = (page.locator(f"button[value={one}]") for one in ("agree", "decline"))
        assert agree.bounding_box()["width"] == pytest.approx(decline.bounding_box()["width"])


@pytest.mark.slow
def test_the_examples_of_a_card_end_where_its_sheet_ends(served, page) -> None:
    go_to(start(page, served[0]), "questions")
    page.fill("[name=question-age]", "34")
    page.check("[value=Daily]")
    send(page)
    go_to(page, "card")
    for width in (360, 390):
        page.set_viewport_size({"width": width, "height": 844})
        [first, *_, last] = [frame.bounding_box() for frame in page.locator(".row .frame").all()]
        sheet = page.locator(".sheet").bounding_box()
        left, right = first["x"] - sheet["x"], last["x"] + last["width"] - sheet["x"]
        assert first["width"] == pytest.approx(last["width"], abs=0.1)
        assert left == pytest.approx(sheet["width"] - right, abs=1)
        button = page.locator("button.go").bounding_box()
        assert right == pytest.approx(button["x"] + button["width"] - sheet["x"], abs=1)


@pytest.mark.slow
def test_the_last_questions_are_accessible(served, page, tools) -> None:
    url, app = served
    go_to(start(page, url), "questions")
    page.fill("[name=question-age]", "34")
    page.check("[value=Daily]")
    send(page)
    go_to(page, "comments")
    assert violations(page) == []
    page.check("[name=question-altered_noticed] >> nth=1")
    page.click("button.go")
    page.wait_for_selector(".code-letters")
    [comment] = tools.rows(app, Comment)
    assert (comment.altered_noticed, comment.text) == ("no", None)
