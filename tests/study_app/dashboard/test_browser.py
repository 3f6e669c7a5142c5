"""The experimenter's page in a real Chromium: it obeys the policy and fits a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import update

from study_app.database import db, writing
from study_app.models import LoadedStudy
from study_app.simulation.server import serving
from study_app.tokens import sign_in_token, trial_run_token

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def console(app, chromium, visitor, another_visitor):
    """The page, opened by the printed link, with people in two waves; and what went wrong on it."""
    visitor.start().walk(until="judge")
    with app.app_context():
        another_visitor().start(f"?test={trial_run_token()}")
    with app.app_context(), writing():
        db.session.execute(update(LoadedStudy).values(quota=20))
    with app.app_context():
        link = f"/experimenter/enter/{sign_in_token()}"
    with serving(app) as url:
        page = chromium.new_page(viewport=PHONE)
        page.clock.install()
        page.problems = []
        page.on("console", lambda said: said.type == "error" and page.problems.append(said.text))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(url + link)
        yield page
        page.close()


@pytest.mark.slow
def test_everything_on_the_page_works_on_a_phone_and_under_the_policy(console):
    console.click("text=Show it all the same")
    console.click("text=Unblind me")
    console.click("text=Pause recruiting")
    console.wait_for_selector("text=Recruiting is paused")
    console.click("text=Raise the quota")
    console.fill("#quota", "25")
    console.click("button:text-is('Raise')")
    console.wait_for_selector("text=25 qualified people in each condition")
    assert console.is_visible("text=Hide it again")
    assert console.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    console.click("text=Sign out")
    console.wait_for_selector("h1:text('No password is set yet')")
    assert console.problems == []


@pytest.mark.slow
def test_another_wave_is_one_click_away_and_stays_in_view(console):
    console.click("nav[aria-label=Waves] >> text=test 1")
    console.wait_for_selector("text=Wave: test")
    with console.expect_navigation():
        console.clock.run_for(16_000)
    assert console.is_visible("text=Wave: test")
    assert not console.is_visible("text=Pause recruiting")
    console.click("text=main wave")
    console.wait_for_selector("text=Pause recruiting")
    assert console.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert console.problems == []


@pytest.mark.slow
def test_the_page_refreshes_itself_but_never_under_somebodys_hands(console):
    console.evaluate("window.still = true")
    console.click("text=Raise the quota")
    console.fill("#quota", "33")
    console.clock.run_for(40_000)
    assert console.evaluate("window.still") is True
    assert console.input_value("#quota") == "33"
    console.click("text=Raise the quota")
    console.evaluate("document.activeElement.blur()")
    with console.expect_navigation():
        console.clock.run_for(16_000)
    assert console.evaluate("window.still") is None
    assert console.problems == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_experimenters_pages(console, scheme):
    console.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for where in ("the page", "the unblinded page", "the sign-in page"):
        violations = Axe().run(console).response["violations"]
        assert [one["id"] for one in violations] == [], where
        if where == "the page":
            console.click("text=Show it all the same")
            console.click("text=Unblind me")
            console.wait_for_selector("text=Hide it again")
        elif where == "the unblinded page":
            console.click("text=Sign out")
            console.wait_for_selector("h1:text('No password is set yet')")
        console.wait_for_load_state()
