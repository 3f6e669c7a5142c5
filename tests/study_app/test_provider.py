"""People who come from another provider than Prolific, under its names, and go back there."""

import re

import pytest
from sqlalchemy import select

from stimuli.study import StudyError, parse_study
from study_app.database import db
from study_app.enums import Wave
from study_app.identity_models import Identity
from study_app.tokens import sign_in_token

PROVIDER = """[provider]
name = "our panel"
person = "id"
study = "project"
session = "visit"
return_url = "https://panel.example/credit?token={code}&survey_code={person}"
"""


def text_of(tools, provider):
    """The study of a provider."""
    return tools.study_text().replace("[provider]\n", provider)


@pytest.fixture
def provider_app(empty_app, tools, tmp_path):
    """A server whose participants come from a provider of the lab's own."""
    tools.load(empty_app, tools.build_bundle(tmp_path / "own", text_of(tools, PROVIDER)).path)
    return empty_app


@pytest.fixture
def noted_app(empty_app, tools, tmp_path):
    """The same provider, whose notation the study file states."""
    text = text_of(tools, f'{PROVIDER}placeholders = {{ person = "%SURVEY_CODE%" }}\n')
    tools.load(empty_app, tools.build_bundle(tmp_path / "noted", text).path)
    return empty_app


def test_people_of_another_panel_are_known_and_led_back_by_its_names(provider_app, tools):
    visitor = tools.visitor(provider_app.test_client()).start("?id=17&project=p9&visit=v3")
    with provider_app.app_context():
        [identity] = db.session.scalars(select(Identity))
    assert (identity.prolific_pid, identity.study_id, identity.session_id) == ("17", "p9", "v3")
    page = visitor.walk().response.text
    assert "https://panel.example/credit?token=CDONE123&amp;survey_code=17" in page
    assert "Return to our panel" in page
    assert "Prolific" not in page


def test_prolifics_names_mean_nothing_to_another_panel(provider_app, tools):
    visitor = tools.visitor(provider_app.test_client()).start("?PROLIFIC_PID=17")
    with provider_app.app_context():
        assert db.session.scalars(select(Identity)).all() == []
    assert "panel.example" not in visitor.walk().response.text


def printed(app, *arguments):
    """What a command of `study` prints; it must succeed."""
    result = app.test_cli_runner().invoke(args=["study", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_links_are_those_of_the_panel_with_gaps_to_fill_in(provider_app):
    assert (
        "our panel     http://127.0.0.1:5000/?id=<person>&project=<study>&visit=<session>\n"
        "              (in place of <person> <study> <session>, write what our panel replaces by "
        "its ids)\n"
    ) in printed(provider_app, "links")


def test_the_links_are_in_the_panels_own_notation_where_the_study_file_states_it(noted_app):
    output = printed(noted_app, "links")
    assert "our panel     http://127.0.0.1:5000/?id=%SURVEY_CODE%\n" in output
    assert "in place of" not in output


def test_prolifics_own_links_stay_as_prolific_writes_them(app):
    address = "?PROLIFIC_PID={{%PROLIFIC_PID%}}&STUDY_ID={{%STUDY_ID%}}&SESSION_ID={{%SESSION_ID%}}"
    assert f"Prolific      http://127.0.0.1:5000/{address}\n" in printed(app, "links")


def test_another_panels_setup_has_its_address_and_codes_and_nothing_of_prolifics_form(provider_app):
    output = printed(provider_app, "prolific-setup")
    assert "come from our panel, not from Prolific" in output
    assert "?id=<person>&project=<study>&visit=<session>" in output
    assert re.search(r"^completed +CDONE123$", output, re.MULTILINE)
    for words in ("{{%", "AUTOMATICALLY_APPROVE", "REQUEST_RETURN"):
        assert words not in output
    assert "printed the completion codes for our panel" in printed(provider_app, "audit")


def test_personal_links_have_no_placeholders(provider_app):
    assert re.fullmatch(
        r"Ada  http://127\.0\.0\.1:5000/\?invitation=\S+\n", printed(provider_app, "invite", "Ada")
    )


def test_the_experimenters_page_says_what_to_paste_there(provider_app, tools):
    with provider_app.app_context():
        address = f"/experimenter/enter/{sign_in_token()}"
    page = tools.visitor(provider_app.test_client()).open(address).response.text
    assert "?id=&lt;person&gt;&amp;project=&lt;study&gt;&amp;visit=&lt;session&gt;" in page
    assert "write what our panel replaces by its ids" in page
    assert "PROLIFIC_PID" not in page


@pytest.mark.parametrize(
    ("which", "query"),
    [
        ("provider_app", "?id=<person>&project=<study>&visit=<session>"),
        ("provider_app", "?id={{%PROLIFIC_PID%}}"),
        ("noted_app", "?id=%SURVEY_CODE%"),
    ],
)
def test_an_address_that_was_not_filled_in_is_a_preview_and_nobodys_id(
    request, tools, which, query
):
    app = request.getfixturevalue(which)
    for _ in range(2):
        tools.visitor(app.test_client()).start(query)
    assert [participant.wave for participant in tools.participants(app)] == [Wave.PREVIEW] * 2
    assert tools.rows(app, Identity) == []


def test_prolifics_list_is_not_rehearsed_for_another_panel(provider_app, tmp_path):
    arguments = ["study", "simulate", "-n", "1", "--prolific", str(tmp_path / "list.csv")]
    result = provider_app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 1
    assert "people of this study come from our panel" in result.output


@pytest.mark.parametrize(
    ("placeholders", "problem"),
    [
        ('{ study = "[STUDY]" }', "say `person` too"),
        ('{ person = "%A%&%B%" }', "placeholders.person"),
        ('{ people = "%A%" }', "placeholders.people"),
    ],
)
def test_placeholders_that_cannot_be_are_named(tools, placeholders, problem):
    text = text_of(tools, f"{PROVIDER}placeholders = {placeholders}\n")
    with pytest.raises(StudyError, match=problem):
        parse_study(text, subject="study.toml")


@pytest.mark.parametrize("names", [("id", "ID"), ("id", "Test"), ("Start_Key", "s")])
def test_names_of_parameters_that_an_address_cannot_tell_apart_are_named(tools, names):
    person, study = names
    text = PROVIDER.replace('"id"', f'"{person}"').replace('"project"', f'"{study}"')
    with pytest.raises(StudyError, match=r"each needs its own|choose another name"):
        parse_study(text_of(tools, text), subject="study.toml")
