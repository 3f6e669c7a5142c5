"""The experimenter's page, and what can be decided on it."""

import pytest
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from study_app.database import db
from study_app.models import LoadedStudy
from study_app.simulation.html import read_page
from study_app.tokens import SIMULATED_HEADER, sign_in_token, simulated_mark
from tests.study_app.dashboard.console import acts, send, set_quota, text_of


def test_paused_recruiting_takes_nobody_new_in_while_people_under_way_go_on(
    app, console, visitor, another_visitor, tools
):
    ids = "?PROLIFIC_PID=ann&STUDY_ID=s&SESSION_ID=one"
    visitor.start(ids).walk(until="judge")
    stranger = another_visitor().open("/")
    send(console, "recruiting", answer="pause")
    assert "Recruiting is paused" in text_of(console)
    stranger.press()
    assert stranger.response.status_code == 503
    assert "come back later" in stranger.response.text
    assert len(tools.participants(app)) == 1
    assert another_visitor().start(ids).url == visitor.url
    assert visitor.walk().screen == "debrief"
    send(console, "recruiting", answer="resume")
    assert another_visitor().start().screen == "consent"
    assert acts(app)[-2:] == ["paused recruiting", "resumed recruiting"]


def test_a_rehearsal_goes_on_while_recruiting_is_paused(app, console, tools):
    send(console, "recruiting", answer="pause")
    with app.app_context():
        headers = {SIMULATED_HEADER: simulated_mark("calibrated")}
    client = app.test_client()
    [form] = read_page(client.get("/", headers=headers).text).forms
    assert client.post(form.action, data=form.fields, headers=headers).status_code == 303
    assert [participant.simulated for participant in tools.participants(app)] == [True]


def test_a_quota_can_be_raised_and_never_lowered(app, console):
    assert "quota" not in {form.action.split("/")[-1] for form in console.page.forms}
    set_quota(app, 20)
    console.open("/experimenter")
    assert "20 qualified people in each condition" in text_of(console)
    send(console, "quota", quota="30")
    assert "30 qualified people in each condition" in text_of(console)
    for refused in ("30", "5", "-1", "99999999999999999999"):
        send(console, "quota", quota=refused)
        assert "must be above 30" in console.response.text
    assert send(console, "quota", quota="many").status_code == 400
    with app.app_context():
        assert db.session.scalars(select(LoadedStudy)).one().quota == 30
    assert acts(app)[-1] == "raised the quota per condition from 20 to 30"


def test_texts_that_are_still_the_defaults_are_warned_of(
    console, run, bundle_path, study_file, tools
):
    assert "texts.lab: participants read" in text_of(console)
    assert "texts.contact: participants read" in text_of(console)
    own = '\n[texts]\nlab = "the perception lab"\ncontact = "ada@example.org"\n'
    run("load", bundle_path, "--study", study_file(tools.study_text() + own))
    console.open("/experimenter")
    assert "texts." not in text_of(console)


def test_the_page_says_what_the_validation_takes_or_that_there_is_none(
    console, empty_app, tools, tmp_path
):
    said = "To pass the validation, 8 of 10 trials must be right"
    assert said in text_of(console)
    text = tools.study_text().replace('[[phases]]\nname = "validation"\n', "")
    tools.load(empty_app, tools.build_bundle(tmp_path / "without", text).path)
    with empty_app.app_context():
        address = f"/experimenter/enter/{sign_in_token()}"
    other = tools.visitor(empty_app.test_client()).open(address)
    assert "There is no validation to pass." in text_of(other)
    assert "To pass" not in text_of(other)


@pytest.mark.parametrize("action", ["recruiting", "quota", "accuracy"])
def test_who_is_not_signed_in_decides_nothing(app, visitor, action):
    app.config["EXPERIMENTER_PASSWORD_HASH"] = generate_password_hash("x" * 12, "pbkdf2:sha256:1")
    token = visitor.open("/experimenter/login").page.form.fields["csrf_token"]
    before = acts(app)
    reply = visitor.client.post(
        f"/experimenter/{action}",
        data={"csrf_token": token, "answer": "pause", "quota": "50"},
    )
    assert reply.headers["Location"] == "/experimenter/login"
    assert acts(app) == before
