"""A study of its own for a test, run with the project's commands as a user runs them."""

import fcntl
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
# How long a process may take that a test waits for.
LIMIT_S = 120
HIDDEN = ("DATABASE_URL", "SECRET_KEY", "EXPERIMENTER_PASSWORD_HASH")


@dataclass(frozen=True, kw_only=True)
class Lab:
    """A folder with a study of its own, and the project's commands as a user runs them.

    Attributes:
        instance: the folder of its database and secret key.
    """

    instance: Path

    @property
    def app(self) -> str:
        """What `flask --app` and gunicorn are told."""
        return f"study_app:create_app(instance_path={str(self.instance)!r})"

    def study(self, *arguments: object) -> str:
        """Run `flask study ...`; its output."""
        return run_python("-m", "flask", "--app", self.app, "study", *arguments)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the database holds."""
        with sqlite3.connect(self.instance / "study.sqlite") as connection:
            return connection.execute(query).fetchall()

    def report(self, name: str, *simulate: object) -> Path:
        """Simulate people, export and analyse; the folder of the report."""
        self.study("simulate", *simulate)
        self.study("export", "--simulated", self.instance / "exports" / name)
        out = self.instance / "reports" / name
        run_python("-m", "analysis.report", self.instance / "exports" / name, "--out", out)
        return out


def run_python(*arguments: object) -> str:
    """Run Python with arguments from the project's root; its output."""
    return run(sys.executable, *arguments)


def run(*arguments: object) -> str:
    """Run a command from the project's root; its output."""
    command = [*map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=_quiet())
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def start_python(*arguments: object, cwd: Path | None = None) -> subprocess.Popen[bytes]:
    """Start Python in a session of its own, so that its workers can be killed with it."""
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env=_quiet() | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_once(there: Callable[[], bool], running: subprocess.Popen[bytes]) -> None:
    """Wait for something, then end a process without a chance to tidy up."""
    deadline = time.monotonic() + LIMIT_S
    while not there():
        assert running.poll() is None, "the process ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL


def _quiet() -> dict[str, str]:
    """The environment without what belongs to another database or to this test run."""
    return {k: v for k, v in os.environ.items() if k not in HIDDEN}


def kept_bundle(name: str, *options: object) -> Path:
    """The bundle of a study of ours, built by the code as it is now; kept until that changes."""
    study = ROOT / f"stimuli/studies/{name}.toml"
    build = partial(run_python, "-m", "stimuli", "build", study, *options, "--out")
    return _kept(name, [study], build)


def kept_demo() -> Path:
    """The demo's bundle, made as `make demo` makes it; kept until the code changes."""
    settings = [ROOT / "Makefile", *ROOT.glob("stimuli/**/demo.toml")]
    return _kept("demo", settings, _make_demo)


def _make_demo(folder: Path) -> None:
    models, here = folder.with_name(f"{folder.name}-models"), Path(sys.executable).parent
    places = f"DEMO={folder}", f"MODELS={models}", f"BIN={here}"
    run("make", "--old-file=.venv/installed", folder / "SHA256SUMS", *places)


def _kept(name: str, settings: Iterable[Path], make: Callable[[Path], object]) -> Path:
    """What `make` makes of these settings and of the code as it is now."""
    sources = [*ROOT.glob("stimuli/**/*.py"), *ROOT.glob("explainers/*.py"), *settings]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()
    folder = ROOT / "instance/work" / f"{name}-{digest[:12]}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first worker builds, the others wait
        if not folder.exists():
            make(folder)
    return folder
