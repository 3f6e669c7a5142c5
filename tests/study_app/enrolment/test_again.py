"""People without ids who open the link again: the same person, or another one at the device."""

import pytest

from stimuli.study import Outcome
from study_app.enrolment.openings import MOST
from study_app.enums import Wave
from study_app.models import LoadedStudy, Participant
from study_app.tokens import trial_run_token
from tests.study_app.enrolment.changes import change, from_prolific

ASKED = "Have you been here before?"
CHOICES = ["go_on", "somebody_else"]


def test_who_opens_the_link_again_goes_on_or_is_somebody_else(visitor, another_visitor, tools, app):
    first = visitor.open("/").press().walk(until="judge").url
    assert ASKED in visitor.open("/").response.text
    assert "Go on where you were" in visitor.response.text
    assert visitor.page.form.choices == CHOICES
    assert visitor.press("go_on").url == first
    assert visitor.screen == "judge"
    second = visitor.open("/").press("somebody_else")
    assert (second.screen, second.url == first) == ("consent", False)
    new = second.url
    assert visitor.open("/").press("go_on").url == new
    assert another_visitor().open(first).screen == "judge"  # by its own link alone
    assert len(tools.participants(app)) == 2


def test_a_press_of_start_that_was_open_before_is_asked_as_well(visitor, tools, app):
    open_before = visitor.open("/").page.form
    visitor.open("/").press()
    reply = visitor.client.post("/start", data=open_before.fields, follow_redirects=True)
    assert reply.request.path == "/"
    assert ASKED in reply.text
    assert len(tools.participants(app)) == 1


def test_who_has_nothing_to_go_on_with_or_says_neither_begins_nothing(visitor, tools, app):
    reply = visitor.open("/").press("go_on").response
    assert (reply.request.path, ASKED in reply.text) == ("/", False)
    assert visitor.open("/").press("perhaps").response.status_code == 400
    assert tools.participants(app) == []


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED, Outcome.WITHDRAWN])
def test_who_came_to_an_end_is_led_to_the_last_page(visitor, app, outcome):
    url = visitor.start().url
    change(app, Participant, outcome=outcome)
    text = visitor.open("/").response.text
    assert "there is nothing left to do" in text
    assert "See the last page" in text
    assert visitor.press("go_on").url == url
    assert visitor.open("/").press("somebody_else").screen == "consent"


def test_who_declined_is_not_asked_and_may_think_again(visitor):
    visitor.start().answer("decline")
    assert ASKED not in visitor.open("/").response.text
    assert visitor.press().screen == "consent"


def test_somebody_else_has_to_wait_like_anybody_new(visitor, app):
    url = visitor.start().url
    change(app, LoadedStudy, paused=True)
    text = visitor.open("/").response.text
    assert "The study takes a break" in text
    assert "open the page where you were" not in text
    assert visitor.page.form.choices == ["go_on"]
    assert visitor.press("go_on").url == url


def test_nobody_with_an_id_or_a_link_of_their_own_is_asked(visitor, another_visitor, app, study):
    own = f"?invitation={study('invite', 'Ada').split('=')[1].strip()}"
    with app.app_context():
        tries = f"?test={trial_run_token()}"
    url = visitor.start().url
    for query in (from_prolific("one"), own, tries):
        assert ASKED not in visitor.open(f"/{query}").response.text
        assert visitor.press().url != url
    for query in (from_prolific("two", "0" * 24), tries):
        other = another_visitor().start(query)
        assert ASKED not in other.open("/").response.text
        assert other.press().screen == "consent"
    assert ASKED not in another_visitor().open("/").response.text  # another browser


def test_a_pilots_participant_goes_on_in_the_main_wave(visitor, app):
    change(app, LoadedStudy, wave=Wave.PILOT)
    url = visitor.start().url
    change(app, LoadedStudy, wave=Wave.MAIN)
    assert visitor.open("/").press("go_on").url == url


def test_somebody_else_again_and_again_meets_the_limit_of_the_place(empty_app, tools, tmp_path):
    text = tools.study_text(practice=1, validation=2).replace("open = true\n", "")
    tools.load(empty_app, tools.build_bundle(tmp_path / "limited", text).path)
    visitor = tools.visitor(empty_app.test_client()).start()
    codes = []
    for _ in range(MOST):
        codes.append(visitor.open("/").press("somebody_else").response.status_code)
    assert codes == [200] * (MOST - 1) + [429]
    assert visitor.open("/").press("go_on").screen == "consent"
