"""A study's own steps in a real browser: every kind of answer by hand, by key, without a script."""

import re
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import select

from study_app.answer_models import QuestionnaireAnswer, StepAnswer, Trial
from study_app.database import db
from tests.study_app.own_steps import ADVICE, EVERY_KIND, fill_in, step_of, with_steps
from tests.study_app.sites import Site
from tests.web import (
    answer_through_an_outage,
    click_away,
    first_choice,
    go_to,
    leave,
    press,
    screen_of,
    selector_of,
    start,
    wait_until_timed,
)

pytestmark = pytest.mark.slow

OUTAGE_S = 4
DOUBLE_MS = 450
SIZES = {"desktop": {"width": 1280, "height": 720}, "phone": {"width": 390, "height": 844}}
BY_KEYS = {  # what is pressed once a step is there, and what is stored then
    "described": (["Enter"], "continue"),
    "pick": (["2"], "Blue Morpho"),
    "place": (["Tab", "ArrowRight", "Tab", " ", "Enter"], "0.510 0.500"),
    "count": (["Tab", "1", "z", "Backspace", "2", "Enter"], "12"),
    "words": (["Tab", "y", "1", "z", "Tab", "Enter"], "y1z"),
    "hard": (["5"], "very hard"),
    "order": (["Tab", "ArrowDown", *["Tab"] * 4, "Enter"], "colours | wings | background"),
    "decide": (["n"], "reject"),
    "sure": (["Tab", " ", "Enter"], "50"),
    "foresee": (["4"], "Peacock"),
    "told": (["Enter"], "continue"),
    "alone": (["1"], "Amber Fritillary"),
    "advised": (["3"], "Orange Tip"),
}
CARRIED = {"sure": "reject", "advised": "Amber Fritillary"}


@dataclass(frozen=True)
class Steps:
    """A server with a study whose trials have steps."""

    site: Site

    def answers(self, page: Page) -> list[StepAnswer]:
        """Those of the person whose session a page shows, in the order of the trials."""
        mine = Trial.participant == self.site.participant(page).id
        query = select(StepAnswer).join(Trial, Trial.id == StepAnswer.trial).where(mine)
        with self.site.app.app_context():
            return list(db.session.scalars(query.order_by(Trial.id, StepAnswer.answered_at)))


def serve(tools, folder, trial):
    """Serve such a study, whose people see a heat map."""
    text = with_steps(tools.study_text(practice=1, validation=1, test=1), trial, groups=False)
    for other in ("confidence", "neighbours"):
        text = re.sub(rf'\[\[conditions\]\]\nname = "{other}"\n(panels = .*\n)?', "", text)
    return tools.open_loaded(folder, tools.build_bundle(folder / "bundle", text).path)


@pytest.fixture(scope="module")
def every_kind(tools, tmp_path_factory):
    """Every kind of step in one trial."""
    with serve(tools, tmp_path_factory.mktemp("kinds"), EVERY_KIND) as site:
        yield Steps(site)


@pytest.fixture(scope="module")
def advice(tools, tmp_path_factory):
    """Two-stage advice."""
    with serve(tools, tmp_path_factory.mktemp("advice"), ADVICE) as site:
        yield Steps(site)


def test_a_whole_session_goes_by_keys_alone_and_is_stored_as_it_was_pressed_32(
    every_kind, chromium
):
    with chromium.new_context(viewport=SIZES["desktop"]) as context:
        page = go_to(start(context.new_page(), every_kind.site.url), "step")
        met = []
        while (screen := screen_of(page)) != "debrief":
            this, step = selector_of(page), step_of(page)
            page.wait_for_timeout(450)  # a key again within a moment is taken for a double press
            for key in BY_KEYS[step][0] if screen == "step" else ["Enter"]:
                assert page.query_selector(this)
                assert not page.query_selector("dialog[open]")
                page.keyboard.press(key)
            leave(page, this)
            met += [step] * (screen == "step")
        answers = every_kind.answers(page)
    assert met[: len(BY_KEYS)] == list(BY_KEYS)
    assert [answer.name for answer in answers] == met
    for answer in answers:
        assert (answer.name, answer.value) == (answer.name, BY_KEYS[answer.name][1])
        assert (answer.name, answer.carried) == (answer.name, CARRIED.get(answer.name))
        assert answer.input == "keyboard"
        assert answer.rt_ms
        assert 0 < answer.rt_ms < 60_000


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_any_step_and_a_finger_answers_each_32(every_kind, chromium, size):
    problems, is_phone = {}, size == "phone"
    with chromium.new_context(
        viewport=SIZES[size], has_touch=is_phone, is_mobile=is_phone, reduced_motion="reduce"
    ) as context:
        page = start(context.new_page(), every_kind.site.url)
        while screen_of(page) != "debrief":
            name = step_of(page) or screen_of(page)
            is_new = not any(known == name for known, _ in problems)
            for scheme in ("light", "dark") if is_new else ():
                page.emulate_media(color_scheme=scheme)
                problems[name, scheme] = [v["id"] for v in Axe().run(page).response["violations"]]
            for ask in page.query_selector_all("button[data-ask]"):
                ask.tap() if is_phone else ask.click()
            fill_in(page)
            this, button = selector_of(page), page.locator("button[name=answer]").first
            if is_phone:
                page.wait_for_timeout(DOUBLE_MS)  # the page takes a faster tap for a second half
            button.tap() if is_phone else button.click()
            leave(page, this)
        answers = {answer.name: answer for answer in every_kind.answers(page)}
    assert {where: found for where, found in problems.items() if found} == {}
    assert all(abs(float(share) - 0.25) < 0.01 for share in answers["place"].value.split())
    assert answers["order"].value == "colours | wings | background"
    assert {answer.input for answer in answers.values()} == {"touch" if is_phone else "mouse"}


