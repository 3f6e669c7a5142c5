"""A machine from the options of a command, each of which is tried before any work."""

from collections.abc import Sequence
from pathlib import Path

import torch

from stimuli.models.classifiers import Machine
from stimuli.models.options import option_problems
from stimuli.models.plugins import found_plugins
from stimuli.problems import ProblemsError
from stimuli.study import Study


def machine_of(
    study: Study,
    *,
    checkpoints: Sequence[str],
    predictions: Sequence[str],
    neighbours: Sequence[str],
    explanations: Sequence[str],
    salient: Path | None,
    plugins: Sequence[Path],
    device: str | None,
    problems: Sequence[str] = (),
) -> Machine:
    """What a command was given for a study.

    Args:
        checkpoints, predictions, neighbours, explanations: as NAME=PATH.
        plugins: files of Python, which are run.
        device: such as cpu; a GPU is used where there is one.
        problems: what else is wrong with the command.

    Raises:
        ProblemsError: with every problem.
    """
    wrong = [*problems]
    brought, unfit = found_plugins(study, plugins)
    processor, *missing = device_of(device)
    machine = Machine(
        checkpoints=paths_of("--checkpoint", checkpoints, wrong),
        predictions=paths_of("--predictions", predictions, wrong),
        neighbours=paths_of("--neighbours", neighbours, wrong),
        explanations=paths_of("--explanations", explanations, wrong),
        salient=salient,
        plugins=brought,
        device=processor,
    )
    if found := [*wrong, *missing, *unfit, *option_problems(study, machine)]:
        raise ProblemsError("the command", found)
    return machine


def device_of(name: str | None) -> tuple[torch.device, *tuple[str, ...]]:
    """A device, the best one by default, and what is wrong with its name."""
    best = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return (torch.device(name or best),)
    except RuntimeError:
        return torch.device("cpu"), f"--device {name}: is none; say cpu or cuda, or leave it out"


def paths_of(option: str, values: Sequence[str], problems: list[str]) -> dict[str, Path]:
    """The paths by name of NAME=PATH; what is wrong with them is added to the problems."""
    pairs = [(name, path) for name, _, path in (one.partition("=") for one in values)]
    names = [name for name, _ in pairs]
    problems += [
        f"{option} {one}: is not NAME=PATH; say which of them has which path"
        for one, pair in zip(values, pairs, strict=True)
        if not all(pair)
    ]
    problems += [
        f"{option} {name}: is given more than once; keep one"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    return {name: Path(path) for name, path in pairs if name and path}
