"""People who come again, by the same link or by another one."""

import pytest
from sqlalchemy import select

from stimuli.study import Outcome
from study_app.database import db
from study_app.enums import Wave
from study_app.identity_models import Identity, ProviderSession
from study_app.models import LoadedStudy
from tests.study_app.enrolment.changes import change, from_prolific

PROLIFIC = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=sss222&SESSION_ID=eee333"


def test_a_new_submission_of_a_person_under_way_goes_on_in_the_same_browser_27_7(
    app, visitor, another_visitor, tools
):
    url = visitor.start(from_prolific("one")).walk(until="judge").url
    back = visitor.start(from_prolific("two"))
    assert (back.screen, back.url) == ("judge", url)
    with app.app_context():
        assert db.session.scalars(select(Identity.session_id)).all() == ["two"]
        sessions = db.session.scalars(select(ProviderSession.session_id)).all()
    assert sorted(sessions) == ["one", "two"]
    for session in ("one", "two"):  # each submission's own link leads there from anywhere
        assert another_visitor().start(from_prolific(session)).url == url


@pytest.mark.parametrize("returning", ["resume", "refuse"])
def test_an_id_alone_takes_nothing_over_and_the_first_keeps_everything_27_7(
    empty_app, tools, tmp_path, returning
):
    bundle = tools.build_bundle(tmp_path / "bundle", text_with_returning(tools, returning))
    tools.load(empty_app, bundle.path)
    owner = tools.visitor(empty_app.test_client()).start(from_prolific("one")).walk(until="judge")
    stranger = tools.visitor(empty_app.test_client()).start(from_prolific("two"))
    assert stranger.url != owner.url
    assert stranger.screen == ("consent" if returning == "resume" else "debrief")
    if returning == "resume":
        stranger.open(f"{stranger.url}/withdraw").press("erase")
    assert owner.open(owner.url).screen == "judge"
    assert "CDONE123" in owner.walk().response.text
    assert tools.visitor(empty_app.test_client()).start(from_prolific("one")).url == owner.url
    outcomes = [p.outcome for p in tools.participants(empty_app)]
    assert outcomes == ["completed", "withdrawn" if returning == "resume" else "duplicate"]


def text_with_returning(tools, returning):
    """A study that lets people who return go on, or not."""
    codes = "[prolific.codes]"
    return tools.study_text().replace(codes, f"[prolific]\nreturning = '{returning}'\n{codes}")


def test_a_new_submission_of_a_person_who_came_to_an_end_is_a_duplicate(
    app, visitor, another_visitor, tools
):
    visitor.start(from_prolific("one")).walk()
    again = another_visitor().start(from_prolific("two"))
    assert [p.outcome for p in tools.participants(app)] == [Outcome.COMPLETED, Outcome.DUPLICATE]
    assert "CDONE123" not in again.response.text
    assert "code-letters" in again.response.text


def test_a_person_who_declined_may_think_again(app, visitor, another_visitor, tools):
    visitor.start(from_prolific("one")).answer("decline")
    assert another_visitor().start(from_prolific("two")).screen == "consent"


def test_a_pilot_person_is_kept_out_of_the_main_wave(app, visitor, another_visitor, tools):
    change(app, LoadedStudy, wave=Wave.PILOT)
    visitor.start(from_prolific("one"))
    change(app, LoadedStudy, wave=Wave.MAIN)
    another_visitor().start(from_prolific("two"))
    another_visitor().start(from_prolific("three", "0" * 24))
    pilot, again, new = tools.participants(app)
    assert (pilot.wave, pilot.outcome) == (Wave.PILOT, None)
    assert (again.wave, again.outcome) == (Wave.MAIN, Outcome.DUPLICATE)
    assert (new.wave, new.outcome) == (Wave.MAIN, None)


def test_the_same_prolific_session_returns_to_the_same_person(app, visitor, another_visitor, tools):
    visitor.start(PROLIFIC).walk(until="judge")
    back = another_visitor().start(PROLIFIC)
    assert back.url == visitor.url
    assert back.screen == "judge"
    assert len(tools.participants(app)) == 1
