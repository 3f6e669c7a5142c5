"""How many answers a second our server takes, beside oTree's, and how long one takes to come back.

An answer is one acknowledged screen's form with the next screen fetched; of our screens, one in
three asks for a decision. All servers have as many pages and the same clients, in a process of
their own on the same two cores. The last test prints the table of `docs/server.md`.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from study_app import create_app
from study_app.simulation.server import serving
from study_app.tokens import SIMULATED_HEADER, simulated_mark
from tests.benchmarks.otree import OTREE, PAGES, entrance, otree_server, write_otree_app
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import machine
from tests.lab import ROOT, run
from tests.nginx import nginx_before
from tests.postgresql import new_database, postgresql_server
from tests.study_app.invented import build_bundle, study_text
from tests.study_app.sites import close, load

# 30 pages: 2 before the trials, 2 x 2 of practice, 2 x 3 of validation, 6 x 3 of test
SHORT = {"practice": 2, "validation": 2, "test": 6}
WHOLE = {
    "practice": 5,
    "validation": 10,
    "test": 30,
}  # what a press of Start stores in a real study
CLIENTS, ROUND_S, ROUNDS = size((16, 12, 3), quick=(2, 2, 1))
THINKERS, THINK_S, THINKING_S = size(((100, 400, 1000), 3, 30), quick=((2,), 0.2, 2))
STARTS_PER_S = 50  # of people who then think; few enough that nobody waits before it counts
CROWD, CROWD_S = size((400, 4), quick=(4, 1))


@dataclass(frozen=True, kw_only=True)
class Load:
    """What clients measured.

    Attributes:
        start_ms: the 95th percentile from a press of Start until the first screen is there.
        p50_ms: and p95_ms, from sending an answer until the next screen is there; None where
            nobody answered.
    """

    start_ms: float
    answers_per_s: float
    decisions_per_s: float
    p50_ms: float | None
    p95_ms: float | None

    def __str__(self) -> str:
        return (
            f"{self.answers_per_s:.1f} answers/s ({self.decisions_per_s:.1f} decisions/s), "
            f"median {self.p50_ms or 0:.1f} ms, p95 {self.p95_ms or 0:.1f} ms, "
            f"Start p95 {self.start_ms:.0f} ms"
        )


@dataclass(frozen=True, kw_only=True)
class Side:
    """A server: its address, where people enter, and what marks them as invented.

    Attributes:
        certificate: of a server with one of its own.
    """

    address: str
    path: str
    header: str = ""
    certificate: Path | None = None


def measure(
    side: Side, *, clients: int, seconds: float, think_s: float = 0, come_s: float = 0
) -> Load:
    """Send clients from a process of their own, who come within `come_s` before it counts."""
    client = Path(__file__).with_name("load_client.py")
    how = (side.address, side.path, clients, come_s, seconds, think_s, side.header)
    with pytest.MonkeyPatch.context() as patch:
        if side.certificate:
            patch.setenv("SSL_CERT_FILE", str(side.certificate))
        counts = json.loads(run(sys.executable, client, *how))
    latencies = counts["latencies_ms"]
    cuts = statistics.quantiles(latencies, n=20) if latencies else None
    return Load(
        start_ms=statistics.quantiles(counts["starts_ms"], n=20)[18],
        answers_per_s=len(latencies) / seconds if seconds else 0,
        decisions_per_s=counts["decisions"] / seconds if seconds else 0,
        p50_ms=cuts[9] if cuts else None,
        p95_ms=cuts[18] if cuts else None,
    )


@contextmanager
def our_app(
    folder: Path, trials: Mapping[str, int], *, database: str | None = None, proxies: int = 0
) -> Iterator[Flask]:
    """An app with a study of so many trials."""
    per_cell = max(2, trials["test"] // 6)
    bundle = build_bundle(folder / "bundle", study_text(**trials), per_cell=per_cell)
    instance = folder / "instance"
    instance.mkdir()
    (instance / "config.py").write_text(f"PROXIES = {proxies}\n")
    settings = {"SQLALCHEMY_DATABASE_URI": database} if database else {}
    app = create_app(settings, instance_path=str(instance))
    load(app, bundle.path)
    yield app
    close(app)


@contextmanager
def our_server(
    folder: Path, trials: Mapping[str, int] = SHORT, *, database: str | None = None
) -> Iterator[Side]:
    """Our server as in production, by itself."""
    with our_app(folder, trials, database=database) as app, serving(app) as address:
        yield Side(address=address, path="/", header=invented_header(app))


@contextmanager
def our_servers(
    folder: Path, trials: Mapping[str, int] = SHORT, *, database: str | None = None
) -> Iterator[Side]:
    """Two of our servers behind nginx, as `docs/deploy` has them."""
    with (
        our_app(folder, trials, database=database, proxies=1) as app,
        serving(app) as one,
        serving(app) as two,
        nginx_before(folder, (one, two)) as front,
    ):
        header, certificate = invented_header(app), front.certificate
        yield Side(address=front.url, path="/", header=header, certificate=certificate)


def invented_header(app: Flask) -> str:
    """What marks people as simulated."""
    with app.app_context():
        return f"{SIMULATED_HEADER}: {simulated_mark('calibrated')}"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    with our_server(tmp_path_factory.mktemp("ours")) as side:
        yield side


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgresql_server(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture(scope="module")
def otree() -> Path:
    """oTree's command, in an environment of its own, made here: it wants an old SQLAlchemy."""
    venv = ROOT / "instance/otree_venv"
    if not (venv / "bin/otree").exists():
        run(sys.executable, "-m", "venv", venv)
        run(venv / "bin/pip", "install", "--quiet", OTREE)
    return venv / "bin/otree"


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
    with otree_server(otree, folder, environment) as port:
        yield Side(address=f"http://127.0.0.1:{port}", path=entrance(port))


