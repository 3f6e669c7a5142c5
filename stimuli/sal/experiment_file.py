"""From files to an experiment: one file for all of it, or one for a figure and one for a data set.

What a figure asks (scenarios, criteria, probes, alphas, change points, seeds) can be asked of any
data set; its pictures and its budget are facts of the data set. Imports no torch.
"""

import logging
import tomllib
from pathlib import Path

from stimuli.sal.experiment import Experiment, ExperimentError, GridSettings, checked_experiment
from stimuli.sal.round_settings import RoundSettings

log = logging.getLogger(__name__)

OF_THE_DATA_SET = ("dataset", "rounds")
"""The tables of a data set's file."""


def read_experiment(path: Path, dataset: Path | None = None) -> Experiment:
    """Read the file of an experiment, or that of a figure with that of a data set.

    Change points of a figure that no round of the data set's budget reaches are left out, and a
    warning says so.

    Args:
        dataset: a file with the tables `[dataset]` and `[rounds]`, which `path` then has not.

    Raises:
        ExperimentError: with every problem, if they are no valid experiment.
    """
    if dataset is not None:
        return _on_dataset(path, dataset)
    tables = _read_tables(path)
    if "dataset" not in tables:
        problem = "has no table [dataset]; add --dataset FILE.toml, or the table"
        raise ExperimentError(str(path), [problem])
    return checked_experiment(tables, subject=str(path))


def _on_dataset(figure: Path, dataset: Path) -> Experiment:
    asked, of_data, subject = _read_tables(figure), _read_tables(dataset), f"{figure} on {dataset}"
    problems = [
        f"[{name}] is for the data set's file to say; remove it from {figure}, or --dataset"
        for name in OF_THE_DATA_SET
        if name in asked
    ]
    problems += [
        f"[{name}] is not for the data set's file to say; remove it from {dataset}"
        for name in of_data
        if name not in OF_THE_DATA_SET
    ]
    if problems:
        raise ExperimentError(subject, problems)
    experiment = checked_experiment(asked | of_data, subject=subject)
    if experiment.grid is None:
        return experiment
    grid = _within_budget(experiment.grid, experiment.rounds, subject)
    return experiment.model_copy(update={"grid": grid})


def _read_tables(path: Path) -> dict[str, object]:
    if not path.is_file():
        raise ExperimentError(str(path), ["there is no such file; give the path of a TOML file"])
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExperimentError(str(path), [f"is not TOML: {error}"]) from None


def _within_budget(grid: GridSettings, rounds: RoundSettings, subject: str) -> GridSettings:
    """The grid with those of its change points that a round reaches."""
    reached = tuple(share for share in grid.change_points if rounds.reaches(share))
    missed = [f"{share:g}" for share in grid.change_points if share not in reached]
    if not missed:
        return grid
    shares = ", ".join(f"{share:g}" for share in rounds.shares)
    problem = f"no round of the data set reaches {', '.join(missed)}, only {shares}"
    if not reached:
        raise ExperimentError(subject, [f"grid.change_points: {problem}; choose some of these"])
    remaining = ", ".join(f"{share:g}" for share in reached)
    log.warning("%s: change points: %s; left are %s", subject, problem, remaining)
    return grid.model_copy(update={"change_points": reached})
