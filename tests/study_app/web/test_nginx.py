"""nginx as `docs/deploy` has it, before two servers on PostgreSQL: slow clients hold nobody up."""

import os
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from study_app import create_app
from study_app.simulation.client import HttpClient
from study_app.simulation.server import WORKERS, serving
from tests.lab import ROOT

CONFIGURATION = ROOT / "docs/deploy/nginx.conf"
HALF_OPEN, IDLE, PEOPLE = 30, 2100, 10
FILES = 8192
SLOWEST_S = 1.0
THINK_S = 0.1
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: b"
HALF_A_FORM = (
    b"POST /start HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\na"
)
WHOLE = b"GET /worker.js HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass(frozen=True)
class Front:
    """nginx, by its port for HTTPS, and what checks its certificate."""

    port: int
    context: ssl.SSLContext

    def connect(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("localhost", self.port), timeout=30)
        return self.context.wrap_socket(plain, server_hostname="localhost")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own for localhost, and its key."""
    paths = folder / "fullchain.pem", folder / "privkey.pem"
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    command += ["-out", str(paths[0]), "-keyout", str(paths[1])]
    subprocess.run(command, check=True, capture_output=True)
    return paths


def configured(folder: Path, ports: dict[str, int], chain: Path, key: Path) -> Path:
    """The shipped file with the paths and ports of a test, and nothing else changed."""
    text = CONFIGURATION.read_text()
    for old, new in {
        "/etc/letsencrypt/live/study.example.org/fullchain.pem": str(chain),
        "/etc/letsencrypt/live/study.example.org/privkey.pem": str(key),
        "/run/nginx.pid": str(folder / "nginx.pid"),
        "/var/log/nginx/error.log": str(folder / "error.log"),
        "127.0.0.1:8001": f"127.0.0.1:{ports['one']}",
        "127.0.0.1:8002": f"127.0.0.1:{ports['two']}",
        "listen 80 ": f"listen 127.0.0.1:{ports['http']} ",
        "listen 443 ": f"listen 127.0.0.1:{ports['https']} ",
        "study.example.org": "localhost",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    text = re.sub(r"(?m)^\s+listen \[::\].*\n", "", text)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


@pytest.fixture
def front(tmp_path, postgres_address, tools, monkeypatch) -> Iterator[Front]:
    """nginx before two servers with two workers each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))
    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "config.py").write_text("PROXIES = 1\n")
    app = create_app({"SQLALCHEMY_DATABASE_URI": postgres_address}, instance_path=str(instance))
    text = tools.study_text(practice=1, validation=2, test=3)
    tools.load(app, tools.build_bundle(tmp_path / "bundle", text).path)
    chain, key = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    with ExitStack() as stack:
        urls = [stack.enter_context(serving(app)) for _ in range(2)]
        one, two = (int(url.rsplit(":", 1)[1]) for url in urls)
        ports = {"one": one, "two": two, "http": free_port(), "https": free_port()}
        path = configured(tmp_path, ports, chain, key)
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        nginx = subprocess.Popen([program, "-c", path, "-p", tmp_path, "-g", "daemon off;"])
        context = ssl.create_default_context(cafile=str(chain))
        opened = Front(port=ports["https"], context=context)
        wait_for(opened)
        yield opened
        nginx.send_signal(signal.SIGTERM)
        nginx.wait()
    assert (tmp_path / "error.log").read_text() == ""
    tools.close(app)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def wait_for(front: Front) -> None:
    give_up = time.monotonic() + 10
    while True:
        try:
            return front.connect().close()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)


def walk(front: Front) -> tuple[str, list[float]]:
    """Take part to the end; the address of the last page, and how long each page took."""
    client, took = HttpClient(f"https://localhost:{front.port}/"), []

    def timed(act, *arguments) -> None:
        start = time.monotonic()
        act(*arguments)
        took.append(time.monotonic() - start)
        time.sleep(THINK_S)

    timed(client.open, "/")
    timed(client.submit, {})
    while client.page.forms:
        timed(
            client.submit, {"answer": client.page.form.choices[0], "rt_ms": "1", "input": "mouse"}
        )
    client.rest()
    return client.path, took


def idle(front: Front) -> ssl.SSLSocket:
    """A browser that got something once and keeps its connection."""
    connection = front.connect()
    connection.sendall(WHOLE)
    assert connection.recv(100).startswith(b"HTTP/1.1 200")
    return connection


@pytest.mark.slow
def test_slow_and_idle_connections_hold_nobody_up_27_8(front):
    for _ in range(2 * WORKERS):  # servers that just started compile every page first
        walk(front)
    with ExitStack() as stack:
        with ThreadPoolExecutor(16) as pool:
            for connection in pool.map(idle, [front] * IDLE):
                stack.enter_context(connection)
        for number in range(HALF_OPEN):
            connection = stack.enter_context(front.connect())
            connection.sendall(HALF_A_FORM if number % 2 else HALF_A_HEAD)
        with ThreadPoolExecutor(PEOPLE) as pool:
            walks = list(pool.map(walk, [front] * PEOPLE))
    assert {path.startswith("/p/") for path, _ in walks} == {True}
    slowest = max(one for _, took in walks for one in took)
    assert slowest < SLOWEST_S
    assert len({path for path, _ in walks}) == PEOPLE


@pytest.mark.slow
def test_the_unit_for_systemd_is_one(tmp_path):
    unit = tmp_path / "lorikeet@8001.service"
    text = (ROOT / "docs/deploy/lorikeet@.service").read_text()
    unit.write_text(text.replace("/srv/lorikeet", str(ROOT)).replace("User=lorikeet", "User=root"))
    command = ["systemd-analyze", "verify", str(unit)]
    said = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
    assert "lorikeet" not in said.stderr, said.stderr
