"""Places that are lost without a sign of life, and kept with one."""

from datetime import timedelta

from stimuli.study import Outcome
from study_app.models import LoadedStudy
from tests.study_app.enrolment.changes import change, time_passes


def lapse(app, participant):
    """Let the person's lease run out."""
    time_passes(app, timedelta(minutes=16), participant=participant)


def test_a_place_without_a_sign_of_life_goes_to_the_next_person(app, another_visitor, tools):
    change(app, LoadedStudy, quota=1)
    for _ in range(3):
        another_visitor().start()
    silent = tools.participants(app)[0]
    lapse(app, silent)
    another_visitor().start()
    newcomer = tools.participants(app)[-1]
    assert (newcomer.condition, newcomer.outcome) == (silent.condition, None)


def test_whoever_comes_back_goes_on_if_the_place_is_still_free(app, visitor, tools):
    change(app, LoadedStudy, quota=1)
    visitor.start()
    lapse(app, tools.participants(app)[0])
    visitor.answer("agree", "continue")
    [participant] = tools.participants(app)
    assert visitor.screen == "instructions"
    assert participant.seen_at > participant.started_at


def test_whoever_comes_back_to_a_lost_place_is_told_and_keeps_what_was_given(
    app, visitor, another_visitor, tools
):
    change(app, LoadedStudy, quota=1)
    visitor.start().walk(until="judge")
    lapse(app, tools.participants(app)[0])
    for _ in range(3):
        another_visitor().start()
    visitor.answer("yes")
    assert tools.participants(app)[0].outcome is Outcome.QUOTA_FULL
    assert "code-letters" in visitor.response.text
    assert len([t for t in tools.trials(app) if t.decision]) == 1
