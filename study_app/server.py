"""A real server for a while: gunicorn in a process of its own, as in production."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask

from study_app.refusals import RefusalError

ROOT = Path(__file__).parent.parent
WORKERS = 2
START_S = 60  # a busy machine needs a while to import everything
STOP_S = 10
GRACE_S = 1  # for requests under way when the server stops; browsers keep idle connections longer
POLL_S = 0.05


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of a server on the app's database; it ends with the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    port: int = listener.getsockname()[1]
    process = subprocess.Popen(
        _command(app, listener.fileno()),
        cwd=ROOT,
        env=os.environ | _environment(app),
        pass_fds=[listener.fileno()],
        stderr=subprocess.PIPE,
        start_new_session=True,  # so that a worker that hangs can be ended with its master
        text=True,
    )
    listener.close()
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        _stop(process)


def _command(app: Flask, file_descriptor: int) -> list[str]:
    # Threads, because only they keep connections open between a participant's requests.
    return [
        *(sys.executable, "-m", "gunicorn", "--bind", f"fd://{file_descriptor}"),
        *("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "4", "--preload"),
        *("--log-level", "warning", "--graceful-timeout", str(GRACE_S), "--no-control-socket"),
        f"study_app:create_app(instance_path={app.instance_path!r})",
    ]


def _environment(app: Flask) -> dict[str, str]:
    return {
        "DATABASE_URL": str(app.config["SQLALCHEMY_DATABASE_URI"]),
        "SECRET_KEY": str(app.config["SECRET_KEY"]),
    }


def _wait(process: subprocess.Popen[str], port: int) -> None:
    give_up = time.monotonic() + START_S
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > give_up:
            _stop(process)
            said = process.stderr.read() if process.stderr else ""
            raise RefusalError("gunicorn", [f"did not start; it said: {said}"])
        time.sleep(POLL_S)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=START_S)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status < 600
    except ConnectionError:
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.communicate(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
