"""What belongs to this machine: defaults, then `instance/config.py`, then the environment."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

DEFAULTS = {
    "SQLALCHEMY_DATABASE_URI": "sqlite:///study.sqlite",  # inside the instance folder
    "SESSION_COOKIE_NAME": "lorikeet",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,  # a participant may take a break; the session bounds the token
    "PROXIES": 0,  # reverse proxies in front, whose X-Forwarded headers are believed
    "MAX_CONTENT_LENGTH": 64 * 1024,  # the largest form has a few hundred bytes
    "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,  # static files carry their digest in the address
}
SECRET_KEY_FILE = "secret_key"


def configure(app: Flask, overrides: Mapping[str, object]) -> None:
    """Fill `app.config`; `overrides` win over everything."""
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    app.config.from_mapping(DEFAULTS)
    app.config.from_pyfile("config.py", silent=True)
    app.config.from_mapping(_environment())
    app.config.from_mapping(overrides)
    if proxies := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies)  # type: ignore[method-assign]
    if not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = _kept_secret(Path(app.instance_path) / SECRET_KEY_FILE)


def _environment() -> dict[str, str]:
    names = {"DATABASE_URL": "SQLALCHEMY_DATABASE_URI", "SECRET_KEY": "SECRET_KEY"}
    given = {key: os.environ[name] for name, key in names.items() if os.environ.get(name)}
    if url := given.get("SQLALCHEMY_DATABASE_URI"):
        given["SQLALCHEMY_DATABASE_URI"] = _with_driver(url)
    return given


def _with_driver(url: str) -> str:
    """`postgres://` and `postgresql://` mean psycopg 3 here, as hosts write neither driver."""
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg{separator}{rest}"
    return url


def _kept_secret(path: Path) -> str:
    """The secret key in a file, made on first use. Of several first users, one wins."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), "utf-8")
        try:
            os.link(draft, path)  # fails if the file is there by now, unlike a rename
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("utf-8").strip()
