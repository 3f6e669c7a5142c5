"""Places in conditions, in a database and with many people at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from stimuli.study import Outcome, Phase
from study_app.browser import Browser
from study_app.database import db, writing
from study_app.models import Participant, Trial
from study_app.server import serving
from study_app.tokens import SIMULATED_HEADER, simulated_token


def test_conditions_fill_evenly(app, another_visitor, tools):
    for _ in range(7):
        another_visitor().start()
    counts = Counter(person.condition for person in tools.people(app))
    assert sorted(counts.values()) == [2, 2, 3]


def test_whoever_returns_their_place_is_replaced_on_the_same_list(app, another_visitor, tools):
    for _ in range(6):
        another_visitor().start()
    leaver = tools.people(app)[2]
    with app.app_context(), writing():
        leave = update(Participant).where(Participant.id == leaver.id)
        db.session.execute(leave.values(outcome=Outcome.RETURNED))
    another_visitor().start()
    newcomer = tools.people(app)[-1]
    assert (newcomer.condition, newcomer.number) == (leaver.condition, leaver.number)
    assert shown_in_test(app, newcomer) == shown_in_test(app, leaver)


def shown_in_test(app, person):
    """The test stimuli of a person, in order."""
    query = select(Trial.stimulus_id).where(
        Trial.participant == person.id, Trial.phase == Phase.TEST
    )
    with app.app_context():
        return list(db.session.scalars(query.order_by(Trial.trial_index)))


def test_simulated_people_take_no_places_of_real_ones(app, another_visitor, tools):
    with app.app_context():
        token = simulated_token()
    for _ in range(3):
        visitor = another_visitor().open("/")
        form = visitor.page.form
        visitor.client.post(form.action, data=form.fields, headers={SIMULATED_HEADER: token})
    another_visitor().start()
    *simulated, real = tools.people(app)
    assert [person.simulated for person in simulated] == [True] * 3
    assert (real.simulated, real.number) == (False, 0)


def test_nobody_can_mark_himself_as_simulated(app, visitor, tools):
    visitor.open("/")
    form = visitor.page.form
    visitor.client.post(form.action, data=form.fields, headers={SIMULATED_HEADER: "1"})
    assert not tools.people(app)[0].simulated


def test_practice_and_validation_are_the_same_for_everyone(app, visitor, another_visitor, tools):
    visitor.start()
    another_visitor().start()
    trials = [t for t in tools.trials(app) if t.phase is not Phase.TEST]
    first, second = ([t.stimulus_id for t in trials if t.participant == p] for p in (1, 2))
    assert first == second


@pytest.fixture
def address(app):
    """A real server with two processes."""
    with serving(app) as url:
        yield url


def test_people_who_start_at_once_are_balanced_exactly(app, address, tools):
    def start(_):
        browser = Browser(address)
        browser.open("/")
        browser.submit({})
        browser.rest()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(24)))
    places = Counter((person.condition, person.number) for person in tools.people(app))
    conditions = ("confidence", "heatmap", "neighbours")
    assert places == Counter((name, number) for name in conditions for number in range(8))
