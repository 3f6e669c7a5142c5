"""People who walk through the study without a browser, and what the database holds of them."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from study_app.answer_models import Trial
from study_app.database import db
from study_app.models import Participant
from study_app.simulation.html import Page, read_page
from study_app.table_base import Base


@dataclass
class Visitor:
    """Somebody with a browser: sees one page and presses its buttons."""

    client: FlaskClient
    page: Page = field(init=False)
    response: TestResponse = field(init=False)
    texts: list[str] = field(default_factory=list)

    def open(self, url: str) -> "Visitor":
        """Open an address."""
        return self._show(self.client.get(url, follow_redirects=True))

    def press(self, choice: str | None = None, **changes: str) -> "Visitor":
        """Press a button of the page's form; `changes` overwrite its fields."""
        form = self.page.form
        first = {name: values[0] for name, values in form.radios.items()}
        data = {**form.fields, **first, **({"answer": choice} if choice else {}), **changes}
        return self._show(self.client.post(form.action, data=data, follow_redirects=True))

    def _show(self, response: TestResponse) -> "Visitor":
        self.response = response
        self.texts.append(response.text)
        self.page = read_page(response.text)
        return self

    @property
    def url(self) -> str:
        """Where the visitor is."""
        return self.response.request.path

    @property
    def token(self) -> str:
        """The secret of the visitor's link."""
        match = re.fullmatch(r"/p/([^/]+)", self.url)
        assert match, self.url
        return match[1]

    @property
    def screen(self) -> str:
        """The screen the visitor sees."""
        return self.page.form.fields["screen"] if self.page.forms else "debrief"

    def start(self, query: str = "") -> "Visitor":
        """Come in by the landing page and press Start."""
        return self.open(f"/{query}").press()

    def answer(self, *choices: str) -> "Visitor":
        """Answer several screens."""
        for choice in choices:
            self.press(choice, rt_ms="1234.5", input="mouse")
        return self

    def walk(
        self,
        until: str = "debrief",
        choose: Callable[[Page], str] | None = None,
        filled: Mapping[str, str] = MappingProxyType({}),
    ) -> "Visitor":
        """Answer until a screen comes; `choose` picks the button, the first one by default.

        `filled` are further fields to send along.
        """
        while self.screen != until:
            pick = choose(self.page) if choose else self.page.form.choices[0]
            self.go_on(pick, rt_ms="1234.5", input="mouse", **filled)
        return self

    def go_on(self, choice: str, **changes: str) -> "Visitor":
        """Press a button as `press` does; a page that stays as it is fails."""
        before = self.response.text
        self.press(choice, **changes)
        assert self.response.text != before, f"{choice!r} changes nothing: {before}"
        return self


def participants(app: Flask) -> list[Participant]:
    """Everybody in the database."""
    with app.app_context():
        return list(db.session.scalars(select(Participant).order_by(Participant.id)))


def trials(app: Flask) -> list[Trial]:
    """Every trial in the database."""
    with app.app_context():
        return list(db.session.scalars(select(Trial).order_by(Trial.id)))


def rows(app: Flask, table: type[Base]) -> list[Base]:
    """Every row of a table."""
    with app.app_context():
        return list(db.session.scalars(select(table)))


def verdict(reply: TestResponse) -> str:
    """What became of an answer."""
    return reply.headers["X-Lorikeet-Answer"]


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, as an export or a list for Prolific has them."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
