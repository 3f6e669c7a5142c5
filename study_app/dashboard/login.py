"""The experimenter signs in: by the password, or on the server itself by a link it printed."""

import secrets
from datetime import timedelta
from ipaddress import ip_address

from flask import Blueprint, redirect, render_template, request, session, url_for
from sqlalchemy import ColumnElement, delete, select
from werkzeug.wrappers import Response

from study_app.active_study import active_study
from study_app.audit import note
from study_app.dashboard.passwords import is_password, password_hash
from study_app.database import db, now, writing
from study_app.limits import SIGN_IN, attempt, forgive
from study_app.models import ExperimenterSession
from study_app.tokens import fingerprint, is_sign_in_token, is_token

SESSION_LENGTH = timedelta(hours=12)
# In the cookie: the session, the password it began with, and that somebody signed in here before.
SESSION, PASSWORD, BROWSER = "experimenter", "password", "browser"

login = Blueprint("login", __name__, url_prefix="/experimenter")


@login.before_request
def _needs_a_study() -> None:
    """A server without one says so on each page, and has no tables to count guesses in."""
    active_study()


@login.get("/login")
def ask() -> str:
    """The form that asks for the password, or what to do where none is set."""
    return _page()


@login.post("/login")
def enter() -> Response | tuple[str, int]:
    """Sign in with the password. Each guess is counted before it is looked at."""
    if password_hash() is None:
        return _page(), 403
    browser = session.get(BROWSER)
    attempt(SIGN_IN, browser=browser)
    if not is_password(request.form.get("password", "")):
        with writing():
            note("refused a wrong password")
        return _page(problem="That is not the password."), 403
    with writing():
        forgive(SIGN_IN, browser=browser)
    return _sign_in("signed in with the password")


@login.get("/enter/<token>")
def enter_by_link(token: str) -> Response | tuple[str, int]:
    """Sign in by a link of `study links`: on this machine, while no password is set."""
    if password_hash() is not None:
        return _page(problem="A password is set, so links like this one no longer work."), 403
    try:
        is_local = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        is_local = False
    if not (is_local and is_sign_in_token(token)):
        return _page(problem="This link is too old, or was made for another server."), 403
    return _sign_in("signed in by the link of `study links`")


@login.post("/logout")
def leave() -> Response:
    """Sign out: the cookie is worth nothing any more, also a copy of it."""
    with writing():
        db.session.execute(delete(ExperimenterSession).where(_this_session()))
    _forget_all_but_browser()
    return redirect(url_for("login.ask"), 303)


def is_signed_in() -> bool:
    """Whether this browser signed in lately, and with the password as it is now."""
    if not is_token(session.get(PASSWORD, ""), _password_fingerprint()):
        return False
    signed_in_at = db.session.scalar(
        select(ExperimenterSession.signed_in_at).where(_this_session())
    )
    return signed_in_at is not None and now() < signed_in_at + SESSION_LENGTH


def _this_session() -> ColumnElement[bool]:
    return ExperimenterSession.key == fingerprint("session", session.get(SESSION, ""))


def _sign_in(act: str) -> Response:
    _forget_all_but_browser()  # a form token of before is worth nothing now
    session.setdefault(BROWSER, secrets.token_hex(16))
    session[SESSION], session[PASSWORD] = secrets.token_hex(32), _password_fingerprint()
    key = fingerprint("session", session[SESSION])
    with writing():
        over = ExperimenterSession.signed_in_at <= now() - SESSION_LENGTH
        db.session.execute(delete(ExperimenterSession).where(over))
        db.session.add(ExperimenterSession(key=key, signed_in_at=now()))
        note(act)
    return redirect(url_for("experimenter.monitor"), 303)


def _forget_all_but_browser() -> None:
    for name in [name for name in session if name != BROWSER]:
        del session[name]


def _password_fingerprint() -> str:
    return fingerprint("password", password_hash() or "")


def _page(problem: str = "") -> str:
    return render_template(
        "login.html",
        study=active_study().study,
        problem=problem,
        has_password=password_hash() is not None,
    )
