"""The commands of the offline stage. torch is imported only by the commands that need it."""

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import tomlkit
from tomlkit.exceptions import TOMLKitError

from stimuli.bundle import Ruling, read_bundle
from stimuli.bundle.mask_facts import mask_warnings
from stimuli.bundle.summary import summary
from stimuli.command_line import (
    CSV_FILE,
    FILE,
    FOLDER,
    ONNX_FILE,
    TOML_FILE,
    log_steps,
    one_message,
    with_options,
)
from stimuli.destination import destination_problems, reserved
from stimuli.memory import keep_memory
from stimuli.problems import ProblemsError
from stimuli.study import (
    default_text_warnings,
    parse_study,
    read_study_text,
)
from stimuli.study.network_consistency import NEED_NO_NETWORK

if TYPE_CHECKING:
    pass

PORT = 5001  # beside the study's 5000, and always the same: a browser keeps the name given there

MACHINE = (
    click.argument("study_file", type=TOML_FILE, metavar="STUDY.toml"),
    click.option("--data", type=FOLDER, help="The folder of the data set."),
    click.option("--pool", type=FOLDER, help="Photos that serve those of a folder data set."),
    click.option("--checkpoint", "checkpoints", multiple=True, metavar="NAME=PATH"),
    click.option("--predictions", multiple=True, metavar="NAME=FILE.csv"),
    click.option("--neighbours", multiple=True, metavar="NAME=PATH", help="Of such answers."),
    click.option("--explanations", multiple=True, metavar="NAME=DIR", help="Made elsewhere."),
    click.option("--salient", type=ONNX_FILE, help="The file of network = 'onnx'."),
    click.option(
        "--plugin", "plugins", type=FILE, multiple=True, help="Explainers of yours; is run."
    ),
    click.option("--seed", type=int, help="Replaces study.seed, in the bundle's copy too."),
    click.option("--device", help="Such as cpu or cuda; a GPU is used where there is one."),
)


@click.group(help="From a labelled data set to a bundle of stimuli.")
def main() -> None:
    """Log one line per step, and keep memory for the next one."""
    log_steps()
    keep_memory()


@main.command()
@click.option("--download", "name", metavar="NAME", help="Fetch this one into --data DIR; pets.")
@click.option("--data", type=FOLDER, help="Where a download is put.")
def datasets(name: str | None, data: Path | None) -> None:
    """List the data set adaptors and what each needs, or fetch one."""
    from stimuli.datasets.adaptors import ADAPTORS, fetch

    if name is not None:
        with one_message():
            fetch(name, data)
            click.echo(f"{name} is in {data}")
        return
    for adaptor, needs in ADAPTORS.items():
        click.echo(f"{adaptor:<10} {needs.replace(chr(10), chr(10) + ' ' * 9)}")


@main.command()
@with_options(*MACHINE)
def train(
    study_file: Path, data: Path | None, pool: Path | None, seed: int | None, **facts: Any
) -> None:
    """Train the classifiers of a study that are not there yet."""
    from stimuli.build.pipeline import all_crops, ready_all
    from stimuli.datasets.adaptors import open_dataset
    from stimuli.models.class_matching import answer_classes
    from stimuli.models.machine_options import machine_of

    with one_message():
        study = parse_study(_text(study_file, seed=seed), subject=str(study_file))
        machine = machine_of(study, **facts)
        dataset = open_dataset(study.dataset, data, pool)
        answers = answer_classes(study, dataset, machine)
        crops, _ = all_crops(dataset, study, machine)
        for ready in ready_all(crops, dataset, answers, study, machine):
            said = ready.metrics if ready.has_network else "answers that are given"
            click.echo(f"{ready.name}: {said} sha256 {ready.digest}")


@main.command("import-model")
@click.argument("state", type=FILE, metavar="STATE")
@click.option("--backbone", required=True, metavar="LIBRARY/NAME", help="timm/… or torchvision/…")
@click.option(
    "--classes", type=FILE, required=True, help="A name for each output, in order; or imagenet."
)
@click.option("--out", type=FILE, required=True, metavar="CHECKPOINT", help="What is written.")
@click.option("--mean", type=float, nargs=3, help="Of red, green and blue in [0, 1].")
@click.option("--std", type=float, nargs=3, help="Of red, green and blue in [0, 1].")
@click.option("--source", default="", help="Where the weights come from.")
@click.option("--licence", default="", help="Under which they may be used.")
def import_model(
    state: Path,
    backbone: str,
    classes: Path,
    out: Path,
    mean: tuple[float, ...] | None,
    std: tuple[float, ...] | None,
    source: str,
    licence: str,
) -> None:
    """Make a checkpoint of weights that others trained; nothing of their file is run.

    For example: python -m stimuli import-model best.pth --backbone timm/convnext_tiny --classes
    classes.txt --out instance/checkpoints/mine.pt
    """
    with one_message():
        from stimuli.models.model_import import import_model as imported

        is_there = [f"{out}: is there already; remove it or choose another --out"] * out.exists()
        if problems := is_there or destination_problems(out.parent):
            raise ProblemsError("import-model", problems)
        facts = {"source": source, "licence": licence}
        made = imported(state, classes, backbone, out, mean=mean, std=std, facts=facts)
        click.echo(f"{out}: {backbone}, {len(made.classes)} classes from {made.classes[0]}")
        click.echo(f'Next: weights = "checkpoint" in the study file, and --checkpoint NAME={out}')


