"""A small invented bundle, an app that serves it, and people who walk through the study."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from stimuli.bundle import Bundle, read_bundle
from study_app import create_app
from study_app.tokens import sign_in_token
from tests.postgresql import new_database, postgresql_server
from tests.study_app.asking import CHECKS, PHASES, QUESTIONS, WITH_COMMENTS
from tests.study_app.invented import build_bundle, study_text
from tests.study_app.sites import Site, close, load, open_loaded, open_site
from tests.study_app.visiting import Visitor, participants, rows, trials


@pytest.fixture(scope="session")
def bundle_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented bundle."""
    return build_bundle(tmp_path_factory.mktemp("bundles") / "invented", study_text()).path


@pytest.fixture(scope="session")
def bundle(bundle_path: Path) -> Bundle:
    """The invented bundle, read."""
    return read_bundle(bundle_path)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Every app compiles its templates anew otherwise, which takes longer than most tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def empty_app(tmp_path: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """A server with an empty database and no study."""
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    close(app)


@pytest.fixture(scope="session")
def loaded_database(tmp_path_factory: pytest.TempPathFactory, bundle_path: Path) -> Path:
    """A database with the invented study, to copy: loading takes longer than most tests."""
    instance = tmp_path_factory.mktemp("loaded")
    app = create_app({"TESTING": True}, instance_path=str(instance))
    load(app, bundle_path)
    close(app)
    return instance / "study.sqlite"


@pytest.fixture
def app(empty_app: Flask, loaded_database: Path) -> Flask:
    """A server with the invented study."""
    shutil.copy(loaded_database, empty_app.instance_path)
    return empty_app


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who opened a browser."""
    return Visitor(app.test_client())


@pytest.fixture
def another_visitor(app: Flask) -> Callable[[], Visitor]:
    """More people."""
    return lambda: Visitor(app.test_client())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A real server with a short study."""
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture(scope="module")
def postgres(tmp_path_factory) -> Iterator[str]:
    """The address of a real PostgreSQL server."""
    with postgresql_server(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture
def postgres_address(postgres: str) -> str:
    """The address of a database of its own on that server."""
    return new_database(postgres)


@dataclass(frozen=True)
class Tools:
    """Helpers for tests, which cannot import from a conftest."""

    build_bundle = staticmethod(build_bundle)
    study_text = staticmethod(study_text)
    load = staticmethod(load)
    close = staticmethod(close)
    participants = staticmethod(participants)
    trials = staticmethod(trials)
    read = staticmethod(read_bundle)
    rows = staticmethod(rows)
    visitor = Visitor
    open_site = staticmethod(open_site)
    open_loaded = staticmethod(open_loaded)


@pytest.fixture(scope="session")
def tools() -> Tools:
    """Helpers."""
    return Tools()


@pytest.fixture
def run(empty_app):
    """Runs a study command."""
    runner = empty_app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["study", *map(str, arguments)])


@pytest.fixture
def study_file(tmp_path):
    """Writes a study file."""

    def write(text):
        path = tmp_path / "other.toml"
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture
def console(app, tools):
    """Somebody who signed in as the experimenter."""
    with app.app_context():
        address = f"/experimenter/enter/{sign_in_token()}"
    return tools.visitor(app.test_client()).open(address)


@pytest.fixture
def study(app: Flask) -> Callable[..., str]:
    """Runs a command of `study`, which must succeed; what it printed."""

    def run(*arguments: object) -> str:
        result = app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.fixture
def asking_app(empty_app, tools, tmp_path):
    """A server whose study asks everything."""
    text = tools.study_text(practice=1, validation=1) + QUESTIONS + CHECKS
    bundle = tools.build_bundle(tmp_path / "asking", text.replace(PHASES, WITH_COMMENTS))
    tools.load(empty_app, bundle.path)
    return empty_app


@pytest.fixture
def respondent(asking_app, tools):
    """Somebody who takes part in that study."""
    return tools.visitor(asking_app.test_client()).start()
