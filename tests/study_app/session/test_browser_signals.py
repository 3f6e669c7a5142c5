"""Signals of programs in a real browser: what counts, and what a hand never sets off."""

from urllib.parse import parse_qs

import pytest

from study_app.answer_models import Signals
from study_app.database import db
from study_app.session.devices import PIXELS, RATIOS
from tests.web import FORM, go_to, leave, press, screen_of, selector_of, start

pytestmark = pytest.mark.slow

QUESTIONS = """
[[questions]]
name = "job"
text = "What is your work?"
kind = "text"

[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
required = true
"""
SIZES = (*PIXELS, *RATIOS)
GO = f"{FORM} button[name=answer]"


@pytest.fixture(scope="module")
def site(tools, tmp_path_factory):
    """A short study that asks for text."""
    with tools.open_site(tmp_path_factory.mktemp("signals"), QUESTIONS) as opened:
        yield opened


@pytest.fixture(params=[{}])
def page(request, chromium, site):
    """Somebody who pressed Start."""
    with chromium.new_context(viewport={"width": 1280, "height": 800}, **request.param) as context:
        yield start(context.new_page(), site.url)


def counted(site, page):
    """What is known of the person whose session a page shows, without what is nothing."""
    participant = site.participant(page)
    with site.app.app_context():
        signals = db.session.get_one(Signals, participant.id)
        names = [column.key for column in Signals.__table__.columns]
        return {n: getattr(signals, n) for n in names if n != "participant" and getattr(signals, n)}


def answer_questions(page):
    """Answer what is still open with keys, and go on with a click."""
    page.click("[name=question-age]")
    page.keyboard.type("34")
    press(page, "continue")


