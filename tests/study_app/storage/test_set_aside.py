"""A new beginning that loses nothing."""

import re
from urllib.request import urlopen

import pytest

from study_app import create_app
from study_app.database import db
from study_app.simulation.server import serving

ON = ["sqlite", "postgres"]


@pytest.fixture(params=ON)
def address(request, tmp_path) -> str:
    """Of a database on either kind."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_address")
    return f"sqlite:///{tmp_path}/study.sqlite"


@pytest.fixture
def command(tmp_path, tools):
    """Runs a study command on the database of an address, as a process of its own would."""

    def run(address, *arguments):
        app = create_app(
            {"TESTING": True, "SQLALCHEMY_DATABASE_URI": address},
            instance_path=str(tmp_path / "instance"),
        )
        result = app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
        tools.close(app)
        with app.app_context():
            db.engine.dispose()
        return result

    return run


@pytest.fixture
def other_study(tmp_path, bundle):
    path = tmp_path / "other.toml"
    path.write_text(re.sub("(?m)^title = .*", 'title = "Another"', bundle.study_text))
    return path


def app_of(address, tmp_path):
    return create_app(
        {"TESTING": True, "SQLALCHEMY_DATABASE_URI": address},
        instance_path=str(tmp_path / "instance"),
    )


@pytest.mark.slow
def test_the_advice_of_load_is_followed_and_both_studies_are_whole_27_2(
    address, command, bundle_path, other_study, tools, tmp_path
):
    assert command(address, "load", bundle_path).exit_code == 0
    app = app_of(address, tmp_path)
    tools.visitor(app.test_client()).start().walk()
    tools.close(app)
    refused = command(address, "load", bundle_path, "--study", other_study)
    assert "stop the server, and run `flask --app study_app study set-aside`" in refused.output
    aside = command(address, "set-aside")
    assert aside.exit_code == 0, aside.output
    assert command(address, "load", bundle_path, "--study", other_study).exit_code == 0
    app = app_of(address, tmp_path)
    assert tools.participants(app) == []
    tools.close(app)
    app = app_of(re.search(r"DATABASE_URL='(.*?)'", aside.output)[1], tmp_path)
    assert [p.outcome for p in tools.participants(app)] == ["completed"]
    tools.close(app)


@pytest.mark.slow
def test_a_database_that_a_server_holds_is_not_set_aside_27_2(
    address, command, bundle_path, tools, tmp_path
):
    assert command(address, "load", bundle_path).exit_code == 0
    app = app_of(address, tmp_path)
    with serving(app) as url:
        urlopen(url).read()
        refused = command(address, "set-aside")
        assert refused.exit_code == 1
        assert "is held by a server or another command; stop it" in refused.output
    assert command(address, "set-aside").exit_code == 0
    tools.close(app)


def test_there_is_nothing_to_set_aside_where_there_is_no_database_27_2(address, command):
    refused = command(address, "set-aside")
    assert refused.exit_code == 1
    assert "nothing to set aside" in refused.output
