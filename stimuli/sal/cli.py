"""The commands of saliency in active learning. torch is imported by the commands that need it."""

import os
from pathlib import Path
from typing import Any

import click

from stimuli.command_line import (
    FOLDER,
    ONNX_FILE,
    TOML_FILE,
    log_steps,
    one_message,
    with_options,
)
from stimuli.destination import require_destination, reserved
from stimuli.memory import keep_memory
from stimuli.sal.experiment_file import read_experiment

EXPERIMENT = (
    click.argument("config", type=TOML_FILE, metavar="CONFIG.toml"),
    click.option(
        "--dataset", type=TOML_FILE, help="The file of a data set, where CONFIG has none."
    ),
)
FOLDERS_AND_DEVICE = (
    click.option("--data", type=FOLDER, help="The folder of the data set."),
    click.option("--masks", type=FOLDER, help="Masks of another program, for scenario = 'files'."),
    click.option("--device", help="Such as cpu or cuda; a GPU is used where there is one."),
)


@click.group(help="Train classifiers with and without human saliency, and draw their curves.")
def main() -> None:
    """Log one line per step, and keep memory for the next one."""
    log_steps()
    keep_memory()


@main.command()
@with_options(*EXPERIMENT, *FOLDERS_AND_DEVICE)
@click.option("--out", type=FOLDER, required=True, help="The folder of the run.")
def run(config: Path, dataset: Path | None, out: Path, **folders: Any) -> None:
    """Do one run; if it was cut off, go on where it stopped."""
    from stimuli.models.classifiers import Machine
    from stimuli.sal.runs.preparation import new_context
    from stimuli.sal.runs.run_folder import require_same
    from stimuli.sal.runs.run_folder import run as do

    with one_message():
        experiment = read_experiment(config, dataset).model_copy(update={"grid": None})
        require_destination(out)
        with reserved(out):
            require_same(out, experiment, folders["data"])
            do(new_context(experiment, cache=Machine().cache, **folders), out)
        click.echo(f"{out}: finished")


@main.command()
@with_options(*EXPERIMENT, *FOLDERS_AND_DEVICE)
@click.option("--out", type=FOLDER, required=True, help="A folder of a folder for each run.")
@click.option("--workers", type=int, default=os.cpu_count(), help="Processes on this machine.")
@click.option("--scheduler", metavar="ADDRESS", help="Of a Dask cluster that sees these folders.")
def grid(
    config: Path,
    dataset: Path | None,
    out: Path,
    workers: int,
    scheduler: str | None,
    **folders: Any,
) -> None:
    """Do every run of a grid; what is finished is not done again."""
    from stimuli.models.classifiers import Machine
    from stimuli.sal.runs.grid import Environment
    from stimuli.sal.runs.grid import grid as do

    with one_message():
        environment = Environment(out=out, cache=Machine().cache, **folders)
        experiment = read_experiment(config, dataset)
        require_destination(out)
        with reserved(out):
            do(experiment, environment, workers=workers, scheduler=scheduler)
        click.echo(f"{out}: finished")


@main.command()
@with_options(*EXPERIMENT)
@click.option("--data", type=FOLDER, help="The folder of the data set.")
@click.option("--out", type=FOLDER, required=True, help="A folder of masks, for --masks.")
@click.option("--encoder", type=ONNX_FILE, help="Segment Anything's, with --decoder.")
@click.option("--decoder", type=ONNX_FILE, help="Its other half; without both, u2netp draws.")
def masks(
    config: Path,
    dataset: Path | None,
    data: Path | None,
    out: Path,
    encoder: Path | None,
    decoder: Path | None,
) -> None:
    """Draw a mask of each training picture with an off-the-shelf segmenter."""
    from stimuli.datasets.adaptors import open_dataset
    from stimuli.sal.segmenting.mask_files import summary, write_masks
    from stimuli.sal.segmenting.mask_sheet import SHEET, mask_sheet
    from stimuli.sal.segmenting.segmenter import ready_segmenter

    with one_message():
        settings = read_experiment(config, dataset).dataset
        require_destination(out)
        pictures = open_dataset(settings, data)
        table = write_masks(pictures, ready_segmenter(encoder, decoder), out)
        mask_sheet(pictures, out, table).savefig(out / SHEET, dpi=130)
        click.echo(f"{out}: {summary(table)}\n{out / SHEET}")


@main.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
def show(folder: Path) -> None:
    """Print how far each run of a grid is, and the time left."""
    from stimuli.sal.runs.progress import progress_table

    with one_message():
        click.echo(progress_table(folder))


@main.command()
@click.argument("folders", type=FOLDER, nargs=-1, required=True, metavar="DIR...")
@click.option("--out", type=FOLDER, help="Where to: DIR/curves by default; several DIR need it.")
@click.option("--criterion", multiple=True, help="Only its runs; may be repeated, as the next.")
@click.option("--scenario", multiple=True, help="Only its runs.")
@click.option("--probe", multiple=True, help="Only its runs.")
@click.option("--dataset", multiple=True, help="Only its runs, by its name.")
@click.option("--data", type=FOLDER, help="The folder of the data set, for lines of reference.")
def curves(
    folders: tuple[Path, ...], out: Path | None, data: Path | None, **names: tuple[str, ...]
) -> None:
    """Write learning curves, areas under them and paired differences, as tables and figures."""
    from stimuli.models.classifiers import Machine
    from stimuli.sal.results.grids import draw_grids

    with one_message():
        for line in draw_grids(folders, out, names, data=data, cache=Machine().cache):
            click.echo(line)


@main.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option("--data", type=FOLDER, help="The folder of the data set.")
@click.option("-n", "count", type=int, default=6, help="How many photos.")
@click.option("--seed", type=int, default=0, help="Of their choice.")
def examples(folder: Path, data: Path | None, count: int, seed: int) -> None:
    """Draw heat maps of B1, B2 and SAL on photos that all of them classify correctly."""
    from stimuli.models.classifiers import Machine
    from stimuli.sal.results import examples as sheets
    from stimuli.sal.results.pages import write_figure
    from stimuli.sal.runs.preparation import open_data
    from stimuli.sal.runs.run_folder import finished_experiment

    with one_message():
        runs = sheets.compared_runs(folder)
        settings = finished_experiment(runs["b1"]).dataset
        test = open_data(settings, data, Machine().cache).test
        figure = sheets.examples(runs, test, n=count, seed=seed)
        (folder / "curves").mkdir(exist_ok=True)
        for path in write_figure(figure, folder / "curves", "examples"):
            click.echo(path)
