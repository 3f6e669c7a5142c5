"""People are taken in, in a database and with many at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from stimuli.study import Outcome
from study_app.models import LoadedStudy
from study_app.simulation.client import HttpClient
from study_app.simulation.server import serving
from study_app.tokens import SIMULATED_HEADER, simulated_mark
from tests.study_app.enrolment.changes import change


def test_completing_above_the_gate_qualifies(app, visitor, another_visitor, tools):
    """Everybody who always says yes has half of the validation items right: below 8 of 10."""
    visitor.start().walk()
    another_visitor().start()
    assert [participant.qualified for participant in tools.participants(app)] == [False, None]


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


def test_simulated_people_take_no_places_of_real_ones(app, another_visitor, tools):
    change(app, LoadedStudy, quota=1)
    with app.app_context():
        token = simulated_mark("calibrated")
    for _ in range(3):
        visitor = another_visitor().open("/")
        form = visitor.page.form
        visitor.client.post(form.action, data=form.fields, headers={SIMULATED_HEADER: token})
    another_visitor().start()
    *simulated, real = tools.participants(app)
    assert [participant.simulated for participant in simulated] == [True] * 3
    assert [participant.simulated_sort for participant in simulated] == ["calibrated"] * 3
    assert (real.simulated, real.outcome) == (False, None)


FORGED = ("agent", '"agent"', "ImFnZW50Ig", "ImFnZW50Ig.AAAA", "agent." + "0" * 64, "é")


@pytest.mark.parametrize("mark", FORGED)
def test_nobody_can_mark_himself_as_simulated_nor_name_a_sort(app, visitor, tools, mark):
    form = visitor.open("/").page.form
    fields = form.fields | {"simulated": "1", "simulated_sort": "agent", "sort": "agent"}
    headers = {SIMULATED_HEADER: mark, "X-Lorikeet-Sort": "agent"}
    visitor.client.post(form.action, data=fields, headers=headers)
    [participant] = tools.participants(app)
    assert (participant.simulated, participant.simulated_sort) == (False, None)


def test_a_mark_of_another_server_makes_nobody_simulated(app, visitor, tools):
    with app.app_context():
        signed = simulated_mark("agent")
    app.config["SECRET_KEY"] = "another"
    form = visitor.open("/").page.form
    visitor.client.post(form.action, data=form.fields, headers={SIMULATED_HEADER: signed})
    assert [participant.simulated_sort for participant in tools.participants(app)] == [None]


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


def test_start_makes_one_person_with_all_trials(app, visitor, tools):
    visitor.start()
    [participant] = tools.participants(app)
    assert visitor.screen == "consent"
    assert visitor.token == participant.token
    phases = [trial.phase.value for trial in tools.trials(app)]
    assert phases == ["practice"] * 5 + ["validation"] * 10 + ["test"] * 6


def test_pressing_start_twice_makes_one_person(app, visitor, tools):
    visitor.open("/")
    form = visitor.page.form
    for _ in range(2):
        visitor.client.post(form.action, data=form.fields)
    assert len(tools.participants(app)) == 1
