"""The experimenter's password: its hash is in `config.py`, the environment or a file of its own."""

import os
import secrets
from pathlib import Path

from flask import current_app
from sqlalchemy import delete
from werkzeug.security import check_password_hash, generate_password_hash

from study_app.audit import note
from study_app.database import db, writing
from study_app.errors import RefusalError
from study_app.models import ExperimenterSession

CONFIGURED = "EXPERIMENTER_PASSWORD_HASH"
HASH_FILE = "experimenter_password"
MIN_LENGTH = 12  # with ten guesses in ten minutes, more than anybody will find


def password_hash() -> str | None:
    """The hash in force; None before a password was ever set.

    The file is read each time, so that a new password counts at once in every worker.
    """
    if configured := current_app.config.get(CONFIGURED):
        return str(configured)
    try:
        return _hash_file().read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def is_password(text: str) -> bool:
    """Whether this is the password."""
    hash_in_force = password_hash()
    return hash_in_force is not None and check_password_hash(hash_in_force, text)


def check_can_set() -> None:
    """Raise RefusalError where a new password in the file would not count."""
    if current_app.config.get(CONFIGURED):
        problem = f"{CONFIGURED} is set there and wins; remove it, then run this again"
        raise RefusalError("instance/config.py or the environment", [problem])


def set_password(password: str) -> Path:
    """Keep the hash of a password in a file that only its owner can read.

    Raises:
        RefusalError: if the password is short.
    """
    if len(password) < MIN_LENGTH:
        problem = f"has {len(password)} characters; choose at least {MIN_LENGTH}"
        raise RefusalError("the password", [problem])
    path = _hash_file()
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(generate_password_hash(password) + "\n", "utf-8")
    with writing():
        db.session.execute(delete(ExperimenterSession))
        note("set the experimenter's password; every session ended")
    os.replace(draft, path)
    return path


def _hash_file() -> Path:
    return Path(current_app.instance_path) / HASH_FILE
