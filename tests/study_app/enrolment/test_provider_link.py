"""What a press of Start says of who comes."""

from urllib.parse import quote

import pytest

from study_app.enums import Wave
from study_app.identity_models import Identity, ProviderSession
from study_app.tokens import SIMULATED_HEADER, trial_run_token
from tests.study_app.enrolment.changes import PID, from_prolific

PANEL = """[provider]
name = "our panel"
person = "id"
study = "project"
session = "visit"
return_url = "https://panel.example/credit?token={code}&survey_code={person}"
"""
UNREADABLE = "We cannot read the id in your link"


@pytest.fixture
def panel_app(app, tools, study_file, bundle_path):
    """A server whose people come from another provider than Prolific."""
    text = tools.study_text().replace("[provider]\n", PANEL)
    tools.load(app, bundle_path, "--study", study_file(text))
    return app


def ids(app, tools):
    """The ids of everybody who came, as they are kept."""
    return [(i.prolific_pid, i.study_id, i.session_id) for i in tools.rows(app, Identity)]


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


@pytest.mark.parametrize(
    "query",
    [
        "?PROLIFIC_PID={pid}&amp;STUDY_ID=s&amp;SESSION_ID=e",
        "?PROLIFIC_PID={pid}&amp;amp;STUDY_ID=s&amp;amp;SESSION_ID=e",
        "?prolific_pid={pid}&study_id=s&Session_Id=e",
        "?PROLIFIC_PID=%20{pid}%0A&STUDY_ID=+s&%20SESSION_ID=e+",
        "?PROLIFIC_PID=&PROLIFIC_PID={pid}&STUDY_ID=s&SESSION_ID=e&SESSION_ID=f",
    ],
)
@pytest.mark.parametrize("pid", [PID, PID.upper()])
def test_a_link_that_a_mail_program_or_a_hand_spoilt_says_the_same_ids(
    app, visitor, another_visitor, tools, query, pid
):
    visitor.start(query.format(pid=pid))
    assert ids(app, tools) == [(PID, "s", "e")]
    assert [participant.wave for participant in tools.participants(app)] == [Wave.MAIN]
    whole = another_visitor().start(f"?PROLIFIC_PID={PID}&STUDY_ID=s&SESSION_ID=e")
    assert whole.url == visitor.url


def test_an_address_in_capitals_that_was_not_filled_in_is_a_preview(app, visitor, tools):
    visitor.start("?prolific_pid={{%prolific_pid%}}&study_id={{%study_id%}}")
    assert [participant.wave for participant in tools.participants(app)] == [Wave.PREVIEW]


@pytest.mark.parametrize(
    "value",
    ["ada@example.org", "Ä. Müller, 2", "山田\u3000太郎", "=1+1", "a/b:c|d", "x" * 255, "🦋" * 255],
)
def test_another_providers_ids_are_any_printable_text_and_go_back_as_they_came(
    panel_app, tools, value
):
    visitor = tools.visitor(panel_app.test_client())
    visitor.start(f"?id={quote(value)}&project={quote(value)}&visit={quote(value)}")
    assert ids(panel_app, tools) == [(value, value, value)]
    assert [participant.wave for participant in tools.participants(panel_app)] == [Wave.MAIN]
    assert f"survey_code={quote(value, safe='')}" in visitor.walk().response.text


def test_a_plus_in_an_e_mail_address_is_not_the_space_of_a_form(panel_app, tools):
    for query in ("?id=ada+test@example.org", "?id=ada%2Btest%40example.org", "?id=Ada+B"):
        tools.visitor(panel_app.test_client()).start(query)
    assert [person for person, *_ in ids(panel_app, tools)] == ["ada+test@example.org", "Ada B"]


@pytest.mark.parametrize(
    ("which", "query"),
    [
        ("app", "PROLIFIC_PID=<script>&SESSION_ID=x"),
        ("app", "PROLIFIC_PID=ada@example.org"),
        ("app", f"PROLIFIC_PID={'a' * 65}"),
        ("app", f"PROLIFIC_PID={PID}&SESSION_ID=é"),
        ("panel_app", f"id={'x' * 256}"),
        ("panel_app", "id=a%0Ab"),
        ("panel_app", "id=a%E2%80%AEb"),
        ("panel_app", "id=7&visit=a%01b"),
        ("panel_app", "id=${e://Field/id}"),
        ("panel_app", "id=%25ID%25"),
        ("panel_app", "id=[participant]"),
    ],
)
def test_an_id_that_cannot_be_taken_is_refused_in_words_before_start_and_in_the_log(
    request, tools, caplog, which, query
):
    app = request.getfixturevalue(which)
    visitor = tools.visitor(app.test_client()).open(f"/?{query}")
    assert visitor.response.status_code == 200
    assert UNREADABLE in visitor.response.text
    assert visitor.page.forms == []
    name = "PROLIFIC_PID" if which == "app" else "id"
    name = {"a%01b": "visit", "é": "SESSION_ID"}.get(query.rpartition("=")[2], name)
    assert caplog.messages == [f"Refused GET /: {name} is no id"]
    assert tools.rows(app, ProviderSession) == []


def test_a_start_with_an_id_that_cannot_be_taken_is_told_the_same(app, visitor, tools):
    visitor.open("/").press(PROLIFIC_PID="<script>")
    assert visitor.response.status_code == 400
    assert UNREADABLE in visitor.response.text
    assert tools.participants(app) == []
