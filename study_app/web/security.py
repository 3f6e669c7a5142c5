"""The safety of every request and response: headers, form tokens, and what no browser sends."""

import logging
import re

from flask import Blueprint, Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import select

from study_app.database import db
from study_app.models import Participant
from study_app.tokens import form_token, is_token

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
}

NUL = "\0"
TYPED = "question-"  # what people type is cleaned where it is read
LINK = re.compile(r"(?<=/p/)[\w-]+")
ADDRESS = re.compile(r"\bip=[^\s:]\S*?(?=:? |:?$)")

security = Blueprint("security", __name__)
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Register headers and CSRF protection; odd requests are refused before their form token."""
    app.register_blueprint(security)
    csrf.init_app(app)
    for log in (logging.getLogger("gunicorn.error"), app.logger):
        log.addFilter(_leave_out_who)


@security.before_app_request
def _refuse_what_no_browser_sends() -> None:
    """Bytes that are no text, which Werkzeug trips over, and NUL, which PostgreSQL does."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        abort(400, "a query that is no text")
    if "\0" in request.path:
        abort(404)
    fields = [*request.args.items(multi=True), *request.form.items(multi=True)]
    if any(NUL in name or NUL in value for name, value in fields if not name.startswith(TYPED)):
        abort(400, "NUL in a parameter")


@security.before_app_request
def _refuse_other_sites() -> None:
    """A form of another site, where the browser says that it is one."""
    is_sent = request.method not in ("GET", "HEAD", "OPTIONS")
    if is_sent and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400, "a form of another site")


def check_form_token() -> None:
    """See that a participant's form carries the token of the link, or of the landing page.

    That of Flask-WTF needs a cookie, which some browsers block, and a clock that is not set back.
    """
    if request.method == "POST":
        link = (request.view_args or {}).get("token")
        token = form_token(link or request.form.get("start_key", ""))
        if not is_token(request.form.get("csrf_token", ""), token):
            is_known = select(Participant.id).where(Participant.token == link)
            if link and db.session.scalar(is_known) is None:
                abort(404)
            abort(400, "a form without its token")


def _leave_out_who(record: logging.LogRecord) -> bool:
    """The address of whoever sent what gunicorn could not read, and of whoever met a fault their
    link, which Flask names: who reads a log could answer there."""
    record.msg = LINK.sub("...", ADDRESS.sub("ip=...", str(record.msg)))
    return True


@security.after_app_request
def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if request.endpoint == "static" and response.status_code == 200:
        response.cache_control.immutable = True  # kept through a reload without connection
    return response
