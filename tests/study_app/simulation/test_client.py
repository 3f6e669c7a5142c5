"""The small browser of simulated people."""

from study_app.simulation.client import HttpClient
from study_app.simulation.profiles import Mishap
from study_app.simulation.server import serving


def test_an_answer_arrives_once_whatever_happens_on_its_way(app, tools):
    with serving(app) as url:
        for mishap in Mishap:
            browser = HttpClient(url)
            browser.open("/")
            browser.submit({})
            browser.submit({"answer": "agree"}, mishap=mishap)
            assert browser.page.screen == "check"
            browser.rest()
    participants = tools.participants(app)
    assert len(participants) == len(Mishap)
    assert all(
        participant.consented_at and not participant.checked_at for participant in participants
    )
