"""How many answers a second our server takes, beside oTree's, and how long one takes to come back.

An answer is one acknowledged screen's form with the next screen fetched; of our screens, one in
three asks for a decision. Both servers have as many pages, SQLite, and the same clients, in a
process of their own on the same two cores.
"""

import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from study_app import create_app
from study_app.simulation.server import serving
from study_app.tokens import SIMULATED_HEADER, simulated_token
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import machine
from tests.lab import ROOT, run
from tests.study_app.invented import build_bundle, study_text
from tests.study_app.sites import close, load

PAGES = 30  # 2 before the trials, 2 x 2 of practice, 2 x 3 of validation, 6 x 3 of test
CLIENTS, ROUND_S, ROUNDS = size((16, 12, 3), quick=(2, 2, 1))
THINKERS, THINK_S, THINKING_S = size((100, 3, 30), quick=(2, 0.2, 2))
OTREE = "otree>=6,<7"
OTREE_PEOPLE = 300  # more than all rounds need
START_S = 60
SETTINGS = """
SESSION_CONFIGS = [dict(name="judge", app_sequence=["judge"], num_demo_participants=1)]
SESSION_CONFIG_DEFAULTS = dict(real_world_currency_per_point=1, participation_fee=0)
LANGUAGE_CODE, REAL_WORLD_CURRENCY_CODE, USE_POINTS = "en", "GBP", False
ADMIN_USERNAME, ADMIN_PASSWORD, SECRET_KEY = "admin", "benchmark", "benchmark"
"""
APP = f"""
from otree.api import BaseConstants, BaseGroup, BasePlayer, BaseSubsession, Page, models

class C(BaseConstants):
    NAME_IN_URL, PLAYERS_PER_GROUP, NUM_ROUNDS = "judge", None, {PAGES}

class Subsession(BaseSubsession):
    pass

class Group(BaseGroup):
    pass

class Player(BasePlayer):
    accept = models.BooleanField()
    rt_ms = models.FloatField()

class Judge(Page):
    form_model = "player"
    form_fields = ["accept", "rt_ms"]

page_sequence = [Judge]
"""
TEMPLATE = """
{{ block title }}Is this a Blue Morpho?{{ endblock }}
{{ block content }}
<p>Sam guessed this is 92 % Blue Morpho.</p>
<input type="hidden" name="rt_ms" value="">
<button type="submit" name="accept" value="True">Yes</button>
<button type="submit" name="accept" value="False">No</button>
{{ endblock }}
"""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What clients measured.

    Attributes:
        p50_ms: and p95_ms, from sending an answer until the next screen is there.
    """

    answers_per_s: float
    decisions_per_s: float
    p50_ms: float
    p95_ms: float

    def __str__(self) -> str:
        return (
            f"{self.answers_per_s:.1f} answers/s ({self.decisions_per_s:.1f} decisions/s), "
            f"median {self.p50_ms:.1f} ms, p95 {self.p95_ms:.1f} ms"
        )


@dataclass(frozen=True, kw_only=True)
class Side:
    """A server: its address, where people enter, and what marks them as invented."""

    address: str
    path: str
    header: str = ""


def measure(side: Side, *, clients: int, seconds: float, think_s: float = 0) -> Load:
    """Send clients from a process of their own."""
    client = Path(__file__).with_name("load_client.py")
    how = (side.address, side.path, clients, seconds, think_s, side.header)
    counts = json.loads(run(sys.executable, client, *how))
    cuts = statistics.quantiles(counts["latencies_ms"], n=20)
    return Load(
        answers_per_s=len(counts["latencies_ms"]) / seconds,
        decisions_per_s=counts["decisions"] / seconds,
        p50_ms=cuts[9],
        p95_ms=cuts[18],
    )


@contextmanager
def our_server(folder: Path) -> Iterator[Side]:
    """Our server as in production, with a study of thirty pages."""
    bundle = build_bundle(folder / "bundle", study_text(practice=2, validation=2, test=6))
    app = create_app(instance_path=str(folder / "instance"))
    load(app, bundle.path)
    with app.app_context():
        header = f"{SIMULATED_HEADER}: {simulated_token()}"
    with serving(app) as address:
        yield Side(address=address, path="/", header=header)
    close(app)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    with our_server(tmp_path_factory.mktemp("ours")) as side:
        yield side


@pytest.fixture(scope="module")
def otree() -> Path:
    """oTree's command, in an environment of its own, made here: it wants an old SQLAlchemy."""
    venv = ROOT / "instance/otree_venv"
    if not (venv / "bin/otree").exists():
        run(sys.executable, "-m", "venv", venv)
        run(venv / "bin/pip", "install", "--quiet", OTREE)
    return venv / "bin/otree"


