"""Friendly pages for what goes wrong."""

import logging

from flask import Blueprint, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from stimuli.study import ProblemsError, sentence
from study_app.enrolment.recruiting import PausedError
from study_app.errors import RefusalError

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
problem_pages = Blueprint("problem_pages", __name__)


@problem_pages.app_errorhandler(HTTPException)
def _problem_page(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error  # a redirect
    title, advice = PAGES.get(error.code, PAGES[500])
    response = error.get_response()  # with Allow, or Retry-After
    response.set_data(render_template("problem.html", title=title, advice=advice))
    return response


@problem_pages.app_errorhandler(PausedError)
def _paused_page(error: PausedError) -> tuple[str, int]:
    return render_template("problem.html", title=PAUSED, advice=PAUSED_ADVICE), 503


@problem_pages.app_errorhandler(RefusalError)
def _not_ready_page(error: RefusalError) -> tuple[str, int]:
    return render_template("not_ready.html", title=NOT_READY), 503


@problem_pages.app_errorhandler(ProblemsError)
def _broken_page(error: ProblemsError) -> tuple[str, int]:
    log.error("The loaded study cannot be shown at %s. %s", request.path, error)
    return render_template("problem.html", title=NOT_READY, advice=BROKEN_ADVICE), 503