@main.command()
@with_options(*MACHINE)
@click.option("--out", type=TOML_FILE, help="Where the study goes with the first that works.")
def plan(
    study_file: Path,
    data: Path | None,
    pool: Path | None,
    seed: int | None,
    out: Path | None,
    **facts: Any,
) -> None:
    """Say what a study can have of its photos, and which settings would work.

    Trains and asks the classifiers as a build does, which then reads what they said.
    """
    from stimuli.datasets.adaptors import open_dataset
    from stimuli.models.machine_options import machine_of
    from stimuli.plan.planning import plan as planned

    with one_message():
        text = _text(study_file, seed=seed)
        study = parse_study(text, subject=str(study_file))
        problems = destination_problems(out, is_new=True) if out else []
        machine = machine_of(study, **facts, problems=problems)
        dataset = open_dataset(study.dataset, data, pool)
        result = planned(study, text, dataset, machine)
        click.echo(result.report)
        if out is not None and result.study_text is not None:
            out.write_text(result.study_text, encoding="utf-8")
            click.echo(f"\n{out}: the study with the first of these settings")


@main.command()
@with_options(*MACHINE)
@click.option("--out", type=FOLDER, required=True, help="The new bundle's folder.")
@click.option("--per-bin", type=int, help="Replaces per_bin, in the bundle's copy too.")
@click.option("--items", type=CSV_FILE, help="Practice and validation items fixed by hand.")
@click.option("--vetoes", type=CSV_FILE, multiple=True, help="NAME-vetoes.csv of a review.")
@click.option(
    "--all",
    "all_explainers",
    is_flag=True,
    help="Add a condition for every explainer and classifier that none shows, in the copy too.",
)
def build(
    study_file: Path,
    data: Path | None,
    pool: Path | None,
    seed: int | None,
    out: Path,
    per_bin: int | None,
    items: Path | None,
    vetoes: tuple[Path, ...],
    all_explainers: bool,
    **facts: Any,
) -> None:
    """Build a bundle.

    For example: python -m stimuli build stimuli/studies/demo.toml --out instance/bundles/demo
    """
    from stimuli.build.impossible import study_contradictions
    from stimuli.build.overrides import read_by_hand
    from stimuli.build.pipeline import build as build_bundle
    from stimuli.datasets.adaptors import open_dataset
    from stimuli.models.machine_options import machine_of

    with one_message():
        text = _text(study_file, seed=seed, per_bin=per_bin, all_explainers=all_explainers)
        study = parse_study(text, subject=str(study_file))
        by_hand = read_by_hand(items, vetoes)
        problems = destination_problems(out, is_new=True) + study_contradictions(study)
        machine = machine_of(study, **facts, problems=problems)
        with reserved(out):
            dataset = open_dataset(study.dataset, data, pool)
            bundle = build_bundle(study, text, dataset, machine, out, by_hand=by_hand)
        click.echo(summary(bundle))


@main.command()
@click.argument("study_file", type=TOML_FILE, metavar="STUDY.toml")
@click.option("--data", type=FOLDER, help="The folder of the data set.")
@click.option("--pool", type=FOLDER, help="Photos that serve those of a folder data set.")
@click.option("--out", type=FOLDER, required=True, help="The new folder.")
def crops(study_file: Path, data: Path | None, pool: Path | None, out: Path) -> None:
    """Write each image as the AI sees it, for other tools to explain.

    PNG files named after the images of val and test, and crops.csv with the class of each. What
    explains them goes to the build with --explanations.
    """
    from stimuli.build.imported.crop_files import write_crops
    from stimuli.build.pipeline import all_crops
    from stimuli.datasets.adaptors import open_dataset
    from stimuli.models.classifiers import Machine

    with one_message():
        study = parse_study(_text(study_file), subject=str(study_file))
        if problems := destination_problems(out, is_new=True):
            raise ProblemsError("the command", problems)
        dataset = open_dataset(study.dataset, data, pool)
        cut, _ = all_crops(dataset, study, Machine())
        with reserved(out):
            out.mkdir()
            click.echo(f"{out}: {write_crops(cut, dataset, out)} pictures, and crops.csv")


@main.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
def check(folder: Path) -> None:
    """Report every problem of a bundle, and warn of texts that only a lab can say."""
    from stimuli.bundle.check import check_bundle

    with one_message():
        bundle = check_bundle(folder)
        click.echo(summary(bundle))
        masks = mask_warnings(bundle.manifest.masks) if bundle.manifest.masks else []
        for warning in [*default_text_warnings(bundle.study), *masks]:
            click.echo(f"Warning: {warning}", err=True)


