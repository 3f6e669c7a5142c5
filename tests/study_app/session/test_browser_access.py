"""Every page of a participant is accessible: axe-core, zoom, and reduced motion."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from stimuli.study import Outcome
from study_app.database import db
from study_app.models import Participant
from tests.web import FORM, first_choice, leave, press, screen_of, start, wait_until_timed

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
# A browser at 200 % shows half as many CSS pixels, each of them twice as large.
ZOOMED = {"width": 640, "height": 400}
SCREENS = (
    *("consent", "check", "instructions", "judge .explained", "judge"),
    *("feedback", "seen", "card", "debrief"),
)
# With the default practice, each label once: what more these screens have, and the pause.
MORE = ("judge .card-opener", "feedback .true-card", "pause")
PAPER = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'
ONCE = '[trial]\nask_seen = "first"\nshow_card = "first"\nwording = "answer"\n'
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def problems_of(page):
    """What axe-core finds."""
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""


def look_at(page, name, problems):
    """Note what is wrong with a page, in light and in dark, and at 200 %."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        if report := problems_of(page):
            problems[name, scheme] = report
    size = page.viewport_size
    for width in (size, ZOOMED):
        page.set_viewport_size(width)
        if (pixels := page.evaluate(OVERFLOW)) > 0:
            problems[name, width["width"]] = f"{pixels} px too wide"
    page.set_viewport_size(size)


@pytest.fixture(scope="module")
def once_site(tmp_path_factory, tools):
    """A real server with a study that asks and shows once for each label."""
    folder = tmp_path_factory.mktemp("once")
    text = tools.study_text(practice=1, validation=6, test=3).replace(PAPER, ONCE)
    with tools.open_loaded(folder, tools.build_bundle(folder / "b", text).path) as opened:
        yield opened


def name_of(page):
    """Which screen a page shows, and what of it others of its name have not."""
    parts = (".explained", ".card-opener", ".true-card")
    return " ".join([screen_of(page), *(part for part in parts if page.query_selector(part))])


def every_screen(page, visit):
    """Walk to the end, and call `visit` at each screen that is new."""
    seen = set()
    while (screen := screen_of(page)) != "debrief":
        if (name := name_of(page)) not in seen:
            visit(name)
            seen.add(name)
            if "card-opener" in name:
                page.click(".card-opener")
                visit(f"{name}, opened")
                page.keyboard.press("Escape")
        if screen == "consent":
            hold_check(page)
            visit("check")
            seen.add("check")
            leave(page, "[name=screen][value=check]")
        else:
            press(page, first_choice(page))
    visit("debrief")
    return seen | {"debrief"}


def every_page(site, page, visit):
    """Show a person every page there is, and call `visit` with the page's name at each."""
    page.goto(site.url)
    visit("landing")
    start(page, site.url)
    link = page.url
    assert every_screen(page, visit) == set(SCREENS)
    for path in ("/withdraw", "/elsewhere"):
        page.goto(f"{link}{path}")
        visit(path[1:])
    for outcome in (Outcome.INCOMPATIBLE, Outcome.FAILED_VALIDATION, Outcome.WITHDRAWN, None):
        end_as(site, page, outcome)
        page.goto(link)
        visit(f"debrief, {outcome}")
    page.route("**/no-connection", without_connection)
    for path in ("/p/nobody", "/no-connection"):
        page.goto(f"{site.url}{path}")
        visit(path)


def without_connection(route):
    """The page asks for itself from time to time, and loads itself again once it gets an answer."""
    if route.request.resource_type == "fetch":
        route.abort()
    else:
        route.continue_()


def hold_check(page):
    """Come to the look at the device, and find that a picture is missing."""
    page.route("**/media/**", lambda route: route.abort())
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.click("button[value=agree]")
    page.wait_for_selector("[data-trouble=pictures]:not([hidden])")
    page.unroute("**/media/**")


def end_as(site, page, outcome):
    """Let a session have ended in another way."""
    token = page.url.split("/p/")[1].split("/")[0]
    with site.app.app_context():
        participant = db.session.query(Participant).filter_by(token=token).one()
        participant.outcome = outcome or Outcome.ERROR
        db.session.commit()


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_nothing_overflows_on_any_page(site, chromium, size):
    problems = {}
    with chromium.new_context(
        viewport=SIZES[size],
        reduced_motion="reduce",  # colours change at once with the scheme
        service_workers="block",
    ) as context:
        page = context.new_page()
        every_page(site, page, lambda name: look_at(page, name, problems))
    assert problems == {}


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_the_screens_of_a_study_that_asks_once_28(once_site, chromium, size):
    problems = {}
    with chromium.new_context(
        viewport=SIZES[size], reduced_motion="reduce", service_workers="block"
    ) as context:
        page = start(context.new_page(), once_site.url)
        seen = every_screen(page, lambda name: look_at(page, name, problems))
    assert seen == {*SCREENS, *MORE} - {"feedback"}
    assert problems == {}


@pytest.mark.slow
@pytest.mark.parametrize("touch", [True, False], ids=["touch", "mouse"])
def test_on_touch_screens_nothing_speaks_of_keys_28(once_site, chromium, touch):
    texts = []
    with chromium.new_context(has_touch=touch, is_mobile=touch) as context:
        page = start(context.new_page(), once_site.url)
        every_screen(page, lambda _: texts.append(page.inner_text("main")))
    speaking = [text for text in texts if re.search(r"\bthe keys?\b|\bEnter\b", text, re.I)]
    assert bool(speaking) is not touch


@pytest.mark.slow
def test_a_screen_reader_is_led_to_the_heading_of_each_screen(site, chromium):
    with chromium.new_context() as context:
        page = start(context.new_page(), site.url)
        for _ in range(6):
            wait_until_timed(page)
            assert page.evaluate("document.activeElement.tagName") == "H1"
            press(page, first_choice(page))


@pytest.mark.slow
def test_nothing_moves_for_people_who_asked_for_that(site, chromium):
    with chromium.new_context(reduced_motion="reduce") as context:
        page = start(context.new_page(), site.url)
        for _ in range(5):
            press(page, first_choice(page))
            moving = "[...document.querySelectorAll('*')].filter((e) => "
            moving += "getComputedStyle(e).transitionDuration !== '0s'"
            moving += " && getComputedStyle(e).transitionProperty !== 'none').length"
            assert page.evaluate(moving) == 0
            assert page.evaluate("document.getAnimations().length") == 0
            assert page.query_selector(FORM)
