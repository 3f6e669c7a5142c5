"""The commands of saliency in active learning. torch is imported by the commands that need it."""

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stimuli.command_line import FOLDER, TOML_FILE, one_message
from stimuli.sal.settings import Experiment, read_experiment

if TYPE_CHECKING:
    from stimuli.sal.fit import Bench


@click.group(help="Train classifiers with and without human saliency, and draw their curves.")
def main() -> None:
    """Log one line per step."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("stimuli").setLevel(logging.INFO)


@main.command()
@click.argument("config", type=TOML_FILE, metavar="CONFIG.toml")
@click.option("--data", type=FOLDER, help="The folder of the data set.")
@click.option("--masks", type=FOLDER, help="Masks of another program, for scenario = 'files'.")
@click.option("--out", type=FOLDER, required=True, help="The folder of the run.")
@click.option("--device", help="Such as cpu or cuda; a GPU is used where there is one.")
def run(config: Path, data: Path | None, masks: Path | None, out: Path, device: str | None) -> None:
    """Do one run; if it was cut off, go on where it stopped."""
    from stimuli.sal.runs import finished
    from stimuli.sal.runs import run as do

    with one_message():
        experiment = read_experiment(config)
        if not finished(out, experiment):
            do(_bench(experiment, data, masks, device), out)
        click.echo(f"{out}: finished")


def _bench(
    experiment: Experiment, data: Path | None, masks: Path | None, device: str | None
) -> "Bench":
    import torch

    from stimuli.classifiers import Machine
    from stimuli.datasets.opening import open_dataset
    from stimuli.sal.feasible import require_feasible
    from stimuli.sal.file_masks import read_file_masks
    from stimuli.sal.fit import Bench
    from stimuli.sal.images import load_data

    settings, kept = experiment.dataset, Machine().kept
    shown = load_data(open_dataset(settings, data), settings, kept)
    drawn = read_file_masks(masks, shown.train.sources, settings) if masks else None
    require_feasible(experiment, shown, drawn)
    best = "cuda" if torch.cuda.is_available() else "cpu"
    return Bench(
        data=shown,
        experiment=experiment,
        kept=kept,
        device=torch.device(device or best),
        file_masks=shown.train.masks * 0 if drawn is None else drawn,
    )
