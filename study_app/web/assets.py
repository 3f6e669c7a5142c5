"""Static files, under an address that changes with any of them, so that browsers may keep them.

The version is a part of the path and not a parameter: scripts import each other by relative
addresses, and have to get those of their own version.
"""

import hashlib
from pathlib import Path

from flask import Flask, current_app, request

STATIC = Path(__file__).parent.parent / "static"


def static_path() -> str:
    """Where static files are served: a path with a digest of all of them."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + path.read_bytes())
    return f"/static/{digest.hexdigest()[:12]}"


def init_app(app: Flask) -> None:
    """Give templates the function `asset`."""
    app.add_template_global(asset)


def asset(name: str) -> str:
    """The address of a static file."""
    return f"{request.script_root}{current_app.static_url_path}/{name}"
