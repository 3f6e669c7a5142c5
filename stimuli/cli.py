"""The commands of the offline stage. torch is imported only by the commands that need it."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import tomlkit
from tomlkit.exceptions import TOMLKitError

from stimuli.bundle import AdversarialFacts, Bundle
from stimuli.problems import ProblemsError
from stimuli.study import parse_study, read_study_text

if TYPE_CHECKING:
    from stimuli.classifiers import Machine

Command = TypeVar("Command", bound=Callable[..., Any])

STUDY_FILE = click.Path(path_type=Path, dir_okay=False)
ONNX_FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


@contextmanager
def _one_message() -> Iterator[None]:
    """Turn bad input into its one message and exit status 1, without a traceback."""
    try:
        yield
    except ProblemsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _machine_options(command: Command) -> Command:
    options = [
        click.argument("study_file", type=STUDY_FILE, metavar="STUDY.toml"),
        click.option("--data", type=FOLDER, help="The photos of a folder data set."),
        click.option("--checkpoint", "checkpoints", multiple=True, metavar="NAME=PATH"),
        click.option("--salient", type=ONNX_FILE, help="The file of network = 'onnx'."),
        click.option("--seed", type=int, help="Replaces study.seed, in the bundle's copy too."),
        click.option("--device", help="Such as cpu or cuda; a GPU is used where there is one."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.group(help="From a labelled data set to a bundle of stimuli.")
def main() -> None:
    """Log one line per step."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("stimuli").setLevel(logging.INFO)


@main.command()
@click.option("--download", "name", metavar="NAME", help="Fetch this one into --data DIR; pets.")
@click.option("--data", type=FOLDER, help="Where a download is put.")
def datasets(name: str | None, data: Path | None) -> None:
    """List the data set adaptors and what each needs, or fetch one."""
    from stimuli.datasets.opening import ADAPTORS, fetch

    if name is not None:
        with _one_message():
            fetch(name, data)
            click.echo(f"{name} is in {data}")
        return
    for adaptor, needs in ADAPTORS.items():
        click.echo(f"{adaptor:<10} {needs.replace(chr(10), chr(10) + ' ' * 9)}")


@main.command()
@_machine_options
def train(study_file: Path, data: Path | None, seed: int | None, **facts: Any) -> None:
    """Train the classifiers of a study that are not there yet."""
    from stimuli.build import all_views, ready_all
    from stimuli.datasets.opening import open_dataset

    with _one_message():
        study = parse_study(_text(study_file, seed=seed), subject=str(study_file))
        dataset = open_dataset(study.dataset, data)
        machine = _machine(**facts)
        shown, _ = all_views(dataset, study, machine)
        for name, ready in ready_all(shown, dataset, study, machine).items():
            click.echo(f"{name}: {ready.metrics} sha256 {ready.digest}")


@main.command()
@_machine_options
@click.option("--out", type=FOLDER, required=True, help="The new bundle's folder.")
@click.option("--per-bin", type=int, help="Replaces bins.per_bin, in the bundle's copy too.")
@click.option(
    "--all",
    "all_explainers",
    is_flag=True,
    help="Draw every explainer that has a table, not only what conditions show: replaces "
    "explainers.draw, in the bundle's copy too.",
)
def build(
    study_file: Path,
    data: Path | None,
    seed: int | None,
    out: Path,
    per_bin: int | None,
    all_explainers: bool,
    **facts: Any,
) -> None:
    """Build a bundle.

    For example: python -m stimuli build stimuli/studies/demo.toml --out instance/bundles/demo
    """
    from stimuli.build import build as build_bundle
    from stimuli.datasets.opening import open_dataset

    with _one_message():
        draw = "all" if all_explainers else None
        text = _text(study_file, seed=seed, per_bin=per_bin, draw=draw)
        study = parse_study(text, subject=str(study_file))
        dataset = open_dataset(study.dataset, data)
        bundle = build_bundle(study, text, dataset, _machine(**facts), out)
        click.echo(_summary(bundle))


@main.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
def check(folder: Path) -> None:
    """Report every problem of a bundle."""
    from stimuli.check import check_bundle

    with _one_message():
        click.echo(_summary(check_bundle(folder)))


@main.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
def review(folder: Path) -> None:
    """Write a page that shows every stimulus with its truth: for the experimenter's eyes."""
    from stimuli.review import write_review

    with _one_message():
        click.echo(f"open {write_review(folder)}")


def _text(
    path: Path, *, seed: int | None = None, per_bin: int | None = None, draw: str | None = None
) -> str:
    """The study file, with what the command line replaces; its comments stay."""
    text = read_study_text(path)
    changes = {
        ("study", "seed"): seed,
        ("bins", "per_bin"): per_bin,
        ("explainers", "draw"): draw,
    }
    if all(value is None for value in changes.values()):
        return text
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        return text
    for (table, key), value in changes.items():
        if value is not None:
            document.setdefault(table, tomlkit.table())[key] = value
    return tomlkit.dumps(document)


def _machine(checkpoints: tuple[str, ...], salient: Path | None, device: str | None) -> "Machine":
    """From the options of `_machine_options`."""
    import torch

    from stimuli.classifiers import Machine

    given = {name: Path(path) for name, _, path in (c.partition("=") for c in checkpoints)}
    best = "cuda" if torch.cuda.is_available() else "cpu"
    return Machine(given=given, salient=salient, device=torch.device(device or best))


def _summary(bundle: Bundle) -> str:
    """What a bundle holds, in a few lines."""
    manifest = bundle.manifest
    cells = [f"{c.bin} {'right' if c.right else 'wrong'} {c.chosen}" for c in manifest.bins]
    covered = sum(c.available for c in manifest.bins)
    return "\n".join(
        [
            f"{bundle.path}: a whole bundle, digest {bundle.digest[:12]}",
            *(
                f"  {c.name} ({c.backbone}): {c.accuracy['test']:.1%} top-1 on the test split, "
                f"T* = {c.ai_only.threshold:.2f}"
                for c in manifest.classifiers
            ),
            f"  pool: {manifest.pool_size} images, {covered} in the six bins",
            f"  stimuli: {', '.join(cells)}",
            *_adversarial_summary(manifest.adversarial),
        ]
    )


def _adversarial_summary(facts: AdversarialFacts | None) -> list[str]:
    if not facts:
        return []
    drawn = ", ".join(f"{c.bin} {c.chosen} of {c.available}" for c in facts.bins)
    return [f"  adversarial: {facts.deceived} of {facts.attacked} deceived as JPEG; {drawn}"]
