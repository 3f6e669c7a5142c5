"""Heat maps of several scenarios beside each other, as in figure 2 of the SAL paper."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from explainers.cam import heat_maps
from explainers.classifier import load_checkpoint
from stimuli.pictures.render import beside, contour
from stimuli.sal.data.images import Images
from stimuli.sal.data.masks import map_dice, unpacked
from stimuli.sal.experiment import ExperimentError
from stimuli.sal.learning.inference import Predictions, predict
from stimuli.sal.results.looks import NAMES
from stimuli.sal.runs.run_folder import CHECKPOINT, FACTS, finished_experiment
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
        experiment = finished_experiment(path.parent)
        others = experiment.model_dump_json(exclude={"run": {"scenario"}})
        groups.setdefault(others, {})[experiment.run.scenario] = path.parent
    for group in groups.values():
        if {"b1", "sal"} <= set(group):
            return {scenario: group[scenario] for scenario in COMPARED if scenario in group}
    problem = "holds no finished runs of b1 and sal that are alike otherwise; run them first"
    raise ExperimentError(str(folder), [problem])


def examples(runs: Mapping[str, Path], test: Images, *, n: int, seed: int) -> Figure:
    """Photos that all runs classify correctly, chosen by seed, and where each looks.

    Args:
        runs: folders by scenario.

    Raises:
        ExperimentError: if there is no such photo with a mask.
    """
    every, probe = np.arange(len(test)), finished_experiment(next(iter(runs.values()))).run.probe
    predictions = {
        scenario: predict(load_checkpoint(f / CHECKPOINT).classifier, test, every, probe=probe)
        for scenario, f in runs.items()
    }
    right = np.all([p.predicted_labels == test.labels for p in predictions.values()], axis=0)
    candidates = np.flatnonzero(right & test.has_mask)
    if not len(candidates):
        raise ExperimentError("the runs", ["classify no photo with a mask correctly together"])
    rows = generator(seed, "examples").permutation(candidates)[:n]
    return _sheet(predictions, test, rows)


def _sheet(predictions: Mapping[str, Predictions], test: Images, rows: np.ndarray) -> Figure:
    """A column for each photo; below it what each run makes of it, with its Dice."""
    size = (CELL_INCHES * len(rows) + 1, CELL_INCHES * (1 + len(predictions)))
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots(1 + len(predictions), len(rows), squeeze=False)
    photos, masks = test.pixels[rows].numpy(), unpacked(test.masks[rows])
    for cell, photo, mask in zip(axes[0], photos, masks, strict=True):
        line = contour(mask.astype(float), 0.5)[..., None]
        _show(cell, photo / 255 * (1 - line) + line)
    _name(axes[0, 0], "Photo and mask")
    for cells, (scenario, of_run) in zip(axes[1:], predictions.items(), strict=True):
        maps = of_run.maps[rows]
        heat = heat_maps(maps, (test.side, test.side)).numpy()
        dices = map_dice(maps, test.masks[rows])
        for cell, values, photo, dice in zip(cells, heat, photos, dices, strict=True):
            _show(cell, beside(values, photo))
            cell.text(0.04, 0.93, f"{dice:.2f}", va="top", transform=cell.transAxes, fontsize=9)
        _name(cells[0], NAMES[scenario].replace(", ", ",\n"))
    return figure


def _show(axes: Axes, picture: np.ndarray) -> None:
    axes.imshow(picture)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _name(axes: Axes, text: str) -> None:
    axes.set_ylabel(text, rotation=0, ha="right", va="center", fontsize=9)
