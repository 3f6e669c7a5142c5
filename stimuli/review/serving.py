"""The page on this machine alone, with a desk that takes verdicts.

It tells the truth of every picture and writes a file, so it answers nobody but a browser here that
asks for it by its own name: no other host name (DNS rebinding), no other site (CSRF), and no file
but the bundle's pictures.
"""

import logging
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    request,
    send_from_directory,
)
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from stimuli.bundle import Bundle, Ruling, Verdict
from stimuli.bundle.check import check_bundle
from stimuli.bundle.verdicts import add_verdict, take_back, verdicts_of
from stimuli.problems import ProblemsError, validation_problems
from stimuli.review.contact_sheet import Desk, render, rulings_on
from stimuli.study.offline import Facts

HOST = "127.0.0.1"
TOKEN_HEADER = "X-Review-Token"
MOST_BYTES = 10_000  # of a request: a verdict is a line
POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self' data:",
        "font-src data:",
        "style-src 'nonce-{nonce}'",
        "script-src 'nonce-{nonce}'",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Sent = TypeVar("Sent", bound=Facts)


class ServingError(ProblemsError):
    """The page cannot be served here."""


class NewVerdict(Facts):
    """What the page sends; that it says enough is looked at where it is added."""

    stimulus_id: str
    ruling: Ruling
    reason: str
    reviewer: str


views = Blueprint("review", __name__)


@contextmanager
def serving(folder: Path, port: int) -> Iterator[BaseWSGIServer]:
    """A server of a bundle's page on this machine, which does not answer yet; 0 for any free port.

    Raises:
        BundleError: if the bundle has problems.
        VetoError: if the verdicts beside it cannot be read.
        ServingError: if the port is taken.
    """
    bundle = check_bundle(folder)
    verdicts_of(bundle)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # no line for each picture
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        problem = f"cannot be listened on ({error.strerror}); choose another with --port N"
        raise ServingError(f"{HOST}:{port}", [problem]) from error
    with listener:
        server = make_server(
            HOST,
            listener.getsockname()[1],
            new_app(bundle),
            threaded=True,
            request_handler=_Handler,
            fd=listener.fileno(),
        )
    try:
        yield server
    finally:
        server.server_close()


class _Handler(WSGIRequestHandler):
    """Says nothing of what it runs on."""

    def version_string(self) -> str:
        """The header `Server`."""
        return "review"


def new_app(bundle: Bundle) -> Flask:
    """The page, its pictures, and what writes verdicts; with a token of this run."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        BUNDLE=bundle,
        TOKEN=secrets.token_urlsafe(),
        TRUSTED_HOSTS=[HOST, "localhost"],
        MAX_CONTENT_LENGTH=MOST_BYTES,
    )
    app.register_blueprint(views)
    return app


@views.before_app_request
def refuse_other_pages() -> None:
    """Only the page that this run has sent may write, and only from here."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if request.headers.get("Origin") != f"http://{request.host}":
        abort(403, "This was sent by another page.")
    token = request.headers.get(TOKEN_HEADER, "")
    if not secrets.compare_digest(token.encode(), str(current_app.config["TOKEN"]).encode()):
        abort(403, "This page is of an earlier run of the command; load it again.")


@views.after_app_request
def harden(response: Response) -> Response:
    """What browsers shall not do with it."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # pictures may be kept, and asked about again
    return response


@views.app_errorhandler(HTTPException)
def say_problem(error: HTTPException) -> tuple[Response, int]:
    """What was wrong with a request."""
    return jsonify(problem=error.description), error.code or 500


@views.app_errorhandler(ProblemsError)
def say_problems(error: ProblemsError) -> tuple[Response, int]:
    """Everything that is wrong with a verdict, or with the file of verdicts."""
    return jsonify(problem="; ".join(error.problems)), 409


@views.get("/")
def page() -> Response:
    """The page, with the verdicts as they are now."""
    desk = Desk(token=current_app.config["TOKEN"], nonce=secrets.token_urlsafe())
    policy = {"Content-Security-Policy": POLICY.format(nonce=desk.nonce)}
    return Response(render(_bundle(), desk), mimetype="text/html", headers=policy)


@views.get("/<name>/images/<file>")
def picture(name: str, file: str) -> Response:
    """One of the bundle's pictures, and no other file."""
    folder = _bundle().path.resolve()
    if name != folder.name or f"images/{file}" not in _bundle().checksums:
        abort(404, "The bundle has no such picture.")
    return send_from_directory(folder / "images", file)


@views.get("/verdicts")
def verdicts() -> Response:
    """What reviewers now say, for every stimulus that they say something of."""
    return jsonify(stimuli=rulings_on(_bundle()))


@views.post("/verdicts")
def add() -> Response:
    """A new verdict."""
    new = _sent(NewVerdict)
    add_verdict(_bundle(), new.stimulus_id, new.ruling, reason=new.reason, reviewer=new.reviewer)
    return verdicts()


@views.post("/verdicts/take-back")
def remove() -> Response:
    """A verdict that is taken back."""
    take_back(_bundle(), _sent(Verdict))
    return verdicts()


def _bundle() -> Bundle:
    bundle: Bundle = current_app.config["BUNDLE"]
    return bundle


def _sent(model: type[Sent]) -> Sent:
    """What the page sent, as JSON: a form of another site could not."""
    if not request.is_json:
        abort(415, "Send JSON.")
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as error:
        abort(400, "; ".join(validation_problems(error)))