def test_what_was_asked_for_is_stored_with_its_time_and_what_was_not_is_not_32(
    every_kind, chromium
):
    with chromium.new_context() as context:
        page = start(context.new_page(), every_kind.site.url)
        while step_of(page) != "decide":
            fill_in(page)
            press(page, first_choice(page))
        page.wait_for_selector("span[data-ask]", state="detached")
        page.focus("[data-ask=panels]")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.className") == "heatmap"
        press(page, "accept")
        answers = {answer.name: answer for answer in every_kind.answers(page)}
    assert answers["pick"].revealed is None
    times = dict(part.split(":") for part in answers["decide"].revealed.split())
    assert 300 <= int(times["answer"]) < 3000
    assert int(times["answer"]) <= int(times["panels"]) <= answers["decide"].rt_ms


def test_a_line_that_nobody_touched_is_no_answer_32(every_kind, chromium):
    with chromium.new_context() as context:
        page = start(context.new_page(), every_kind.site.url)
        while step_of(page) != "sure":
            fill_in(page)
            press(page, first_choice(page))
        line = page.locator("[data-slider] .line")
        assert "not set yet" in line.get_attribute("aria-valuetext")
        page.click("button[value=continue]")
        page.wait_for_selector("text=Please set the mark on the line.")
        wait_until_timed(page)
        page.locator("[data-slider] .line").click()  # where it stands
        assert page.locator("[data-slider] .line").get_attribute("aria-valuetext") is None
        press(page, "continue")
        answers = {answer.name: answer.value for answer in every_kind.answers(page)}
    assert answers["sure"] == "50"


def test_without_a_script_everything_is_there_and_can_be_answered_32(every_kind, chromium):
    typed = {"place": "0.25 0.7", "sure": "70", "order": "3 1 2"}
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(every_kind.site.url)
        click_away(page, "button.go")
        seen = set()
        while page.query_selector("form[data-answer]"):
            step = step_of(page)
            seen.add(step)
            assert all(part.is_visible() for part in page.query_selector_all("[data-later]"))
            assert not any(ask.is_visible() for ask in page.query_selector_all("[data-ask]"))
            for field in page.query_selector_all(".asked :is([type=text], textarea)"):
                field.fill(typed.get(step, "12"))
            click_away(page, "button[name=answer] >> nth=0")
        answers = {answer.name: answer.value for answer in every_kind.answers(page)}
    assert {*BY_KEYS} <= seen
    assert (answers["place"], answers["sure"], answers["count"]) == ("0.250 0.700", "70", "12")
    assert answers["order"] == "background | wings | colours"


def test_an_outage_between_two_answers_loses_and_doubles_nothing_32(advice, chromium):
    with chromium.new_context() as context:
        page = go_to(start(context.new_page(), advice.site.url), "step")
        answer_through_an_outage(page, "Peacock", seconds=OUTAGE_S)
        assert "Your answer before: Peacock" in page.inner_text(".own")
        answer_through_an_outage(page, "Blue Morpho", seconds=OUTAGE_S)
        assert screen_of(page) == "feedback"
        stored = [(a.name, a.value, a.carried) for a in advice.answers(page)]
    assert stored == [("alone", "Peacock", None), ("advised", "Blue Morpho", "Peacock")]


RANK = """
[[questions]]
name = "order"
text = "What told you most?"
kind = "rank"
options = ["wings", "colours", "background"]
required = true
"""


def test_things_are_put_in_order_by_press_and_by_key_in_a_questionnaire_32(
    tools, tmp_path, chromium
):
    with tools.open_site(tmp_path, RANK) as site, chromium.new_context() as context:
        page = go_to(start(context.new_page(), site.url), "questions")
        page.click("text=Continue")
        page.wait_for_selector("text=Please put these in your order.")
        wait_until_timed(page)
        page.click("[aria-label='background: move up']")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")  # there is no place above the first
        assert page.evaluate("document.activeElement.ariaLabel") == "background: move up"
        assert Axe().run(page).response["violations"] == []
        press(page, "continue")
        with site.app.app_context():
            [answer] = db.session.scalars(select(QuestionnaireAnswer))
    assert answer.value == "background | wings | colours"
