"""A minute without network in the middle of the test phase: `make bench ONLY=outage`."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from study_app import create_app
from study_app.simulation.server import serving
from tests.benchmarks.sizes import size
from tests.lab import Lab
from tests.web import answer_through_an_outage, first_choice, go_to, press, screen_of, start

OUTAGE_S = size(60, quick=1)
DECIDED = "select phase, trial_index from trial where decision is not null order by id"


def judge_through_an_outage(lab: Lab, chromium: Browser, *, at: int) -> list[object]:
    """One person rejects that test trial without network; the phases of what is then stored."""
    with serving(create_app(instance_path=str(lab.instance))) as url, chromium.new_context() as who:
        page = start(who.new_page(), url)
        while lab.rows(DECIDED)[-1:] != [("test", at - 1)]:
            press(page, first_choice(page))
        go_to(page, "judge")
        answer_through_an_outage(page, "no", seconds=OUTAGE_S)
        assert lab.rows(DECIDED)[-1:] == [("test", at)]
        while screen_of(page) != "debrief":
            press(page, first_choice(page))
        assert page.inner_text(".code-letters")
    rejected = lab.rows("select phase, trial_index from trial where decision = 'reject'")
    assert rejected == [("test", at)]
    return [phase for phase, _ in lab.rows(DECIDED)]


def test_a_minute_without_network_loses_and_doubles_nothing(
    demo_bundle: Path, new_lab: Callable[[Path], Lab], chromium: Browser
) -> None:
    phases = judge_through_an_outage(new_lab(demo_bundle), chromium, at=15)
    assert phases == ["practice"] * 5 + ["validation"] * 10 + ["test"] * 30
