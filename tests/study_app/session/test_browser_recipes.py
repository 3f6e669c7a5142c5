"""Each recipe as its file stands, in a real browser: a whole session, page by page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from study_app.answer_models import StepAnswer, Trial
from study_app.database import db
from tests.recipes import NAMES, SHORT, short, short_bundle
from tests.study_app.own_steps import fill_in, step_of
from tests.study_app.sites import open_loaded
from tests.web import first_choice, press, screen_of, start

pytestmark = pytest.mark.slow

RICHEST = {  # the group that sees most of the AI; of people alone, those who see nothing of it
    "accept_reject": "neighbours",
    "human_alone": "alone",
    "advice_taking": "gradcam",
    "advice_with_confidence": "gradcam",
    "forward_simulation": "gradcam",
    "multi_class": "neighbours",
    "on_demand": "gradcam",
    "distinction": "gradcam",
}
MOST_PEOPLE = 12  # who come until one is of that group


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """One that serves all of them."""
    return short_bundle(tmp_path_factory.mktemp("recipes") / "bundle")


def somebody_of(group, site, chromium):
    """Somebody whom the study sends to a group, at the consent, and what goes wrong on the page."""
    for _ in range(MOST_PEOPLE):
        page, faults = chromium.new_page(reduced_motion="reduce"), []
        page.on(
            "console", lambda said, f=faults: f.append(said.text) if said.type == "error" else 0
        )
        page.on("pageerror", lambda error, f=faults: f.append(str(error)))
        page.on(
            "response", lambda reply, f=faults: f.append(reply.url) if reply.status >= 400 else 0
        )
        start(page, site.url)
        if site.participant(page).condition == group:
            return page, faults
        page.close()
    raise AssertionError(f"nobody came to {group}")


def walk(page):
    """Answer to the end; every step that was met, in order, and what axe finds on each new page."""
    met, found = [], {}
    while (screen := screen_of(page)) != "debrief":
        step = step_of(page)
        met += [step] if screen == "step" else []
        is_new = (screen, step) not in found
        if is_new:
            found[screen, step] = Axe().run(page).response["violations"]
        if is_new and (asks := page.query_selector_all("button[data-ask]")):
            for ask in asks:
                ask.click()
            page.wait_for_selector("[data-ask]", state="detached")
            found[screen, step, "asked"] = Axe().run(page).response["violations"]
        fill_in(page)
        press(page, first_choice(page))
    return met, found


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_session_of_a_recipe_goes_without_a_fault_32(name, bundle, tmp_path, chromium):
    file = tmp_path / "study.toml"
    file.write_text(short(name), "utf-8")
    with open_loaded(tmp_path, bundle.path, "--study", file) as site:
        page, faults = somebody_of(RICHEST[name], site, chromium)
        met, found = walk(page)
        person = site.participant(page).id
        page.close()
        with site.app.app_context():
            trials = select(Trial.answered_at).filter_by(participant=person, phase="test")
            times = list(db.session.scalars(trials))
            of_steps = select(StepAnswer.name).join(Trial, Trial.id == StepAnswer.trial)
            mine = of_steps.where(Trial.participant == person)
            stored = list(db.session.scalars(mine.order_by(StepAnswer.answered_at)))
    assert {where: wrong for where, wrong in found.items() if wrong} == {}
    assert faults == []
    assert len(times) == SHORT
    assert all(times)
    assert stored == met
