"""All runs of a grid, in processes of a local Dask cluster or on the machines of another one.

A run is a task of its own and needs nothing from another but what is kept on the disk; each has
one thread, so that any number of processes gives the same digits.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dask
import torch
from distributed import Client, Future, LocalCluster, as_completed
from tqdm import tqdm

from stimuli import memory
from stimuli.cache import Cache
from stimuli.problems import ProblemsError
from stimuli.sal.experiment import Experiment, ExperimentError
from stimuli.sal.learning.context import Bench
from stimuli.sal.runs.combinations import combinations, shared_beginnings
from stimuli.sal.runs.opening import new_bench
from stimuli.sal.runs.progress import note_start
from stimuli.sal.runs.rounds import rounds
from stimuli.sal.runs.run_folder import finished, run

# Dask's own has processes give memory back at once.
WORKERS = {"distributed.nanny.pre-spawn-environ": {**memory.ENVIRONMENT, "OMP_NUM_THREADS": "1"}}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a grid runs.

    Attributes:
        data: folder of the data set, None where it needs none.
        masks: folder of another program's masks, for scenario "files".
        kept: what models answered.
        out: a folder for each run.
    """

    data: Path | None
    masks: Path | None
    cache: Cache
    out: Path
    device: str | None = None


def grid(experiment: Experiment, place: Place, *, workers: int, scheduler: str | None) -> None:
    """Do all runs that are not finished.

    Args:
        workers: processes of a local cluster.
        scheduler: the address of another cluster, which sees the same folders; then `workers`
            does not matter.

    Raises:
        ExperimentError: naming the runs that cannot be done, after all others are.
    """
    runs = combinations(experiment)
    _require_all(runs, place)
    left = {n: e for n, e in runs.items() if not finished(place.out / n, e)}
    note_start(runs, place.out)
    with _client(workers, scheduler) as client:
        problems = _follow(_submitted(client, left, place), n_finished=len(runs) - len(left))
    if problems:
        raise ExperimentError(str(place.out), problems)


def _require_all(runs: Mapping[str, Experiment], place: Place) -> None:
    """Refuse the grid if a run of it cannot be, before one is begun. Pictures are cut here too."""
    problems: dict[str, None] = {}
    for experiment in runs.values():
        try:
            _bench(experiment, place)
        except ExperimentError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise ExperimentError("the grid", list(problems))


@contextmanager
def _client(workers: int, scheduler: str | None) -> Iterator[Client]:
    if scheduler is not None:
        with Client(scheduler) as client:
            yield client
        return
    # Else it tells of every connection that is opened and closed.
    logging.getLogger("distributed").setLevel(logging.WARNING)
    settings = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": ":0"}
    with dask.config.set(WORKERS):
        cluster = LocalCluster(host="127.0.0.1", **settings)
    with cluster, Client(cluster) as client:
        yield client


def _submitted(
    client: Client, runs: Mapping[str, Experiment], place: Place
) -> dict["Future[None]", str]:
    """Where runs share their first rounds, one does them before the others begin.

    Without priorities Dask begins what was submitted within a tenth of a second in any order.
    """
    urgent = {name: -place_in_line for place_in_line, name in enumerate(runs)}
    beginnings = shared_beginnings(runs)
    first = {
        name: client.submit(_begin, runs[name], place, pure=False, priority=urgent[name])
        for name in beginnings
    }
    waits = {other: first[n] for n, others in beginnings.items() for other in (n, *others)}
    return {
        client.submit(
            _run, name, experiment, place, waits.get(name), pure=False, priority=urgent[name]
        ): name
        for name, experiment in runs.items()
    }


def _follow(runs: Mapping["Future[None]", str], *, n_finished: int) -> list[str]:
    """Wait for all; what went wrong, by run."""
    problems, total = [], n_finished + len(runs)
    with tqdm(total=total, initial=n_finished, desc="grid", unit="run") as bar:
        for future in as_completed(runs):
            if isinstance(error := future.exception(), ProblemsError):
                problems += [f"{runs[future]}: {problem}" for problem in error.problems]
            elif error is not None:
                raise error
            bar.update()
    return problems


def _begin(experiment: Experiment, place: Place) -> None:
    """The rounds until the change point; what their models answer is kept."""
    bench = _bench(experiment, place)
    change = experiment.rounds.change_size(len(bench.data.train))
    next(found for found in rounds(bench) if len(found.labelled) >= change)


def _run(name: str, experiment: Experiment, place: Place, begun: None) -> None:
    """`begun` is the end of the shared first rounds, which Dask waits for."""
    run(_bench(experiment, place), place.out / name)


def _bench(experiment: Experiment, place: Place) -> Bench:
    torch.set_num_threads(1)
    return new_bench(
        experiment, data=place.data, masks=place.masks, cache=place.cache, device=place.device
    )
