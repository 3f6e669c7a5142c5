"""The runs of a grid: every combination, each with a name that says how it differs."""

from collections.abc import Mapping, Sequence
from itertools import product

from stimuli.sal.experiment import Experiment, ExperimentError, checked_experiment
from stimuli.sal.runs.scenarios import SCENARIOS, interpreter


def combinations(experiment: Experiment) -> dict[str, Experiment]:
    """The runs by name, those that take longest first; of equal ones in the order of the file.

    A scenario that the change point changes nothing of, as B1 and B2, is run at one of them.

    Raises:
        ExperimentError: if the file has no grid, or a run of it cannot be.
    """
    grid = experiment.grid
    if grid is None:
        raise ExperimentError("the experiment", ["has no table [grid]; add one, or use `run`"])
    run, rounds = experiment.run, experiment.rounds
    own = rounds.change_point
    runs, change_points = {}, grid.change_points or (own,)
    only = own if own in change_points else change_points[0]
    for scenario, criterion, probe, change, alpha, seed in product(
        grid.scenarios or (run.scenario,),
        grid.criteria or (run.criterion,),
        grid.probes or (run.probe,),
        change_points,
        grid.alphas or (experiment.loss.alpha,),
        range(run.seed, run.seed + grid.seeds),
    ):
        if not SCENARIOS[scenario].changes and change != only:
            continue
        changes: dict[str, dict[str, object]] = {
            "run": {"scenario": scenario, "criterion": criterion, "probe": probe, "seed": seed},
            "rounds": {"change_point": change},
            "loss": {"alpha": alpha},
        }
        varied: list[str] = [probe] * (len(grid.probes) > 1)
        varied += [f"change{change:g}"] * (len(grid.change_points) > 1)
        varied += [f"alpha{alpha:g}"] * (len(grid.alphas) > 1)
        name = "-".join([scenario, criterion, *varied, f"seed{seed}"])
        runs[name] = changed(experiment, changes)
    return dict(sorted(runs.items(), key=lambda item: -cost(item[1])))


def changed(experiment: Experiment, changes: dict[str, dict[str, object]]) -> Experiment:
    """The experiment of one run with other settings, checked again.

    Raises:
        ExperimentError: if it cannot be.
    """
    plain = experiment.model_dump(exclude={"grid"})
    tables = plain | {name: plain[name] | new for name, new in changes.items()}
    return checked_experiment(tables, subject="a run of the grid")


def cost(experiment: Experiment, n_rounds: int | None = None) -> float:
    """What so many rounds take, in trainings on all images; the last round needs no masks."""
    shares = experiment.rounds.shares
    finished = shares[:n_rounds]
    total = sum(finished)
    if SCENARIOS[experiment.run.scenario].after is interpreter:
        change = experiment.rounds.change_point
        total += sum(share for share in finished if change <= share < shares[-1])
    return total


def shared_beginnings(runs: Mapping[str, Experiment]) -> dict[str, Sequence[str]]:
    """By the run whose first rounds others share: these others.

    Until the change point people draw all masks, whatever scenario follows.
    """
    groups: dict[str, list[str]] = {}
    for name, experiment in runs.items():
        if SCENARIOS[experiment.run.scenario].needs_masks:
            alike = changed(experiment, {"run": {"scenario": "b2"}}).model_dump_json()
            groups.setdefault(alike, []).append(name)
    return {names[0]: names[1:] for names in groups.values() if len(names) > 1}
