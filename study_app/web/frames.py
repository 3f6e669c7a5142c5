"""A page for whoever opens the study inside another page, where no browser lets it work."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from study_app.web.security import CONTENT_SECURITY_POLICY

FRAMES = ("iframe", "frame", "embed", "object", "fencedframe")
ANYWHERE = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")

frames = Blueprint("frames", __name__)


@frames.before_app_request
def _say_that_it_is_framed() -> Response | None:
    """Where the browser says so; others show an empty frame, as the security policy has it."""
    if request.method != "GET" or request.headers.get("Sec-Fetch-Dest") not in FRAMES:
        return None
    page = render_template("framed.html", address=request.full_path.removesuffix("?"))
    return Response(page, 200, {"Content-Security-Policy": ANYWHERE}, mimetype="text/html")
