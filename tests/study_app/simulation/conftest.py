"""A server with a short study, and a rehearsal's commands."""

import pytest


@pytest.fixture
def short_app(empty_app, tools, tmp_path):
    """A server with a study of few trials, whose gate stops people."""
    text = tools.study_text(practice=1, validation=4, test=3, live=True).replace(
        "min_correct = 4", "min_correct = 3"
    )
    tools.load(empty_app, tools.build_bundle(tmp_path / "short", text).path)
    return empty_app


@pytest.fixture
def study(short_app):
    """Runs a command of `study`, which must succeed; what it printed."""

    def run(*arguments: object) -> str:
        result = short_app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.output

    return run
