"""The safety of every request and response: headers, form tokens, and what no browser sends."""

from flask import Blueprint, Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # ships no types

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

security = Blueprint("security", __name__)
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Register headers and CSRF protection; odd requests are refused before their form token."""
    app.register_blueprint(security)
    csrf.init_app(app)


@security.before_app_request
def _refuse_what_no_browser_sends() -> None:
    """Bytes that are no text, which Werkzeug trips over, and NUL, which PostgreSQL does."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        abort(400)
    if "\0" in request.path:
        abort(404)


@security.after_app_request
def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if request.endpoint == "static" and response.status_code == 200:
        response.cache_control.immutable = True  # kept through a reload without connection
    return response
