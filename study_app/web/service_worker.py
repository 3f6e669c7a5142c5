"""What a browser shows while it has no connection: a service worker, and the one page it keeps."""

from flask import Blueprint, current_app, render_template
from werkzeug.wrappers import Response

from study_app.active_study import active_study

connection = Blueprint("connection", __name__)


@connection.get("/worker.js")
def worker() -> Response:
    """The service worker. From the top, so that it may serve the pages of sessions."""
    response = current_app.send_static_file("worker.js")
    response.headers["Cache-Control"] = "no-cache"
    return response


@connection.get("/no-connection")
def no_connection() -> str:
    """That there is none, and that nothing is lost."""
    return render_template("no_connection.html", study=active_study().study)
