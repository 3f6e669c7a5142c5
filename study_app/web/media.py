"""Pictures of the loaded bundle, by names that are digests of their content."""

from flask import Blueprint, Response, abort, request

from study_app.active_study import active_study

media = Blueprint("media", __name__)


@media.get("/media/<name>")
def picture(name: str) -> Response:
    """One picture. Sends no date of the file: that would tell when it was made, and from what."""
    active = active_study()
    digest = active.images.get(name)
    if digest is None:
        abort(404)
    response = Response((active.bundle.path / "images" / name).read_bytes(), mimetype="image/jpeg")
    response.set_etag(digest)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.make_conditional(request)
    return response
