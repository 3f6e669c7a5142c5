"""What the landing page says before somebody presses Start in vain."""

import pytest
from sqlalchemy import func, select

from stimuli.study import Outcome
from study_app.database import db
from study_app.models import ConditionTally, LoadedStudy, Participant
from study_app.table_base import Base
from study_app.tokens import trial_run_token
from tests.study_app.enrolment.changes import HOUR, change, time_passes

PAUSED = "The study takes a break"
TAKEN = "Every place is taken at the moment"
COMPLETE = "Enough people have taken part"


def ids(participant, submission="one"):
    """The query of a Prolific link."""
    return f"?PROLIFIC_PID={participant:024x}&STUDY_ID=study&SESSION_ID={submission}"


def stored(app):
    """How many rows each table has."""
    with app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def full_app(app, another_visitor):
    """A server with one place in each of three conditions, which people under way have."""
    change(app, LoadedStudy, quota=1)
    for n in range(3):
        another_visitor().start(ids(n))
    return app


def test_a_landing_page_with_places_says_nothing_of_them(app, visitor):
    change(app, LoadedStudy, quota=1)
    text = visitor.open("/").response.text
    assert not [title for title in (PAUSED, TAKEN, COMPLETE) if title in text]
    assert visitor.page.form.action == "/start"


def test_a_break_is_told_before_anything_is_pressed(app, visitor):
    change(app, LoadedStudy, paused=True)
    visitor.open("/")
    assert visitor.response.status_code == 200
    assert PAUSED in visitor.response.text
    assert "come back later by the same link" in visitor.response.text
    assert visitor.page.forms == []
    assert "Prolific" not in visitor.response.text
    assert "return the study on Prolific" in visitor.open(f"/{ids(7)}").response.text
    change(app, LoadedStudy, paused=False)
    assert visitor.open("/").press().screen == "consent"


@pytest.mark.parametrize("submission", ["one", "two"])
def test_who_takes_part_already_gets_through_a_break(app, visitor, another_visitor, submission):
    visitor.start(ids(1)).walk(until="judge")
    change(app, LoadedStudy, paused=True)
    browser = visitor if submission == "two" else another_visitor()
    url = visitor.url
    again = browser.open(f"/{ids(1, submission)}")
    assert PAUSED not in again.response.text
    assert again.press().url == url
    assert again.walk().screen == "debrief"


def test_invited_people_and_those_who_try_it_out_know_of_no_break(app, another_visitor):
    output = app.test_cli_runner().invoke(args=["study", "invite", "Ada"]).output
    with app.app_context():
        queries = [f"?invitation={output.split('=')[1].strip()}", f"?test={trial_run_token()}"]
    change(app, LoadedStudy, paused=True)
    for query in queries:
        assert another_visitor().start(query).screen == "consent"


def test_full_places_are_told_with_what_to_do(full_app, visitor, tools):
    assert TAKEN in visitor.open("/").response.text
    assert "come back a little later" in visitor.response.text
    text = visitor.open(f"/{ids(7)}").response.text
    assert "a code takes you back to Prolific" in text
    assert "code-letters" in visitor.press().response.text
    assert tools.participants(full_app)[-1].outcome is Outcome.QUOTA_FULL


def test_who_takes_part_already_gets_through_when_the_study_is_full(full_app, visitor):
    assert TAKEN not in visitor.open(f"/{ids(0)}").response.text
    assert visitor.press().screen == "consent"


def test_a_place_that_became_free_is_not_called_taken(full_app, visitor):
    time_passes(full_app, HOUR)
    assert TAKEN not in visitor.open("/").response.text


def test_a_complete_study_does_not_ask_anybody_to_come_back(full_app, visitor):
    change(full_app, Participant, outcome=Outcome.COMPLETED, qualified=True)
    text = visitor.open("/").response.text
    assert COMPLETE in text
    assert "come back" not in text
    assert visitor.page.forms == []
    text = visitor.open(f"/{ids(7)}").response.text
    assert "a code, which takes you back to Prolific" in text
    assert "code-letters" in visitor.press().response.text


def test_a_full_pilot_says_nothing_in_the_main_wave(full_app, visitor):
    change(full_app, Participant, wave="pilot")
    change(full_app, ConditionTally, wave="pilot")
    assert TAKEN not in visitor.open("/").response.text


@pytest.mark.parametrize("paused", [False, True])
def test_a_preview_of_the_link_stores_nothing(full_app, visitor, paused):
    change(full_app, LoadedStudy, paused=paused)
    before = stored(full_app)
    for query in ("", ids(0), ids(7), "?PROLIFIC_PID=!!", "?invitation=guessed", "?test=guessed"):
        assert visitor.open(f"/{query}").response.status_code == 200
    assert stored(full_app) == before