@main.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option("--veto", metavar="ID", help="A stimulus that the next build is to replace.")
@click.option("--debatable", metavar="ID", help="A stimulus that stays, with a mark.")
@click.option("--reason", default="", help="Why.")
@click.option("--reviewer", default="", help="Who says so.")
@click.option("--serve", is_flag=True, help="Serve the page here, and take verdicts on it.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Of --serve; 0 for any free one.",
)
def review(
    folder: Path,
    veto: str | None,
    debatable: str | None,
    reason: str,
    reviewer: str,
    serve: bool,
    port: int,
) -> None:
    """Write a page that shows every stimulus with its truth: for the experimenter's eyes.

    A veto or a mark is added to NAME-vetoes.csv beside the bundle, which is never edited; give
    that file to the next build with --vetoes. With --serve, the page is shown by a server on this
    machine instead, where vetoes and marks are a click.
    """
    from stimuli.bundle.verdicts import add_verdict
    from stimuli.review.contact_sheet import write_review
    from stimuli.review.serving import serving

    with one_message():
        for stimulus_id, ruling in ((veto, Ruling.VETO), (debatable, Ruling.DEBATABLE)):
            if stimulus_id is not None:
                bundle = read_bundle(folder)
                path = add_verdict(bundle, stimulus_id, ruling, reason=reason, reviewer=reviewer)
                click.echo(f"{path}: {ruling} of {stimulus_id}; build with --vetoes {path}")
        if not serve:
            click.echo(f"open {write_review(folder).resolve()}")
            return
        with serving(folder, port) as server:
            click.echo(f"open http://{server.host}:{server.port}, on this machine only")
            click.echo("Ctrl-C ends it")
            server.serve_forever()


@main.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option("--out", type=FOLDER, help="Where page and tables go; DIR-ceiling if not given.")
@click.option(
    "--permute",
    "permutations",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="How often the truth is permuted, for each of three ways.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of folds and trees.")
def ceiling(folder: Path, out: Path | None, permutations: int, seed: int) -> None:
    """Write how much a reader could learn from what each condition of a bundle shows.

    Programs that get what people get, and the truth of some stimuli, tell of the others whether
    the AI is right. Writes ceiling.html, ceiling.csv and ceiling.json.
    """
    from stimuli.ceiling.ceiling_page import write_ceiling

    with one_message():
        bundle = read_bundle(folder)
        out = out or folder.with_name(folder.resolve().name + "-ceiling")
        click.echo(f"open {write_ceiling(bundle, out, permutations=permutations, seed=seed)}")


def _text(
    path: Path, *, seed: int | None = None, per_bin: int | None = None, all_explainers: bool = False
) -> str:
    """The study file with what the command line changes, and what it leaves to its network."""
    text = read_study_text(path)
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        return text
    changes = {("study", "seed"): seed, ("bins", "per_bin"): per_bin}
    if "adversarial" in document:
        changes["adversarial", "per_bin"] = per_bin
    for (table, key), value in changes.items():
        if value is not None:
            document.setdefault(table, tomlkit.table())[key] = value
    if all_explainers:
        _show_all(document)
    _set_sizes(document)
    return tomlkit.dumps(document)


def _set_sizes(document: tomlkit.TOMLDocument) -> None:
    """Cut pictures as the library of the first classifier does, where the file does not say how."""
    dataset, classifiers = document.get("dataset"), document.get("classifiers")
    if not (isinstance(dataset, dict) and isinstance(classifiers, list) and classifiers):
        return  # which is refused with the other problems
    name = str(classifiers[0].get("backbone"))
    if "/" not in name or {"crop_px", "resize_px", "fit"} & {*dataset}:
        return
    from explainers.networks.architectures import picture_sizes

    if sizes := picture_sizes(name):
        dataset["resize_px"], dataset["crop_px"] = sizes


def _show_all(document: tomlkit.TOMLDocument) -> None:
    """Add a condition for every explainer that no condition shows with a classifier.

    An AI whose answers are given can have those alone that look at no network.
    """
    conditions = document.get("conditions", [])
    classifiers = [table.get("name") for table in document.get("classifiers", [])]
    given = {
        table.get("name")
        for table in document.get("classifiers", [])
        if table.get("weights") == "predictions"
    }
    explainers = document.get("explainers", {})
    imported = {
        name
        for name, table in explainers.items()
        if isinstance(table, dict) and table.get("kind") == "imported"
    }
    shown = {
        (condition.get("classifier", classifiers[0]), panel)
        for condition in conditions
        for panel in condition.get("panels", ())
    }
    for classifier, explainer in product(classifiers, explainers):
        if classifier in given and explainer not in imported.union(NEED_NO_NETWORK):
            continue
        if (classifier, explainer) not in shown and len(classifiers) == 1:
            conditions.append({"name": explainer, "panels": [explainer]})
        elif (classifier, explainer) not in shown:
            facts = {"name": f"{explainer}-{classifier}", "classifier": classifier}
            conditions.append({**facts, "panels": [explainer]})
