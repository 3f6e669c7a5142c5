"""What a press of Start says of who comes."""

import pytest

from study_app.enums import Wave
from study_app.tokens import SIMULATED_HEADER, trial_run_token
from tests.study_app.enrolment.changes import from_prolific


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


def test_nobody_can_mark_himself_as_simulated(app, visitor, tools):
    visitor.open("/")
    form = visitor.page.form
    visitor.client.post(form.action, data=form.fields, headers={SIMULATED_HEADER: "1"})
    assert not tools.participants(app)[0].simulated


def test_a_prolific_id_that_cannot_be_one_is_refused(app, visitor, tools):
    visitor.start("?PROLIFIC_PID=<script>&SESSION_ID=x")
    assert visitor.response.status_code == 400
    assert tools.participants(app) == []
