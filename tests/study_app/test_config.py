"""What belongs to this machine: secret key, password hash, environment."""

import os
import secrets
import stat
import subprocess
import sys

import pytest

from study_app import create_app
from study_app.errors import RefusalError
from tests.lab import ROOT


def test_the_secret_key_is_made_once_and_kept_to_oneself(tmp_path):
    keys = {create_app(instance_path=str(tmp_path)).config["SECRET_KEY"] for _ in range(2)}
    path = tmp_path / "secret_key"
    assert keys == {path.read_text()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environment_wins_over_the_machines_file(tmp_path, monkeypatch):
    of_file, of_environment = secrets.token_hex(), secrets.token_hex()
    (tmp_path / "config.py").write_text(f"SECRET_KEY = {of_file!r}")
    assert create_app(instance_path=str(tmp_path)).config["SECRET_KEY"] == of_file
    monkeypatch.setenv("SECRET_KEY", of_environment)
    assert create_app(instance_path=str(tmp_path)).config["SECRET_KEY"] == of_environment


@pytest.mark.parametrize(
    "key", ["dev", "secret", "change-me", "5f1c9d7e20a8b64f", "change-me-" * 5, "x" * 64]
)
def test_a_secret_key_that_can_be_guessed_stops_the_server(tmp_path, monkeypatch, key):
    monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(RefusalError, match="SECRET_KEY: can be guessed; leave it out"):
        create_app(instance_path=str(tmp_path))


@pytest.mark.slow
def test_gunicorn_does_not_start_with_a_default_secret_and_says_why(tmp_path):
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--no-control-socket"]
    command += ["--preload", f"study_app:create_app(instance_path={str(tmp_path)!r})"]
    environment = os.environ | {"SECRET_KEY": "dev"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode != 0
    assert "SECRET_KEY: can be guessed; leave it out" in done.stderr


def test_a_password_in_place_of_its_hash_stops_the_server(tmp_path):
    (tmp_path / "config.py").write_text("EXPERIMENTER_PASSWORD_HASH = 'hunter2hunter2'")
    with pytest.raises(RefusalError, match="is no hash of a password"):
        create_app(instance_path=str(tmp_path))
