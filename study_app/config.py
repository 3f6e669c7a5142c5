"""What belongs to this machine: defaults, then `instance/config.py`, then the environment."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from study_app.errors import RefusalError
from study_app.storage.shared_sync import sync_folder

DEFAULTS = {
    "SQLALCHEMY_DATABASE_URI": "sqlite:///study.sqlite",  # inside the instance folder
    "COOKIE_NAME": None,  # from the secret key, so that two studies on one host have one each
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,  # a participant may take a break; the session bounds the token
    "WTF_CSRF_SSL_STRICT": False,  # some send no Referer; the token says enough
    "PROXIES": 0,  # reverse proxies in front, whose X-Forwarded headers are believed
    "MAX_CONTENT_LENGTH": 64 * 1024,  # the largest form has a few hundred bytes
    "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,  # static files carry their digest in the address
}
SECRET_KEY_FILE = "secret_key"
KEY_LENGTH = 32
KEY_VARIETY = 10  # different characters; "change-me" has 7, however often it is repeated
HASH_METHODS = ("scrypt:", "pbkdf2:")  # those of werkzeug.security


class SessionCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, marked Secure wherever the page came by HTTPS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """By this request, or by the proxy in front if `PROXIES` says that there is one."""
        return request.is_secure


def configure(app: Flask, overrides: Mapping[str, object]) -> None:
    """Fill `app.config`; `overrides` win over everything.

    Raises:
        RefusalError: if a secret that was given is none.
    """
    Path(app.instance_path).mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config.from_mapping(DEFAULTS)
    app.config.from_pyfile("config.py", silent=True)
    app.config.from_mapping(_environment())
    app.config.from_mapping(overrides)
    if proxies := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, proxies, proxies, proxies, x_prefix=proxies
        )
    app.session_interface = SessionCookie()
    if problems := _secret_problems(app):
        raise RefusalError("the settings of this server", problems)
    if not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = _secret_key(Path(app.instance_path) / SECRET_KEY_FILE)
    # Two studies on one host have a cookie each.
    digest = hashlib.sha256(app.config["SECRET_KEY"].encode()).hexdigest()
    app.config["SESSION_COOKIE_NAME"] = app.config["COOKIE_NAME"] or f"lorikeet_{digest[:8]}"


def _secret_problems(app: Flask) -> list[str]:
    """Whoever guesses the key can forge links and completion codes."""
    problems, key = [], app.config["SECRET_KEY"]
    if key and (len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY):
        problems.append(
            "SECRET_KEY: can be guessed; leave it out, and a key is made and kept in the instance "
            f"folder, or give at least {KEY_LENGTH} random characters, such as those of "
            "`python -c 'import secrets; print(secrets.token_hex())'`"
        )
    password_hash = app.config.get("EXPERIMENTER_PASSWORD_HASH")
    if password_hash and not (
        password_hash.startswith(HASH_METHODS) and password_hash.count("$") == 2
    ):
        problems.append(
            "EXPERIMENTER_PASSWORD_HASH: is no hash of a password; leave it out and run "
            "`flask --app study_app study password`"
        )
    return problems


def _environment() -> dict[str, str]:
    names = {name: name for name in ("SECRET_KEY", "EXPERIMENTER_PASSWORD_HASH")}
    names["DATABASE_URL"] = "SQLALCHEMY_DATABASE_URI"
    settings = {key: os.environ[name] for name, key in names.items() if os.environ.get(name)}
    if url := settings.get("SQLALCHEMY_DATABASE_URI"):
        scheme, separator, rest = url.partition("://")
        # These mean psycopg 3 here, as hosts write neither driver.
        if scheme in ("postgres", "postgresql"):
            settings["SQLALCHEMY_DATABASE_URI"] = f"postgresql+psycopg{separator}{rest}"
    return settings


def _secret_key(path: Path) -> str:
    """The secret key in a file, made on first use. Of several first users, one wins."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), "utf-8")
        try:
            with draft.open() as file:
                os.fsync(file)  # every link and code is lost with the key
            os.link(draft, path)  # fails if the file is there by now, unlike a rename
            sync_folder(path.parent)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("utf-8").strip()
