"""What every response has: security headers, and friendly pages for what goes wrong."""

import logging

from flask import Flask, Response, abort, render_template, request
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # ships no types
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from stimuli.study import ProblemsError
from study_app.enrolment.recruiting import PausedError
from study_app.errors import RefusalError
from study_app.i18n.sentences import sentence

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
PAGES = {  # the title and the advice of each problem page
    400: (
        sentence("That did not work"),
        sentence(
            "We could not read what the page sent. Please open your link again; your answers are "
            "safe."
        ),
    ),
    404: (
        sentence("We do not know this link"),
        sentence("Please check that you copied the whole link, or open the invitation again."),
    ),
    429: (
        sentence("That was too often"),
        sentence(
            "Very many tries came from your network. Please wait a few minutes and try again."
        ),
    ),
    405: (
        sentence("That did not work"),
        sentence("Please open your link again; your answers are safe."),
    ),
    413: (
        sentence("That did not work"),
        sentence("The page sent far more than it should. Please open your link."),
    ),
    500: (
        sentence("Something broke on our side"),
        sentence(
            "Your answers up to here are safe. Please wait a minute and open your link again."
        ),
    ),
}
NOT_READY = sentence("The study is not ready")
BROKEN_ADVICE = sentence("Please tell the person who sent you the link. Your answers are safe.")
PAUSED = sentence("The study takes a break")
PAUSED_ADVICE = sentence(
    "Nobody new is taken in at the moment, and nothing was stored. Please come back later. If you "
    "have already begun, open your own link: you can go on."
)

log = logging.getLogger(__name__)
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Register headers, CSRF protection and problem pages."""
    app.before_request(_refuse_what_no_browser_sends)
    csrf.init_app(app)
    app.after_request(_harden)
    app.register_error_handler(HTTPException, _problem_page)
    app.register_error_handler(PausedError, _paused_page)
    app.register_error_handler(RefusalError, _not_ready_page)
    app.register_error_handler(ProblemsError, _broken_page)


def _refuse_what_no_browser_sends() -> None:
    """Bytes that are no text, which Werkzeug trips over, and NUL, which PostgreSQL does."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        abort(400)
    if "\0" in request.path:
        abort(404)


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if request.endpoint == "static" and response.status_code == 200:
        response.cache_control.immutable = True  # kept through a reload without connection
    return response


def _problem_page(error: HTTPException) -> BaseResponse | HTTPException:
    if error.code is None or error.code < 400:
        return error  # a redirect
    title, advice = PAGES.get(error.code, PAGES[500])
    response = error.get_response()  # with Allow, or Retry-After
    response.set_data(render_template("problem.html", title=title, advice=advice))
    return response


def _paused_page(error: PausedError) -> tuple[str, int]:
    return render_template("problem.html", title=PAUSED, advice=PAUSED_ADVICE), 503


def _not_ready_page(error: RefusalError) -> tuple[str, int]:
    return render_template("not_ready.html", title=NOT_READY), 503


def _broken_page(error: ProblemsError) -> tuple[str, int]:
    log.error("The loaded study cannot be shown at %s. %s", request.path, error)
    return render_template("problem.html", title=NOT_READY, advice=BROKEN_ADVICE), 503
