"""Servers that run while a browser visits them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from study_app import create_app
from study_app.answer_models import Device, Trial
from study_app.database import db, sqlite_files, upgrade_tables
from study_app.models import Participant
from study_app.simulation.server import serving
from tests.study_app.invented import build_bundle, study_text


def close(app: Flask) -> None:
    """Give back the app's connections: an open one warns when it is collected."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@cache
def _tables() -> bytes:
    """A database without rows: to migrate to it takes longer than most tests."""
    with TemporaryDirectory() as folder:
        app = create_app({"TESTING": True}, instance_path=folder)
        with app.app_context():
            upgrade_tables()
        close(app)
        return (Path(folder) / "study.sqlite").read_bytes()


def create_tables(app: Flask) -> None:
    """SQLite's database without rows, where there is none; PostgreSQL gets its tables later."""
    with app.app_context():
        files = sqlite_files()
    if files and not files.path.exists():
        files.path.touch(mode=0o600)
        files.path.write_bytes(_tables())


def load(app: Flask, *arguments: str | Path) -> None:
    """Run `study load`, which must succeed."""
    create_tables(app)
    result = app.test_cli_runner().invoke(args=["study", "load", *map(str, arguments)])
    assert result.exit_code == 0, result.output


@dataclass(frozen=True, kw_only=True)
class Site:
    """A real server with a short study.

    Attributes:
        url: where participants enter.
        app: reads the same database.
    """

    url: str
    app: Flask

    def participant(self, page: Page) -> Participant:
        """Whose session a page shows."""
        token = page.url.split("/p/")[1].split("/")[0]
        with self.app.app_context():
            return db.session.scalars(select(Participant).filter_by(token=token)).one()

    def device(self, page: Page) -> Device:
        """What is known of the device of the person whose session a page shows."""
        participant = self.participant(page)
        with self.app.app_context():
            return db.session.get_one(Device, participant.id)

    def trials(self, page: Page) -> list[Trial]:
        """The trials of the person whose session a page shows."""
        mine = select(Trial).filter_by(participant=self.participant(page).id).order_by(Trial.id)
        with self.app.app_context():
            return list(db.session.scalars(mine))


@contextmanager
def open_site(folder: Path, extra: str = "") -> Iterator[Site]:
    """Serve a study of one practice, two validation and three test trials."""
    text = study_text(practice=1, validation=2, test=3) + extra
    with open_loaded(folder, build_bundle(folder / "short", text).path) as opened:
        yield opened


@contextmanager
def open_loaded(folder: Path, *arguments: str | Path) -> Iterator[Site]:
    """Serve what `study load` takes."""
    app = create_app({"TESTING": True}, instance_path=str(folder / "instance"))
    load(app, *arguments)
    with serving(app) as url:
        yield Site(url=url, app=app)
    close(app)
