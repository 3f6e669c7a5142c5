"""Places in conditions, in a database and with many people at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from stimuli.study import Outcome, Phase
from study_app.active_study import active_study
from study_app.database import db, writing
from study_app.enrolment.allocation import replay
from study_app.enums import Wave
from study_app.identity_models import Identity
from study_app.models import LoadedStudy, Participant, Trial
from study_app.simulation.client import HttpClient
from study_app.simulation.server import serving
from study_app.tokens import SIMULATED_HEADER, simulated_token, trial_run_token

PID = "5f9b2c1e0a7d4e3b8c6f1a20"


def from_prolific(session, pid=PID):
    """The query of a Prolific link."""
    return f"?PROLIFIC_PID={pid}&STUDY_ID=study&SESSION_ID={session}"


def change(app, table, **values):
    """Set columns of every row."""
    with app.app_context(), writing():
        db.session.execute(update(table).values(**values))


def change_one(app, participant, **values):
    """Set columns of a participant."""
    with app.app_context(), writing():
        row = update(Participant).where(Participant.id == participant.id)
        db.session.execute(row.values(**values))


def shown_in_test(app, participant):
    """The test stimuli of a person, in order."""
    query = select(Trial.stimulus_id).where(
        Trial.participant == participant.id, Trial.phase == Phase.TEST
    )
    with app.app_context():
        return list(db.session.scalars(query.order_by(Trial.trial_index)))


def lapse(app, participant):
    """Let the person's lease run out."""
    change_one(app, participant, seen_at=participant.seen_at - timedelta(minutes=16))


def test_conditions_fill_evenly(app, another_visitor, tools):
    for _ in range(7):
        another_visitor().start()
    counts = Counter(participant.condition for participant in tools.participants(app))
    assert sorted(counts.values()) == [2, 2, 3]


@pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.COMPLETED])
def test_views_of_people_who_leave_or_fail_the_gate_are_queued_again(
    app, another_visitor, outcome, tools
):
    for _ in range(6):
        another_visitor().start()
    leaver, *others = tools.participants(app)
    change_one(app, leaver, outcome=outcome, qualified=False)
    another_visitor().start()
    newcomer = tools.participants(app)[-1]
    assert newcomer.condition == leaver.condition
    seen = {s for p in others if p.condition == leaver.condition for s in shown_in_test(app, p)}
    unseen = set(shown_in_test(app, leaver)) - seen
    assert len(unseen) >= 4
    assert unseen <= set(shown_in_test(app, newcomer))


def test_completing_above_the_gate_qualifies(app, visitor, another_visitor, tools):
    """Everybody who always says yes has half of the validation items right: below 8 of 10."""
    visitor.start().walk()
    another_visitor().start()
    assert [participant.qualified for participant in tools.participants(app)] == [False, None]


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


def test_whoever_finds_no_place_gets_a_code_and_no_trials(app, another_visitor, tools):
    change(app, LoadedStudy, quota=1)
    for _ in range(3):
        another_visitor().start()
    late = another_visitor().start()
    participant = tools.participants(app)[-1]
    assert participant.outcome is Outcome.QUOTA_FULL
    assert "code-letters" in late.response.text
    assert not [t for t in tools.trials(app) if t.participant == participant.id]


def test_nobody_is_taken_in_while_recruiting_is_paused_and_others_go_on(
    app, visitor, another_visitor, tools
):
    visitor.start()
    late = another_visitor().open("/")
    change(app, LoadedStudy, paused=True)
    refused = late.press()
    assert refused.response.status_code == 503
    assert "takes a break" in refused.response.text
    assert len(tools.participants(app)) == 1
    assert visitor.answer("agree", "continue").screen == "instructions"


def test_a_new_submission_of_a_person_under_way_goes_on_with_it(
    app, visitor, another_visitor, tools
):
    visitor.start(f"/{from_prolific('one')}").walk(until="judge")
    back = another_visitor().start(from_prolific("two"))
    assert (back.screen, back.url) == ("judge", visitor.url)
    with app.app_context():
        assert db.session.scalars(select(Identity.session_id)).all() == ["two"]


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


@pytest.mark.parametrize(
    "query", [from_prolific("one", "me"), "?PROLIFIC_PID={{%PROLIFIC_PID%}}&SESSION_ID=x"]
)
def test_an_id_that_prolific_never_gave_is_a_preview(app, visitor, query, tools):
    visitor.start(query)
    assert [participant.wave for participant in tools.participants(app)] == [Wave.PREVIEW]


def test_the_experimenters_own_link_is_kept_apart(app, visitor, another_visitor, tools):
    with app.app_context():
        token = trial_run_token()
    visitor.start(f"?test={token}")
    assert another_visitor().start("?test=guessed").response.status_code == 404
    assert [participant.wave for participant in tools.participants(app)] == [Wave.TEST]


def test_simulated_people_take_no_places_of_real_ones(app, another_visitor, tools):
    change(app, LoadedStudy, quota=1)
    with app.app_context():
        token = simulated_token()
    for _ in range(3):
        visitor = another_visitor().open("/")
        form = visitor.page.form
        visitor.client.post(form.action, data=form.fields, headers={SIMULATED_HEADER: token})
    another_visitor().start()
    *simulated, real = tools.participants(app)
    assert [participant.simulated for participant in simulated] == [True] * 3
    assert (real.simulated, real.outcome) == (False, None)


def test_nobody_can_mark_himself_as_simulated(app, visitor, tools):
    visitor.open("/")
    form = visitor.page.form
    visitor.client.post(form.action, data=form.fields, headers={SIMULATED_HEADER: "1"})
    assert not tools.participants(app)[0].simulated


def test_practice_and_validation_are_the_same_for_everyone(app, visitor, another_visitor, tools):
    visitor.start()
    another_visitor().start()
    trials = [t for t in tools.trials(app) if t.phase is not Phase.TEST]
    first, second = ([t.stimulus_id for t in trials if t.participant == p] for p in (1, 2))
    assert first == second


def test_every_assignment_can_be_drawn_again_from_the_database(app, another_visitor, tools):
    for _ in range(7):
        another_visitor().start()
    change_one(app, tools.participants(app)[1], outcome=Outcome.RETURNED, qualified=False)
    for _ in range(3):
        another_visitor().start()
    with app.app_context():
        assert replay(active_study()) == (10, [])
        swapped = db.session.scalars(select(Trial).where(Trial.phase == Phase.TEST)).all()
        other = next(t for t in swapped if t.stimulus_id != swapped[0].stimulus_id)
        with writing():
            swapped[0].stimulus_id = other.stimulus_id
        assert replay(active_study()) == (10, [tools.participants(app)[0].participant_id])


@pytest.fixture
def address(app):
    """A real server with two processes."""
    with serving(app) as url:
        yield url


def test_people_who_start_at_once_are_balanced_exactly(app, address, tools):
    def start(_):
        browser = HttpClient(address)
        browser.open("/")
        browser.submit({})
        browser.rest()

    change(app, LoadedStudy, quota=7)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(24)))
    participants = tools.participants(app)
    taken = Counter(p.condition for p in participants if p.outcome is None)
    assert taken == dict.fromkeys(("confidence", "heatmap", "neighbours"), 7)
    assert [p.outcome for p in participants if p.outcome] == [Outcome.QUOTA_FULL] * 3
    views = Counter((t.participant, t.stimulus_id) for t in tools.trials(app))
    assert set(views.values()) == {1}
