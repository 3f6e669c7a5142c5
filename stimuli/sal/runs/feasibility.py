"""What makes an experiment impossible on its data: found before anything is trained."""

import numpy as np

from explainers.networks.trunk import n_modules
from stimuli.models.options import library_parts
from stimuli.sal.data.images import Data
from stimuli.sal.experiment import Experiment, ExperimentError
from stimuli.sal.runs.scenarios import SCENARIOS


def library_problems(backbone: str, experiment: Experiment, *, side: int) -> list[str]:
    """Why a library's network cannot be trained so on pictures of that side, if it cannot."""
    try:
        parts = library_parts(backbone, side)
    except ValueError as error:
        return [f"model: {error}"]
    problems = []
    if experiment.run.probe == "cam" and not parts.averages:
        problem = f"'cam' weighs maps by the last layer, to which {backbone} gives no means of them"
        problems.append(f"run.probe: {problem}; choose 'gradcam', 'gradcam++' or 'hirescam'")
    if experiment.model.frozen and parts.layout.order != "channels first":
        problems.append(f"model.frozen: what {backbone} makes are no maps that are kept; say 0")
    return problems


def require_feasible(experiment: Experiment, data: Data, file_masks: np.ndarray | None) -> None:
    """Refuse what cannot work.

    Args:
        file_masks: as `RunContext` has them; None where no files are given.

    Raises:
        ExperimentError: with every problem.
    """
    problems = [
        f"the split {name} has no picture; add some, or change what leaves them out in [dataset]"
        for name in ("train", "val", "test")
        if not len(getattr(data, name))
    ]
    # The first images show each class once (SAL, appendix A).
    n, n_classes = len(data.train), len(np.unique(data.train.labels))
    if (first := experiment.rounds.sizes(n)[0]) < n_classes:
        problem = f"rounds.start: {first} of {n} images cannot show each of {n_classes} classes"
        problems.append(f"{problem}; begin with {n_classes / n:.3f} or more")
    name, scenario = experiment.run.scenario, SCENARIOS[experiment.run.scenario]
    if scenario.needs_masks and not data.train.has_mask.any():
        problems.append(
            f"run.scenario: {name!r} needs masks of training images, and the data set has none; "
            "add some, or choose 'b1' or 'files'"
        )
    if scenario.needs_files and file_masks is None:
        problems.append(f"run.scenario: {name!r} reads masks from files; add --masks DIR")
    if not scenario.needs_files and file_masks is not None:
        problems.append(f"run.scenario: {name!r} has no use for --masks; remove it")
    backbone, frozen = experiment.model.backbone, experiment.model.frozen
    for library in {backbone, experiment.model.teacher} - {None}:
        if library and "/" in library:
            problems += library_problems(library, experiment, side=data.train.pixels.shape[2])
    if frozen and frozen >= (n_parts := n_modules(backbone)):
        problem = f"{backbone} has {n_parts} modules, so {n_parts - 1} at most, not {frozen}"
        problems.append(f"model.frozen: {problem}")
    if problems:
        raise ExperimentError("the experiment", problems)
