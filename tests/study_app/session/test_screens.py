"""Every screen of a session: declared once, met in that order, drawn by its template."""

from pathlib import Path

import pytest

from stimuli.study import Outcome
from study_app.session.screen import Screen, SessionScreen, TrialScreen
from study_app.session.screens import BUTTONS, SCREENS
from tests.study_app.asking import GOOD, RIGHT, finish

TEMPLATES = Path(__file__).parents[3] / "study_app/templates"
REFUSABLE = [s for s in SCREENS if isinstance(s, SessionScreen) and s.refusal is not None]


def test_the_screens_come_in_their_order(respondent):
    screens = finish(respondent, RIGHT)
    trial = ["seen", "card", "judge"]
    expected = ["consent", "check", "questions", "instructions", "judge", "feedback", *trial * 3]
    expected += ["attention", *trial * 4, "attention", "questions", "comments", "debrief"]
    assert screens == expected


def test_a_study_that_asks_nothing_has_none_of_these_screens(visitor):
    screens = {visitor.start().screen}
    while visitor.screen != "debrief":
        screens.add(visitor.answer(visitor.page.form.choices[0]).screen)
    assert screens.isdisjoint({"questions", "attention", "comments"})


def test_the_screens_follow_each_other(visitor):
    screens = [visitor.start().screen]
    while screens[-1] != "debrief":
        screens.append(visitor.answer(visitor.page.form.choices[0]).screen)
    trial = ["seen", "card", "judge"]
    expected = [
        "consent",
        "check",
        "instructions",
        *["judge", "feedback"] * 5,
        *trial * 16,
        "debrief",
    ]
    assert screens == expected


# What a screen is made of


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_every_screen_has_a_template(screen: Screen) -> None:
    assert (TEMPLATES / f"{screen.name}.html").is_file()


def test_screens_of_one_name_are_told_apart_by_their_keys_and_have_the_same_buttons() -> None:
    assert BUTTONS.keys() == {screen.name for screen in SCREENS}
    assert all(screen.buttons == BUTTONS[screen.name] for screen in SCREENS)
    keys = [(screen.name, getattr(screen, "key", "")) for screen in SCREENS]
    assert len(set(keys)) == len(keys)


def test_the_buttons_of_every_page_are_those_that_its_screen_declares(respondent):
    pages = set()
    while respondent.screen != "debrief":
        screen, form = respondent.screen, respondent.page.form
        assert tuple(form.choices) == BUTTONS[screen], screen
        pages.add(screen)
        answers = {"questions": GOOD, "attention": RIGHT}.get(screen, {})
        respondent.press(form.choices[0], **answers)
    assert pages == BUTTONS.keys() - {"pause", "step", "comprehension"}  # not in that study


@pytest.mark.parametrize("screen", REFUSABLE, ids=lambda screen: screen.name)
def test_a_refusal_ends_with_the_declared_outcome(app, visitor, tools, screen) -> None:
    go_on, refuse = screen.buttons
    assert visitor.start().walk(until=screen.name).page.form.choices[0] == go_on
    visitor.press(refuse)
    [participant] = tools.participants(app)
    assert participant.outcome is screen.refusal
    assert getattr(participant, screen.answered_at.key) is None
    assert visitor.screen == "debrief"


def test_only_consent_and_device_can_be_refused() -> None:
    outcomes = [(screen.name, screen.refusal) for screen in REFUSABLE]
    assert outcomes == [("consent", Outcome.DECLINED), ("check", Outcome.INCOMPATIBLE)]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_no_screen_of_a_session_offers_what_cannot_be_stored(screen: Screen) -> None:
    """A second button of a screen outside the trials ends the session; in a trial it is a no."""
    if isinstance(screen, SessionScreen):
        assert (len(screen.buttons) == 2) == (screen.refusal is not None)
    elif isinstance(screen, TrialScreen):
        assert screen.buttons in (("continue",), ("yes", "no"))
