"""Heat maps of several scenarios beside each other, as in figure 2 of the SAL paper."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from explainers.cam import heat_maps
from explainers.classifier import load_checkpoint
from stimuli.pictures.render import beside, contour
from stimuli.sal.data.images import Images
from stimuli.sal.data.masks import map_dice, unpacked
from stimuli.sal.experiment import Experiment, ExperimentError
from stimuli.sal.learning.inference import Answers, answers
from stimuli.sal.results.figures import NAMES
from stimuli.sal.runs.run_folder import CHECKPOINT, FACTS
from stimuli.seeds import generator

COMPARED = ("b1", "b2", "sal")
CELL_INCHES = 1.5


def compared_runs(folder: Path) -> dict[str, Path]:
    """The folder of a run of B1 and of SAL, of B2 too where there is one, alike otherwise.

    Raises:
        ExperimentError: if there are none.
    """
    groups: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob(f"**/{FACTS}")):
        experiment = read_facts(path.parent)
        others = experiment.model_dump_json(exclude={"run": {"scenario"}})
        groups.setdefault(others, {})[experiment.run.scenario] = path.parent
    for group in groups.values():
        if {"b1", "sal"} <= set(group):
            return {scenario: group[scenario] for scenario in COMPARED if scenario in group}
    problem = "holds no finished runs of b1 and sal that are alike otherwise; run them first"
    raise ExperimentError(str(folder), [problem])


def read_facts(folder: Path) -> Experiment:
    """The experiment of a finished run."""
    return Experiment.model_validate(json.loads((folder / FACTS).read_text())["experiment"])


def examples(runs: Mapping[str, Path], test: Images, *, n: int, seed: int) -> Figure:
    """Photos that all runs classify correctly, chosen by seed, and where each looks.

    Args:
        runs: folders by scenario.

    Raises:
        ExperimentError: if there is no such photo with a mask.
    """
    every, probe = np.arange(len(test)), read_facts(next(iter(runs.values()))).run.probe
    said = {
        scenario: answers(load_checkpoint(f / CHECKPOINT).classifier, test, every, probe=probe)
        for scenario, f in runs.items()
    }
    right = np.all([found.predicted == test.labels for found in said.values()], axis=0)
    fit = np.flatnonzero(right & test.has_mask)
    if not len(fit):
        raise ExperimentError("the runs", ["classify no photo with a mask correctly together"])
    rows = generator(seed, "examples").permutation(fit)[:n]
    return _sheet(said, test, rows)


def _sheet(said: Mapping[str, Answers], test: Images, rows: np.ndarray) -> Figure:
    """A column for each photo; below it what each run makes of it, with its Dice."""
    size = (CELL_INCHES * len(rows) + 1, CELL_INCHES * (1 + len(said)))
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots(1 + len(said), len(rows), squeeze=False)
    photos, masks = test.pixels[rows].numpy(), unpacked(test.masks[rows])
    for panel, photo, mask in zip(axes[0], photos, masks, strict=True):
        line = contour(mask.astype(float), 0.5)[..., None]
        _show(panel, photo / 255 * (1 - line) + line)
    _name(axes[0, 0], "Photo and mask")
    for panels, (scenario, found) in zip(axes[1:], said.items(), strict=True):
        _draw_row(panels, found, test, rows)
        _name(panels[0], NAMES[scenario].replace(", ", ",\n"))
    return figure


def _draw_row(panels: Sequence[Axes], found: Answers, test: Images, rows: np.ndarray) -> None:
    maps = found.maps[rows]
    heat = heat_maps(maps, (test.side, test.side)).numpy()
    dices = map_dice(maps, test.masks[rows])
    for panel, values, photo, dice in zip(panels, heat, test.pixels[rows], dices, strict=True):
        _show(panel, beside(values, photo.numpy()))
        panel.text(0.04, 0.93, f"{dice:.2f}", va="top", transform=panel.transAxes, fontsize=9)


def _show(axes: Axes, picture: np.ndarray) -> None:
    axes.imshow(picture)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _name(axes: Axes, text: str) -> None:
    axes.set_ylabel(text, rotation=0, ha="right", va="center", fontsize=9)