def click_without_moving(page, place):
    """A press and a release of the mouse that come from nowhere."""
    session = page.context.new_cdp_session(page)
    for kind in ("mousePressed", "mouseReleased"):
        where = {"x": place[0], "y": place[1], "button": "left", "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {"type": kind, **where})


def middle(page, selector=GO):
    """Where the first such thing is."""
    element = page.locator(selector).first
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_hand_on_mouse_and_keys_sets_off_nothing(site, page):
    go_to(page, "questions")
    page.click("textarea")
    page.keyboard.type("I keep bees\nand Ducks")
    page.keyboard.press("Backspace")
    answer_questions(page)
    go_to(page, "seen")
    assert counted(site, page) == {"webdriver": True}  # which Playwright is


def test_the_consent_is_not_counted(site, page):
    page.evaluate(f"document.querySelector('{GO}').click()")
    leave(page, "[name=screen][value=consent]")
    assert counted(site, page) == {"webdriver": True}


def test_answers_that_a_script_gives_are_scripted(site, page):
    go_to(page, "questions")
    answer_questions(page)
    for script in ("click()", "form.requestSubmit(document.querySelector('{go}'))"):
        this = selector_of(page)
        page.evaluate(f"document.querySelector('{GO}').{script.format(go=GO)}")
        leave(page, this)
    assert counted(site, page) == {"webdriver": True, "scripted_answers": 2}


def test_a_click_is_still_where_the_mouse_came_from_nowhere_but_not_where_it_rested(site, page):
    go_to(page, "questions")
    answer_questions(page)
    this = selector_of(page)
    click_without_moving(page, middle(page))
    leave(page, this)
    assert counted(site, page) == {"webdriver": True, "still_clicks": 1}
    go_to(page, "seen")
    press(page, "yes")
    go_to(page, "seen")
    place = middle(page)
    go_to(page, "judge")
    page.mouse.move(*place)
    press(page, "yes", by_key=True)
    this = selector_of(page)
    page.wait_for_timeout(450)
    click_without_moving(page, place)
    leave(page, this)
    assert screen_of(page) == "card"
    assert counted(site, page) == {"webdriver": True, "still_clicks": 1}


def test_pasted_letters_count_also_on_a_page_that_comes_back(site, page):
    go_to(page, "questions")
    page.click("textarea")
    page.keyboard.type("bees")
    for keys in ("Control+A", "Control+C", "ArrowRight", "Control+V"):
        page.keyboard.press(keys)
    page.click(GO)
    page.wait_for_selector(".problem")
    assert page.input_value("textarea") == "beesbees"
    assert counted(site, page) == {"webdriver": True}
    answer_questions(page)
    assert counted(site, page) == {"webdriver": True, "pasted_chars": 4}


def test_letters_from_neither_keys_nor_the_clipboard_are_unkeyed(site, page):
    go_to(page, "questions")
    page.click("textarea")
    page.keyboard.insert_text("dictated")
    page.evaluate("document.querySelector('textarea').value += ' and set'")
    answer_questions(page)
    assert counted(site, page) == {"webdriver": True, "unkeyed_chars": 16}


def test_a_field_that_nobody_sees_notes_who_fills_it_in(site, page):
    go_to(page, "questions")
    assert page.locator("[name=more]").count() == 1
    assert page.get_by_role("textbox").count() == 2  # the two questions
    page.evaluate("document.querySelector('[name=more]').value = 'Filled in'")
    answer_questions(page)
    assert counted(site, page) == {"webdriver": True, "trap": True}


def test_an_answer_whose_reply_was_lost_is_counted_once(site, page):
    go_to(page, "questions")
    answer_questions(page)
    lost = []

    def lose_first_reply(route):
        response = route.fetch()
        lost.append(response.headers["x-lorikeet-answer"])
        route.abort() if len(lost) == 1 else route.fulfill(response=response)

    page.route("**/answer", lose_first_reply)
    this = selector_of(page)
    page.evaluate(f"document.querySelector('{GO}').click()")
    leave(page, this)
    assert lost == ["stored", "already"]
    assert counted(site, page) == {"webdriver": True, "scripted_answers": 1}


@pytest.mark.parametrize("page", [{"has_touch": True}], indirect=True)
def test_touch_and_keys_are_never_still(site, page):
    go_to(page, "questions")
    page.tap("[name=question-age]")
    page.keyboard.type("34")
    this = selector_of(page)
    page.tap(GO)
    leave(page, this)
    press(page, "continue", by_key=True)
    while screen_of(page) != "seen":
        this = selector_of(page)
        page.wait_for_timeout(450)
        page.tap(GO)
        leave(page, this)
    assert counted(site, page) == {"webdriver": True}


# What Chromium's translator and those of Edge and Firefox leave behind.
TRANSLATORS = {
    "Chromium": """
        document.documentElement.className = 'translated-ltr';
        document.documentElement.lang = 'es';
        for (const text of [...document.querySelectorAll('main :is(h1, label)')]) {
          const [outer, inner] = [0, 0].map(() => document.createElement('font'));
          inner.append(...text.childNodes);
          outer.append(inner);
          text.append(outer);
        }""",
    "Edge": "document.querySelector('h1').setAttribute('_msttexthash', '123')",
    "Firefox": "document.documentElement.lang = 'es'",
}


@pytest.mark.parametrize("translator", TRANSLATORS)
def test_answers_on_a_translated_page_are_counted_and_change_nothing_else(site, page, translator):
    go_to(page, "questions")
    page.evaluate(TRANSLATORS[translator])
    page.click("textarea")
    page.keyboard.type("abejas")
    answer_questions(page)
    assert counted(site, page) == {"webdriver": True, "translated_answers": 1}
    assert screen_of(page) == "instructions"


def test_a_page_of_a_study_that_does_not_record_behaviour_sends_none(chromium, tools, tmp_path):
    off = f"{QUESTIONS}[behaviour]\nrecord = false\n"
    sent = []
    with (
        tools.open_site(tmp_path, off) as site,
        chromium.new_context(viewport={"width": 1280, "height": 800}) as context,
    ):
        page = start(context.new_page(), site.url)
        page.on("request", lambda r: sent.append(r) if r.url.endswith("/answer") else None)
        go_to(page, "questions")
        assert page.locator("[name=more]").count() == 0
        answer_questions(page)
        go_to(page, "judge")
        press(page, "yes")
        [trial] = [trial for trial in site.trials(page) if trial.decision]
        assert tools.rows(site.app, Signals) == []
    names = {name for r in sent for name in parse_qs(r.post_data, keep_blank_values=True)}
    asked = {"question-age", "question-job", *SIZES}
    ours = {"csrf_token", "screen", "trial", "answer", "rt_ms", "input", "view"}
    assert names == ours | asked
    assert trial.decision_rt_ms > 0
