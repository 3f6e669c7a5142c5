"""How far the runs of a grid are, from what they wrote: for a look from another terminal.

Imports no torch: it answers at once.
"""

import csv
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from stimuli.cache import write_bytes
from stimuli.sal.experiment import Experiment, ExperimentError
from stimuli.sal.runs.combinations import cost

CURVE, PROGRESS = "curve.csv", "progress.json"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One run.

    Attributes:
        n_done: rounds that are done, of `n_rounds`.
        last: the last line of its curve; empty before there is one.
    """

    name: str
    n_done: int
    n_rounds: int
    last: Mapping[str, str]


def note_start(runs: Mapping[str, Experiment], out: Path) -> None:
    """Write what is to be done, when that began, and what was done by then."""
    facts = {
        "runs": {name: e.model_dump(mode="json") for name, e in runs.items()},
        "began_s": time.time(),
        "units_before": sum(units_done(out / name, e) for name, e in runs.items()),
    }
    write_bytes(out / PROGRESS, [json.dumps(facts, indent=1).encode()])


def read_progress(out: Path) -> tuple[list[Progress], float | None]:
    """Every run, and the seconds that are left; None while nothing was done since the start.

    Raises:
        ExperimentError: if there is no grid.
    """
    path = out / PROGRESS
    if not path.is_file():
        raise ExperimentError(str(out), ["holds no grid; give the --out of `grid`"])
    facts = json.loads(path.read_text())
    runs = {name: Experiment.model_validate(e) for name, e in facts["runs"].items()}
    progress = []
    for name, experiment in runs.items():
        lines = _lines(out / name)
        last, n_rounds = (lines or [{}])[-1], len(experiment.rounds.shares)
        progress.append(Progress(name=name, n_done=len(lines), n_rounds=n_rounds, last=last))
    units = sum(cost(e, p.n_done) for e, p in zip(runs.values(), progress, strict=True))
    n_new, n_left = units - facts["units_before"], sum(map(cost, runs.values())) - units
    elapsed = time.time() - facts["began_s"]
    return progress, elapsed / n_new * n_left if n_new > 0 else None


def progress_table(out: Path) -> str:
    """The runs as lines of text, and how long the rest takes.

    Raises:
        ExperimentError: if there is no grid.
    """
    runs, seconds = read_progress(out)
    width = max(len(run.name) for run in runs)
    lines = [f"{'run':<{width}}  rounds  accuracy   dice"]
    for run in runs:
        scores = (float(run.last.get(name) or "nan") for name in ("accuracy", "dice"))
        cells = "  ".join(f"{score:>8.1%}" if score == score else " " * 8 for score in scores)
        lines.append(f"{run.name:<{width}}  {run.n_done:>2}/{run.n_rounds:<3} {cells}".rstrip())
    n_finished = sum(run.n_done == run.n_rounds for run in runs)
    rest = f", about {timedelta(seconds=round(seconds))} left" if seconds else ""
    return "\n".join([*lines, f"{n_finished} of {len(runs)} runs finished{rest}"])


def units_done(folder: Path, experiment: Experiment) -> float:
    """What the rounds that a run finished took, in trainings on all images."""
    return cost(experiment, len(_lines(folder)))


def _lines(folder: Path) -> list[dict[str, str]]:
    path = folder / CURVE
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
