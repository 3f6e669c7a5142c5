"""A server with people at every stage, to send odd requests to."""

import re
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.security import generate_password_hash

from study_app import create_app
from study_app.session.screens import BUTTONS
from study_app.tokens import form_token, sign_in_token, simulated_mark
from tests.study_app.own_steps import FILLED

PASSWORD = "a long enough password"
OPEN_TRIALS = (
    "SELECT key FROM trial WHERE shown_at IS NOT NULL AND feedback_read_at IS NULL "
    "AND (decision IS NULL OR phase = 'practice')"
)


@dataclass(frozen=True, kw_only=True)
class World:
    """A server with people at every stage, its database as a copy to return to, and what is known.

    Attributes:
        tokens: secrets of people's links, by the row of the person.
        cookies: session cookies, with the form token that belongs to each.
        words: what forms of ours have as values.
        steps: forms of a study's own steps, as their pages send them.
    """

    app: Flask
    database: Path
    kept: sqlite3.Connection
    watch: sqlite3.Connection
    tokens: dict[str, int]
    cookies: dict[str, tuple[str, str]]
    words: tuple[str, ...]
    steps: tuple[tuple[tuple[str, str], ...], ...]
    pictures: tuple[str, ...]
    links: tuple[str, ...]
    simulated: str
    statuses: Counter[int] = field(default_factory=Counter)
    reached: set[tuple[str, str]] = field(default_factory=set)
    changed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def form_token(self, path, fields, who):
        """What a form must carry: a token of its link, of its landing page, or of a session."""
        link = re.match(r"/p/([^/]+)/", path.decode("utf-8", "replace"))
        start_key = next((value for name, value in fields or () if name == "start_key"), "")
        with self.app.app_context():
            if link or path == b"/start":
                return form_token(link[1] if link else start_key)
        return self.cookies[who][1]


@contextmanager
def populated(instance, bundle_path, tools):
    """The server under test. Errors come out of it instead of becoming a page."""
    app, database = _new_app(instance, bundle_path, tools), instance / "study.sqlite"
    own = tools.read(bundle_path).study.trial.steps
    steps = tuple(_send_people(app, tools, len(own)))
    with app.app_context():
        link, simulated = sign_in_token(), simulated_mark("calibrated")
    cookies = _cookies(app, tools)
    with closing(sqlite3.connect(":memory:")) as kept, closing(sqlite3.connect(database)) as watch:
        watch.execute("UPDATE loaded_study SET quota = 20")
        watch.commit()
        watch.backup(kept)
        yield World(
            app=app,
            database=database,
            kept=kept,
            watch=watch,
            tokens={participant.token: participant.id for participant in tools.participants(app)},
            cookies=cookies,
            words=_words(kept, steps),
            steps=steps,
            pictures=tuple(path.name for path in (bundle_path / "images").iterdir())[:4],
            links=(link,),
            simulated=simulated,
        )
    tools.close(app)


def _new_app(instance, bundle_path, tools):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        app = create_app({"TESTING": True}, instance_path=str(instance))
        tools.load(app, bundle_path)
    app.config["EXPERIMENTER_PASSWORD_HASH"] = None
    return app


def _send_people(app, tools, own):
    """One to each stage, one who left in practice and one who withdrew; the forms of steps met."""
    for until in ("consent", "check", *([] if own else ["judge", "seen"]), "debrief"):
        tools.visitor(app.test_client()).start().walk(until=until, filled=FILLED)
    for answered in range(own):
        visitor = tools.visitor(app.test_client()).start().walk(until="step")
        for _ in range(answered):
            visitor.press(visitor.page.form.choices[0], **FILLED)
        form = visitor.page.form
        for choice in form.choices:
            yield (*(form.fields | FILLED | {"answer": choice}).items(),)
    away = tools.visitor(app.test_client()).start().walk(until="feedback", filled=FILLED)
    away.client.post(away.page.form.action, data=away.page.form.fields | {"answer": "continue"})
    gone = tools.visitor(app.test_client()).start(
        "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=s&SESSION_ID=one"
    )
    gone.walk(until="step" if own else "seen").open(f"{gone.url}/withdraw").press("keep")


def _cookies(app, tools):
    """A password is set first, and signed in with."""
    app.config["EXPERIMENTER_PASSWORD_HASH"] = generate_password_hash(PASSWORD, "pbkdf2:sha256:1")
    return {
        "nobody": ("", ""),
        "participant": _cookie(tools.visitor(app.test_client()).open("/")),
        "experimenter": _signed_in(app, tools),
        "garbage": ("lorikeet=.eJwNyTEOgCAMBdC7_JkBWkrLZQyKgzEhxMnE", ""),
    }


def _words(database, steps):
    return (
        *(key for (key,) in database.execute(OPEN_TRIALS)),
        *(key for (key,) in database.execute("SELECT start_key FROM participant")),
        *BUTTONS,
        "debrief",
        *{choice for choices in BUTTONS.values() for choice in choices or ()},
        *sorted({value for form in steps for name, value in form if name in ("trial", "answer")}),
        *("keep", "erase", "pause", "resume", "show", "hide", "30", "12.5", PASSWORD, "0" * 32),
    )


def _cookie(visitor):
    """A visitor's session cookie, and the form token that goes with it."""
    token = visitor.page.forms[0].fields["csrf_token"]
    name = visitor.client.application.config["SESSION_COOKIE_NAME"]
    cookie = visitor.client.get_cookie(name)
    return f"{name}={cookie.value if cookie else ''}", token


def _signed_in(app, tools):
    return _cookie(tools.visitor(app.test_client()).open("/experimenter").press(password=PASSWORD))
