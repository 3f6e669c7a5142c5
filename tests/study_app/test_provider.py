"""People who come from another panel than Prolific, under its names, and go back there."""

import pytest
from sqlalchemy import select

from study_app.database import db
from study_app.models import Identity

PANEL = """
[provider]
name = "our panel"
person = "id"
study = "project"
session = "visit"
return_url = "https://panel.example/credit?token={code}&survey_code={person}"
"""


@pytest.fixture
def panel_app(empty_app, tools, tmp_path):
    """A server whose participants come from the lab's own panel."""
    tools.load(empty_app, tools.build_bundle(tmp_path / "own", tools.study_text() + PANEL).path)
    return empty_app


def test_people_of_another_panel_are_known_and_led_back_by_its_names(panel_app, tools):
    visitor = tools.visitor(panel_app.test_client()).start("?id=17&project=p9&visit=v3")
    with panel_app.app_context():
        [known] = db.session.scalars(select(Identity))
    assert (known.prolific_pid, known.study_id, known.session_id) == ("17", "p9", "v3")
    page = visitor.walk().response.text
    assert "https://panel.example/credit?token=CDONE123&amp;survey_code=17" in page
    assert "Return to our panel" in page
    assert "Prolific" not in page


def test_prolifics_names_mean_nothing_to_another_panel(panel_app, tools):
    visitor = tools.visitor(panel_app.test_client()).start("?PROLIFIC_PID=17")
    with panel_app.app_context():
        assert db.session.scalars(select(Identity)).all() == []
    assert "panel.example" not in visitor.walk().response.text


def test_the_links_are_those_of_the_panel(panel_app):
    result = panel_app.test_cli_runner().invoke(args=["study", "links"])
    assert "our panel     http://127.0.0.1:5000/?id=" in result.output
    assert "&project=" in result.output
