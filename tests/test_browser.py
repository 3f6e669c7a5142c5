"""One person, a real Chromium, a real server: from the landing page to the completion code.

Every kind of screen leaves a screenshot in `instance/screens`.
"""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from stimuli.bundle import read_bundle
from study_app import create_app
from study_app.simulation.server import serving
from tests.lab import ROOT, Lab
from tests.web import first_choice, press, screen_of, start, wait_until_timed

SCREENS = ROOT / "instance/screens"


def picture(page: Page, name: str) -> None:
    """Keep a screenshot of the first screen of each kind."""
    path = SCREENS / f"{name}.png"
    if not path.exists():
        page.screenshot(path=path)


def walk(page: Page, lab: Lab, condition: str) -> list[tuple[str, str, str]]:
    """Answer every screen; (screen, answer, input) of each."""
    given: list[tuple[str, str, str]] = []
    answers = itertools.cycle(["yes", "no", "no", "yes", "yes"])
    while (screen := screen_of(page)) != "debrief":
        wait_until_timed(page)
        picture(page, f"{condition}-{screen}")
        if len(given) == 40:
            before = page.url, page.inner_text("main")
            page.reload()
            wait_until_timed(page)
            assert (page.url, page.inner_text("main")) == before
        answer = next(answers) if screen in ("seen", "judge") else "continue"
        if screen == "consent":
            answer = "agree"
        if screen == "comments":
            page.check("[name=question-altered_noticed] >> nth=2")
        by_key = screen not in ("consent", "comments") and len(given) % 2 == 1
        press(page, answer, by_key=by_key)
        given.append((screen, answer, "keyboard" if by_key else "mouse"))
    return given


def test_a_person_goes_from_the_landing_page_to_the_completion_code(
    demo_bundle: Path, new_lab: Callable[[Path], Lab], chromium: Browser
) -> None:
    shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(parents=True)
    lab = new_lab(demo_bundle)
    with serving(create_app(instance_path=str(lab.instance))) as url:
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if message.type == "error" else None,
        )
        page.goto(url)
        picture(page, "landing")
        assert lab.rows("select count(*) from participant") == [(0,)]
        start(page, url)
        ((condition,),) = lab.rows("select condition from participant")
        given = walk(page, lab, str(condition))
        picture(page, "debrief")
        code = page.locator(".code-letters").inner_text().strip()
        link = page.url
        page.goto(link)
        assert code in page.inner_text("main")
        assert not errors
        page.goto(f"{url}/p/nobody")
        picture(page, "unknown-link")
        for _ in read_bundle(demo_bundle).study.conditions[1:]:
            look_at_first_trial(chromium, url, lab)
        phone = chromium.new_page(viewport={"width": 360, "height": 740}, has_touch=True)
        phone.goto(url)
        picture(phone, "phone-landing")
    assert len(code) >= 6
    assert_stored(lab, given)


def look_at_first_trial(chromium: Browser, url: str, lab: Lab) -> None:
    """One more person, who balance puts into another condition: its instructions and trial."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    start(page, url)
    ((own,),) = lab.rows("select condition from participant order by id desc limit 1")
    while screen_of(page) != "judge":
        wait_until_timed(page)
        picture(page, f"{own}-{screen_of(page)}")
        press(page, first_choice(page))
    picture(page, f"{own}-judge")
    page.close()


def assert_stored(lab: Lab, given: list[tuple[str, str, str]]) -> None:
    """The first person's rows are what was clicked, in order, with times and modality."""
    stored = lab.rows(
        "select phase, seen_before, decision, input, seen_rt_ms, card_rt_ms, decision_rt_ms, "
        "answered_at, length(image_sha256), seen_asked, card_shown from trial "
        "where participant = 1 "
        "order by case phase when 'practice' then 0 when 'validation' then 1 else 2 end, "
        "trial_index",
    )
    assert [row[0] for row in stored] == ["practice"] * 5 + ["validation"] * 10 + ["test"] * 30
    clicked = [(answer, how) for screen, answer, how in given if screen == "judge"]
    decisions = {"yes": "accept", "no": "reject"}
    assert [(row[2], row[3]) for row in stored] == [(decisions[a], how) for a, how in clicked]
    seen = [answer == "yes" for screen, answer, _ in given if screen == "seen"]
    assert [bool(row[1]) for row in stored if row[9]] == seen
    assert all(row[7] and row[8] == 64 for row in stored)
    for row in stored:
        taken = [time for time, is_due in zip(row[4:7], (*row[9:11], True), strict=True) if is_due]
        assert all(isinstance(time, float) and 0 < time < 60_000 for time in taken)
    fractions = [row[6] % 1 for row in stored]
    assert any(fractions), "reaction times are whole milliseconds"
    ((outcome,),) = lab.rows("select outcome from participant where id = 1")
    assert outcome == "completed"
