"""The bundle: the folder that carries stimuli from the offline stage to the study.

    bundle.json  study.toml  stimuli.jsonl  predictions.jsonl  explanations.jsonl  pool.csv
    items.csv  images/NAME.jpg  SHA256SUMS

A bundle is written to a `.partial` folder, checked, renamed, and never edited. Picture names are
digests of their content and ids are salted digests, so neither tells what a picture shows.
This module imports no torch: the study app reads bundles with it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from stimuli.bundle.consistency import reference_problems
from stimuli.bundle.files import (
    SUMS,
    file_problems,
    listed_sums,
    parse,
    read_rows,
    read_table,
    write_rows,
    write_sums,
    write_table,
)
from stimuli.bundle.manifest import Bundle, Manifest, later_version
from stimuli.bundle.records import Explanation, ItemRow, PoolImage, Prediction, Stimulus
from stimuli.problems import ProblemsError
from stimuli.study import StudyError, parse_study
from stimuli.study.online import Phase

FILES = (
    "bundle.json",
    "study.toml",
    "stimuli.jsonl",
    "predictions.jsonl",
    "explanations.jsonl",
    "pool.csv",
    "items.csv",
)


class BundleError(ProblemsError):
    """A folder that is not a whole, valid bundle."""


def image_path(content: bytes | memoryview) -> str:
    """The path of a picture inside a bundle: the start of its SHA-256."""
    return f"images/{hashlib.sha256(content).hexdigest()[:16]}.jpg"


def write_partial(
    folder: Path,
    *,
    manifest: Manifest,
    study_text: str,
    stimuli: Sequence[Stimulus],
    predictions: Sequence[Prediction],
    explanations: Sequence[Explanation],
    pool: Sequence[PoolImage],
    images: Mapping[str, bytes | memoryview],
) -> None:
    """Write everything but the rename into `folder`, which is emptied first.

    What could not be written whole is removed.

    Args:
        images: JPEG files by `image_path`.
    """
    shutil.rmtree(folder, ignore_errors=True)
    with removed_unless_whole(folder):
        (folder / "images").mkdir(parents=True)
        for path, content in images.items():
            (folder / path).write_bytes(content)
        (folder / "study.toml").write_text(study_text, "utf-8")
        (folder / "bundle.json").write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
        write_rows(folder / "stimuli.jsonl", stimuli)
        write_rows(folder / "predictions.jsonl", predictions)
        write_rows(folder / "explanations.jsonl", explanations)
        write_table(folder / "pool.csv", PoolImage, pool)
        write_table(folder / "items.csv", ItemRow, item_rows(stimuli))
        write_sums(folder)


@contextmanager
def removed_unless_whole(folder: Path) -> Iterator[None]:
    """Remove a folder that could not be written to its end."""
    try:
        yield
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            error.filename = str(folder)
        raise


def item_rows(stimuli: Sequence[Stimulus]) -> list[ItemRow]:
    """The practice and validation items, as `build --items` takes them."""
    return [
        ItemRow(phase=phase, source=s.source, rationale=s.rationale)
        for phase in (Phase.PRACTICE, Phase.VALIDATION)
        for s in stimuli
        if s.phase is phase
    ]


def seal(partial: Path, target: Path) -> Bundle:
    """Check a partial bundle and give it its final name.

    Raises:
        BundleError: if it has problems, or if there is something of that name already.
    """
    read_bundle(partial)
    if target.exists():
        raise BundleError(str(target), ["is there already; a bundle is never replaced"])
    os.rename(partial, target)
    return read_bundle(target)


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle and check its sums, its rows, and that they refer to each other.

    Raises:
        BundleError: with every problem.
    """
    if problems := file_problems(folder, FILES):
        raise BundleError(str(folder), problems)
    manifest_text = (folder / "bundle.json").read_text("utf-8")
    if later := later_version(manifest_text):
        raise BundleError(str(folder), [f"bundle.json: {later}"])
    study_text = (folder / "study.toml").read_text("utf-8")
    study = None
    try:
        study = parse_study(study_text, subject="study.toml")
    except StudyError as error:
        problems += [f"study.toml: {problem}" for problem in error.problems]
    manifest = parse(Manifest, manifest_text, problems, where="bundle.json")
    stimuli = read_rows(folder / "stimuli.jsonl", Stimulus, problems)
    predictions = read_rows(folder / "predictions.jsonl", Prediction, problems)
    explanations = read_rows(folder / "explanations.jsonl", Explanation, problems)
    pool = read_table(folder / "pool.csv", PoolImage, problems)
    if problems or study is None or manifest is None:
        raise BundleError(str(folder), problems)
    bundle = Bundle(
        path=folder,
        digest=hashlib.sha256((folder / SUMS).read_bytes()).hexdigest(),
        manifest=manifest,
        study=study,
        study_text=study_text,
        stimuli=stimuli,
        predictions=predictions,
        explanations=explanations,
        pool=pool,
        checksums=listed_sums(folder),
    )
    bundle = replace(bundle, study=bundle.built_from)
    if problems := reference_problems(bundle):
        raise BundleError(str(folder), problems)
    return bundle
