"""Addresses of static files, with a digest of the content, so that browsers may keep them."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for

STATIC = Path(__file__).parent / "static"


def init_app(app: Flask) -> None:
    """Give templates the function `asset`."""
    app.add_template_global(asset)


def asset(name: str) -> str:
    """The address of a static file."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