def write_otree_app(folder: Path) -> None:
    """What oTree needs to ask for thirty pages."""
    for path, text in (
        ("settings.py", SETTINGS),
        ("judge/__init__.py", APP),
        ("judge/Judge.html", TEMPLATE),
        ("_static/README", ""),
    ):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, "utf-8")


@pytest.fixture(scope="module")
def theirs(otree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    """oTree's server as in production, with an app of thirty pages."""
    folder = tmp_path_factory.mktemp("theirs")
    write_otree_app(folder)
    environment = os.environ | {
        "PATH": f"{otree.parent}{os.pathsep}{os.environ['PATH']}",
        "OTREE_PRODUCTION": "1",
        "OTREE_REST_KEY": "benchmark",
    }
    reset = [str(otree), "resetdb", "--noinput"]
    subprocess.run(reset, cwd=folder, env=environment, check=True, capture_output=True)
    with _otree_server(otree, folder, environment) as port:
        yield Side(address=f"http://127.0.0.1:{port}", path=_entrance(port))


@contextmanager
def _otree_server(otree: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [str(otree), "prodserver1of2", str(port)],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _entrance(port: int) -> str:
    """The path of a new session's link for everybody, once the server answers."""
    body = json.dumps({"session_config_name": "judge", "num_participants": OTREE_PEOPLE})
    headers = {"otree-rest-key": "benchmark", "Content-Type": "application/json"}
    give_up = time.monotonic() + START_S
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=START_S)
        try:
            connection.request("POST", "/api/sessions", body, headers)
            answer = connection.getresponse().read().decode()
            return "/join/" + re.search(r"/join/(\w+)", answer)[1]
        except ConnectionError:
            assert time.monotonic() < give_up, "oTree does not answer"
            time.sleep(0.2)
        finally:
            connection.close()


def test_answers_per_second_without_think_time_beside_otree(ours: Side, theirs: Side) -> None:
    sides = {"ours": ours, "oTree": theirs}
    loads: dict[str, list[Load]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            loads[name].append(measure(side, clients=CLIENTS, seconds=ROUND_S))
    rates = {n: statistics.median(one.answers_per_s for one in each) for n, each in loads.items()}
    decisions = statistics.median(one.decisions_per_s for one in loads["ours"])
    ratio = rates["ours"] / rates["oTree"]
    lines = [f"{name}: {one}" for name, each in loads.items() for one in each]
    lines.append(f"medians {rates['ours']:.1f}/s and {rates['oTree']:.1f}/s, ratio {ratio:.1f}")
    lines.append(f"median of ours {decisions:.1f} decisions/s")
    title = f"\n{CLIENTS} clients without think time, {PAGES} pages ({machine()})"
    print(title, *lines, sep="\n", flush=True)  # noqa: T201
    assert QUICK or decisions >= 150
    assert QUICK or ratio >= 3


def test_a_hundred_people_who_think_for_three_seconds_wait_little(ours: Side) -> None:
    waiting = measure(ours, clients=THINKERS, seconds=THINKING_S, think_s=THINK_S)
    print(f"\n{THINKERS} people, {THINK_S} s of think time: {waiting} ({machine()})")  # noqa: T201
    assert QUICK or waiting.p95_ms < 150