def test_answers_per_second_without_think_time_beside_otree(ours: Side, theirs: Side) -> None:
    loads = in_turns({"ours": ours, "oTree": theirs})
    ratio = loads["ours"].answers_per_s / loads["oTree"].answers_per_s
    print(f"ratio {ratio:.1f}")  # noqa: T201
    assert QUICK or loads["ours"].decisions_per_s >= 100
    assert QUICK or ratio >= 3


def in_turns(sides: Mapping[str, Side]) -> dict[str, Load]:
    """Clients without think time, in rounds; the round of each side with the median rate."""
    loads: dict[str, list[Load]] = {name: [] for name in sides}
    print(f"\n{CLIENTS} clients without think time, {PAGES} pages ({machine()})")  # noqa: T201
    for _ in range(ROUNDS):
        for name, side in sides.items():
            loads[name].append(measure(side, clients=CLIENTS, seconds=ROUND_S))
            print(f"{name}: {loads[name][-1]}", flush=True)  # noqa: T201
    return {
        name: sorted(rounds, key=lambda one: one.answers_per_s)[ROUNDS // 2]
        for name, rounds in loads.items()
    }


@pytest.mark.parametrize("front", [our_server, our_servers])
@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_a_crowd_presses_start(
    tmp_path: Path, postgres: str, front: Callable[..., AbstractContextManager[Side]], database: str
) -> None:
    address = new_database(postgres) if database == "PostgreSQL" else None
    with front(tmp_path, WHOLE, database=address) as side:
        measure(side, clients=20, come_s=2, seconds=0)  # pages are compiled
        crowd = measure(side, clients=CROWD, come_s=CROWD_S, seconds=0)
    print(  # noqa: T201
        f"\n{database}, {front.__name__}: {CROWD} people within {CROWD_S} s, Start p95 "
        f"{crowd.start_ms:.0f} ms ({machine()})"
    )
    assert QUICK or front is our_servers or crowd.start_ms < 300


def test_people_who_think_for_three_seconds_wait_little(
    tmp_path: Path, ours: Side, theirs: Side, postgres: str
) -> None:
    with ExitStack() as stack:
        address, folders = new_database(postgres), [tmp_path / name for name in ("1", "2", "3")]
        for folder in folders:
            folder.mkdir()
        sides = {
            "SQLite": ours,
            "PostgreSQL": stack.enter_context(our_server(folders[0], database=address)),
            "SQLite, behind nginx": stack.enter_context(our_servers(folders[1])),
            "PostgreSQL, behind nginx": stack.enter_context(
                our_servers(folders[2], database=new_database(postgres))
            ),
            "oTree": theirs,
        }
        rates = in_turns(sides)
        waits = {
            name: [
                measure(
                    side, clients=n, come_s=n / STARTS_PER_S, seconds=THINKING_S, think_s=THINK_S
                )
                for n in THINKERS
            ]
            for name, side in sides.items()
        }
    print_table(rates, waits)
    assert QUICK or waits["SQLite"][0].p95_ms < 150
    assert QUICK or waits["PostgreSQL, behind nginx"][-1].p95_ms < 1000


def print_table(rates: Mapping[str, Load], waits: Mapping[str, Sequence[Load]]) -> None:
    """The table of `docs/server.md`: decisions of oTree are its answers."""
    heads = ["", "answers/s", "decisions/s", *(f"p95, {n:,} people" for n in THINKERS)]
    print(f"\n{machine()}", "| " + " | ".join(heads) + " |", sep="\n")  # noqa: T201
    print("|---" * len(heads) + "|")  # noqa: T201
    for name, rate in rates.items():
        cells = [name, f"{rate.answers_per_s:.0f}", f"{rate.decisions_per_s:.0f}"]
        cells += [f"{one.p95_ms or 0:,.0f} ms ({one.answers_per_s:.0f}/s)" for one in waits[name]]
        print("| " + " | ".join(cells) + " |", flush=True)  # noqa: T201
