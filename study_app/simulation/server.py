"""A real server for a while: gunicorn in a process of its own, as in production."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask

from study_app.errors import RefusalError

ROOT = Path(__file__).parent.parent.parent
WORKERS = 2
KEEP_S = 30  # people think for seconds; an idle connection holds no thread
START_S = 60  # a busy machine needs a while to import everything
STOP_S = 10
GRACE_S = 1  # for requests under way when the server stops; browsers keep idle connections longer
POLL_S = 0.05


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that runs.

    Attributes:
        process: gunicorn's master, the leader of a process group of its own.
    """

    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of a server on the app's database; it ends with the block."""
    server = start(app)
    try:
        yield server.url
    finally:
        _stop(server.process)


def start(app: Flask, port: int = 0) -> Server:
    """Start a server on the app's database.

    Args:
        port: 0 for any that is free.
    """
    with socket.create_server(("127.0.0.1", port)) as listener:
        process = _open(app, listener.fileno())
        server = Server(port=listener.getsockname()[1], process=process)
    give_up = time.monotonic() + START_S
    while not _answers(server.port):
        if process.poll() is not None or time.monotonic() > give_up:
            _stop(process)
            output = process.stderr.read() if process.stderr else ""
            raise RefusalError("gunicorn", [f"did not start; it said: {output}"])
        time.sleep(POLL_S)
    return server


def kill(server: Server) -> None:
    """End a server and its workers at once, as a power cut does."""
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.communicate()


def _open(app: Flask, file_descriptor: int) -> subprocess.Popen[str]:
    # Threads, because only they keep connections open between a participant's requests.
    command = [
        *(sys.executable, "-m", "gunicorn", "--bind", f"fd://{file_descriptor}"),
        *("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "4", "--preload"),
        *("--keep-alive", str(KEEP_S), "--graceful-timeout", str(GRACE_S)),
        *("--log-level", "warning", "--no-control-socket"),
        f"study_app:create_app(instance_path={app.instance_path!r})",
    ]
    environment = {
        "DATABASE_URL": str(app.config["SQLALCHEMY_DATABASE_URI"]),
        "SECRET_KEY": str(app.config["SECRET_KEY"]),
    }
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        pass_fds=[file_descriptor],
        stderr=subprocess.PIPE,
        start_new_session=True,  # so that a worker that hangs can be ended with its master
        text=True,
    )


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
