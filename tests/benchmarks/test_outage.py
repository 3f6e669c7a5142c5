"""A minute without network in the middle of the test phase: `make bench ONLY=outage`."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from study_app import create_app
from study_app.simulation.server import serving
from tests.lab import Lab
from tests.web import answer_through_an_outage, first_choice, go_to, press, screen_of, start

OUTAGE_S = 60
DECIDED = "select phase, trial_index from trial where decision is not null order by id"


def test_a_minute_without_network_loses_and_doubles_nothing(
    demo_bundle: Path, new_lab: Callable[[Path], Lab], chromium: Browser
) -> None:
    lab = new_lab(demo_bundle)
    with serving(create_app(instance_path=str(lab.instance))) as url, chromium.new_context() as who:
        page = start(who.new_page(), url)
        while lab.rows(DECIDED)[-1:] != [("test", 14)]:
            press(page, first_choice(page))
        go_to(page, "judge")
        answer_through_an_outage(page, "no", seconds=OUTAGE_S)
        assert lab.rows(DECIDED)[-1:] == [("test", 15)]
        while screen_of(page) != "debrief":
            press(page, first_choice(page))
        assert page.inner_text(".code-letters")
    phases = [phase for phase, _ in lab.rows(DECIDED)]
    assert phases == ["practice"] * 5 + ["validation"] * 10 + ["test"] * 30
    rejected = lab.rows("select phase, trial_index from trial where decision = 'reject'")
    assert rejected == [("test", 15)]
