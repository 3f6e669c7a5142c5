"""All runs of a grid, in processes of a local Dask cluster or on the machines of another one.

A run is a task of its own and needs nothing from another but what is cached on the disk; each has
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

from stimuli import memory
from stimuli.cache import Cache
from stimuli.problems import ProblemsError
from stimuli.progress_bars import tqdm
from stimuli.sal.experiment import Experiment, ExperimentError
from stimuli.sal.learning.context import RunContext
from stimuli.sal.runs.combinations import combinations, shared_beginnings
from stimuli.sal.runs.dataset_names import dataset_name, named
from stimuli.sal.runs.preparation import new_context
from stimuli.sal.runs.progress import note_start
from stimuli.sal.runs.rounds import rounds
from stimuli.sal.runs.run_folder import data_digest, finished, run

# Dask's own has processes give memory back at once.
WORKERS = {"distributed.nanny.pre-spawn-environ": {**memory.ENVIRONMENT, "OMP_NUM_THREADS": "1"}}


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Where a grid runs.

    Attributes:
        data: folder of the data set, None where it needs none.
        masks: folder of another program's masks, for scenario "files".
        cache: what models predicted.
        out: a folder for each run.
    """

    data: Path | None
    masks: Path | None
    cache: Cache
    out: Path
    device: str | None = None


def grid(
    experiment: Experiment, environment: Environment, *, workers: int, scheduler: str | None
) -> None:
    """Do all runs that are not finished.

    Args:
        workers: processes of a local cluster.
        scheduler: the address of another cluster, which sees the same folders; then `workers`
            does not matter.

    Raises:
        ExperimentError: naming the runs that cannot be done, after all others are.
    """
    name = dataset_name(experiment.dataset, environment.data)
    runs = combinations(named(experiment, name))
    # No run is begun if another cannot be. Pictures are cut here too.
    infeasible: dict[str, None] = {}
    data: dict[str, str] = {}
    for run_name, of_run in runs.items():
        try:
            data[run_name] = data_digest(_context(of_run, environment))
        except ExperimentError as error:
            infeasible |= dict.fromkeys(error.problems)
    if infeasible:
        raise ExperimentError("the grid", list(infeasible))
    out = environment.out
    unfinished = {n: e for n, e in runs.items() if not finished(out / n, e, data=data[n])}
    note_start(runs, environment.out)
    with _client(workers, scheduler) as client:
        futures = _submit(client, unfinished, environment)
        problems = _follow(futures, n_finished=len(runs) - len(unfinished))
    if problems:
        raise ExperimentError(str(environment.out), problems)


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


def _submit(
    client: Client, runs: Mapping[str, Experiment], environment: Environment
) -> dict["Future[None]", str]:
    """Where runs share their first rounds, one does them before the others begin.

    Without priorities Dask begins what was submitted within a tenth of a second in any order.
    """
    priority = {name: -order for order, name in enumerate(runs)}
    beginnings = shared_beginnings(runs)
    first = {
        name: client.submit(_begin, runs[name], environment, pure=False, priority=priority[name])
        for name in beginnings
    }
    waits = {other: first[n] for n, others in beginnings.items() for other in (n, *others)}
    return {
        client.submit(
            _run,
            name,
            experiment,
            environment,
            waits.get(name),
            pure=False,
            priority=priority[name],
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


def _begin(experiment: Experiment, environment: Environment) -> None:
    """The rounds until the change point; what their models predict is cached."""
    context = _context(experiment, environment)
    change = experiment.rounds.change_size(len(context.data.train))
    next(last for last in rounds(context) if len(last.labelled) >= change)


def _run(name: str, experiment: Experiment, environment: Environment, begun: None) -> None:
    """`begun` is the end of the shared first rounds, which Dask waits for."""
    run(_context(experiment, environment), environment.out / name)


def _context(experiment: Experiment, environment: Environment) -> RunContext:
    torch.set_num_threads(1)
    return new_context(
        experiment,
        data=environment.data,
        masks=environment.masks,
        cache=environment.cache,
        device=environment.device,
    )
