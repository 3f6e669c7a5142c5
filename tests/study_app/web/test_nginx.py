"""nginx as `docs/deploy` has it, before two servers on PostgreSQL: slow clients hold nobody up."""

import os
import resource
import ssl
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from study_app import create_app
from study_app.simulation.client import HttpClient
from study_app.simulation.server import WORKERS, serving
from tests.lab import ROOT
from tests.nginx import Front, nginx_before

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
    with serving(app) as one, serving(app) as two, nginx_before(tmp_path, (one, two)) as opened:
        monkeypatch.setenv("SSL_CERT_FILE", str(opened.certificate))
        yield opened
    tools.close(app)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def walk(front: Front) -> tuple[str, list[float]]:
    """Take part to the end; the address of the last page, and how long each page took."""
    client, took = HttpClient(f"{front.url}/"), []

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


def walk_together(front: Front) -> list[tuple[str, list[float]]]:
    """So many people at once; where each ends, and the seconds of each page."""
    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(walk, [front] * PEOPLE))


def slowest(walks: list[tuple[str, list[float]]]) -> float:
    """The seconds of the page that took the longest."""
    return max(one for _, took in walks for one in took)


@pytest.mark.slow
def test_slow_and_idle_connections_hold_nobody_up_27_8(front):
    for _ in range(2 * WORKERS):  # servers that just started compile every page first
        walk(front)
    usual = slowest(walk_together(front))
    with ExitStack() as stack:
        with ThreadPoolExecutor(16) as pool:
            for connection in pool.map(idle, [front] * IDLE):
                stack.enter_context(connection)
        for number in range(HALF_OPEN):
            connection = stack.enter_context(front.connect())
            connection.sendall(HALF_A_FORM if number % 2 else HALF_A_HEAD)
        walks = walk_together(front)
    assert {path.startswith("/p/") for path, _ in walks} == {True}
    assert slowest(walks) < SLOWEST_S + usual  # of a machine that may be busy with other tests
    assert len({path for path, _ in walks}) == PEOPLE


@pytest.mark.slow
def test_the_unit_for_systemd_is_one(tmp_path):
    unit = tmp_path / "lorikeet@8001.service"
    text = (ROOT / "docs/deploy/lorikeet@.service").read_text()
    unit.write_text(text.replace("/srv/lorikeet", str(ROOT)).replace("User=lorikeet", "User=root"))
    command = ["systemd-analyze", "verify", str(unit)]
    said = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
    assert "lorikeet" not in said.stderr, said.stderr
