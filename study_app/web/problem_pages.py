"""Friendly pages for what goes wrong."""

import logging
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from stimuli.study import ProblemsError, sentence
from study_app.active_study import last_read
from study_app.database import db
from study_app.enrolment.identification import UnidentifiedError
from study_app.enrolment.provider_link import UnreadableIdError, parameters
from study_app.enrolment.recruiting import PausedError
from study_app.errors import RefusalError, UnavailableError
from study_app.storage.outages import outage, tell

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

UNIDENTIFIED = sentence("Please come from where you were invited")
UNIDENTIFIED_ADVICE = sentence(
    "Your link lacks the id by which you are paid, and nothing was stored. Please open the study "
    "from the page on which you found it."
)
UNREADABLE = sentence("We cannot read the id in your link")
UNREADABLE_ADVICE = sentence(
    "It cannot be the one by which you are paid, so nothing was stored. Please open the study "
    "again from the page on which you found it. If you read this once more, please write to us: "
    "the address is at the foot of this page."
)
UNAVAILABLE = sentence("One moment, please")
UNAVAILABLE_ADVICE = sentence(
    "Our server cannot store anything right now. Your answers up to here are safe, and this page "
    "tries again by itself."
)
RETRY_S = 10

log = logging.getLogger(__name__)
problem_pages = Blueprint("problem_pages", __name__)


@problem_pages.app_errorhandler(HTTPException)
def _problem_page(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error  # a redirect
    if error.code == 400:
        note_refusal(str(error.description))
    title, advice = PAGES.get(error.code, PAGES[500])
    response = error.get_response()  # with Allow, or Retry-After
    response.set_data(render_template("problem.html", title=title, advice=advice))
    return response


def note_refusal(reason: str) -> None:
    """Log why a request was refused; its address would tell a participant's link."""
    rule = request.url_rule.rule if request.url_rule else "an unknown address"
    log.warning("Refused %s %s: %s", request.method, rule, reason)


@problem_pages.app_errorhandler(UnidentifiedError)
def _unidentified_page(error: UnidentifiedError) -> tuple[str, int]:
    return render_template("problem.html", title=UNIDENTIFIED, advice=UNIDENTIFIED_ADVICE), 403


@problem_pages.app_errorhandler(UnreadableIdError)
def _unreadable_page(error: UnreadableIdError) -> tuple[str, int]:
    note_refusal(f"{error} is no id")
    return render_template("problem.html", title=UNREADABLE, advice=UNREADABLE_ADVICE), 400


@problem_pages.app_errorhandler(PausedError)
def _paused_page(error: PausedError) -> tuple[str, int]:
    return render_template("problem.html", title=PAUSED, advice=PAUSED_ADVICE), 503


@problem_pages.app_errorhandler(UnavailableError)
def _unavailable_page(error: UnavailableError) -> Response:
    tell(str(error))
    page = render_template(
        "problem.html",
        title=UNAVAILABLE,
        advice=UNAVAILABLE_ADVICE,
        retry_s=RETRY_S,
        retry_at=_address_of_page(),
    )
    return Response(page, 503, {"Retry-After": str(RETRY_S)}, mimetype="text/html")


def _address_of_page() -> str:
    """Where the page is that was asked for, or that sent its form."""
    if request.method == "GET":
        return request.script_root + request.full_path
    if token := (request.view_args or {}).get("token"):
        return url_for("views.session", token=token)
    active = last_read()
    names = parameters(active.study.provider) if active else ()
    query = urlencode({name: request.form[name] for name in names if name in request.form})
    return f"{url_for('views.landing')}?{query}"


@problem_pages.app_errorhandler(DBAPIError)
@problem_pages.app_errorhandler(PoolTimeoutError)
def _outage_page(error: DBAPIError | PoolTimeoutError) -> Response:
    problem = outage(error)
    if problem is None:
        raise error
    db.session.rollback()
    return _unavailable_page(UnavailableError("the database", [problem]))


@problem_pages.app_errorhandler(RefusalError)
def _not_ready_page(error: RefusalError) -> tuple[str, int]:
    return render_template("not_ready.html", title=NOT_READY), 503


@problem_pages.app_errorhandler(ProblemsError)
def _broken_page(error: ProblemsError) -> tuple[str, int]:
    rule = request.url_rule.rule if request.url_rule else "an unknown address"
    log.error("The loaded study cannot be shown at %s. %s", rule, error)
    return render_template("problem.html", title=NOT_READY, advice=BROKEN_ADVICE), 503
