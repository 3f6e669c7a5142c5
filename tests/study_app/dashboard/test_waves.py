"""Waves to look at."""

from study_app.tokens import SIMULATED_HEADER, simulated_mark
from tests.study_app.dashboard.console import set_quota, text_of


def test_every_wave_that_somebody_came_in_can_be_looked_at(app, console, another_visitor, study):
    """One completed in the pilot, two started in the main wave."""
    assert "Waves" not in console.response.text  # there is nothing to choose
    study("recruit", "pilot")
    another_visitor().start().walk()
    study("recruit", "main")
    another_visitor().start()
    another_visitor().start()
    console.open("/experimenter")
    assert "pilot 1 main 2" in text_of(console)
    assert "2 started" in text_of(console)
    [pilot] = [link for link in console.page.links if link.endswith("wave=pilot")]
    console.open(pilot)
    assert "Wave: pilot" in text_of(console)
    assert "1 started" in text_of(console)
    assert "1 completed" in text_of(console)


def test_a_wave_that_does_not_recruit_is_read_and_not_steered(app, console, another_visitor, study):
    another_visitor().start()
    set_quota(app, 20)
    console.open("/experimenter?wave=main")
    assert "of 20 qualified" in text_of(console)
    console.open("/experimenter?wave=pilot")
    assert "Recruiting is for the main wave" in text_of(console)
    assert "of 20 qualified" not in text_of(console)
    actions = {form.action.partition("?")[0] for form in console.page.forms}
    assert actions == {"/experimenter/accuracy", "/experimenter/logout"}
    assert console.open("/experimenter?wave=nonsense").response.status_code == 404


def test_a_wave_of_simulated_people_alone_can_be_looked_at(app, console, tools, study):
    study("recruit", "pilot")
    with app.app_context():
        headers = {SIMULATED_HEADER: simulated_mark("calibrated")}
    rehearser = tools.visitor(app.test_client()).open("/")
    form = rehearser.page.form
    rehearser.client.post(form.action, data=form.fields, headers=headers)
    study("recruit", "main")
    console.open("/experimenter?wave=pilot")
    assert "pilot 0 main 0 simulated 1" in text_of(console)
    assert "#simulated" in console.page.links
