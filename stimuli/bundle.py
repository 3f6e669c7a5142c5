"""The bundle: the folder that carries stimuli from the offline stage to the study.

    bundle.json  study.toml  stimuli.jsonl  predictions.jsonl  explanations.jsonl  pool.csv
    images/NAME.jpg  SHA256SUMS

A bundle is written to a `.partial` folder, checked, renamed, and never edited. Picture names are
digests of their content and ids are salted digests, so neither tells what a picture shows.
This module imports no torch: the study app reads bundles with it.
"""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stimuli.bundle_files import (
    SUMS,
    file_problems,
    listed_sums,
    parse,
    read_pool,
    read_rows,
    write_pool,
    write_rows,
    write_sums,
)
from stimuli.problems import ProblemsError
from stimuli.records import (
    AiOnly,
    Bin,
    BinCount,
    Card,
    ClassifierFacts,
    Explanation,
    Kind,
    Manifest,
    PoolImage,
    Prediction,
    Stimulus,
)
from stimuli.settings import Condition, Phase
from stimuli.study import Study, StudyError, parse_study

__all__ = [
    "AiOnly",
    "Bin",
    "BinCount",
    "Bundle",
    "BundleError",
    "Card",
    "ClassifierFacts",
    "Explanation",
    "Kind",
    "Manifest",
    "PoolImage",
    "Prediction",
    "Stimulus",
    "image_path",
    "read_bundle",
    "seal",
    "write_partial",
]

FILES = (
    "bundle.json",
    "study.toml",
    "stimuli.jsonl",
    "predictions.jsonl",
    "explanations.jsonl",
    "pool.csv",
)


class BundleError(ProblemsError):
    """A folder that is not a whole, valid bundle."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A bundle that was read and checked.

    Attributes:
        path: its folder.
        digest: SHA-256 of its list of checksums, and so of everything in it.
        study_text: `study.toml` as it was written.
    """

    path: Path
    digest: str
    manifest: Manifest
    study: Study
    study_text: str
    stimuli: tuple[Stimulus, ...]
    predictions: tuple[Prediction, ...]
    explanations: tuple[Explanation, ...]
    pool: tuple[PoolImage, ...]
    checksums: dict[str, str]

    @cached_property
    def stimulus_by_id(self) -> dict[str, Stimulus]:
        """Stimuli by their id."""
        return {s.stimulus_id: s for s in self.stimuli}

    @cached_property
    def _prediction_by_key(self) -> dict[tuple[str, str], Prediction]:
        return {(p.stimulus_id, p.classifier): p for p in self.predictions}

    @cached_property
    def _explanation_by_key(self) -> dict[tuple[str, str, str], Explanation]:
        return {(e.stimulus_id, e.classifier, e.explainer): e for e in self.explanations}

    def prediction(self, stimulus_id: str, condition: Condition) -> Prediction:
        """What the condition's classifier said of a stimulus."""
        return self._prediction_by_key[stimulus_id, self.study.classifier_of(condition)]

    def panels(self, stimulus_id: str, condition: Condition) -> list[Explanation]:
        """The explanations that the condition shows beside a stimulus, in order."""
        classifier = self.study.classifier_of(condition)
        return [self._explanation_by_key[stimulus_id, classifier, p] for p in condition.panels]

    def of_phase(self, phase: Phase) -> list[Stimulus]:
        """The stimuli of one phase, in the bundle's order."""
        return [s for s in self.stimuli if s.phase is phase]


def image_path(content: bytes) -> str:
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
    images: Mapping[str, bytes],
) -> None:
    """Write everything but the rename into `folder`, which is emptied first.

    Args:
        images: JPEG files by `image_path`.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "images").mkdir(parents=True)
    for path, content in images.items():
        (folder / path).write_bytes(content)
    (folder / "study.toml").write_text(study_text, "utf-8")
    (folder / "bundle.json").write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
    write_rows(folder / "stimuli.jsonl", stimuli)
    write_rows(folder / "predictions.jsonl", predictions)
    write_rows(folder / "explanations.jsonl", explanations)
    write_pool(folder / "pool.csv", pool)
    write_sums(folder)


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
    study_text = (folder / "study.toml").read_text("utf-8")
    study = _study(study_text, problems)
    manifest_text = (folder / "bundle.json").read_text("utf-8")
    manifest = parse(Manifest, manifest_text, problems, where="bundle.json")
    stimuli = read_rows(folder / "stimuli.jsonl", Stimulus, problems)
    predictions = read_rows(folder / "predictions.jsonl", Prediction, problems)
    explanations = read_rows(folder / "explanations.jsonl", Explanation, problems)
    pool = read_pool(folder / "pool.csv", problems)
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
    if problems := _reference_problems(bundle):
        raise BundleError(str(folder), problems)
    return bundle


def _study(text: str, problems: list[str]) -> Study | None:
    try:
        return parse_study(text, subject="study.toml")
    except StudyError as error:
        problems += [f"study.toml: {problem}" for problem in error.problems]
        return None


def _reference_problems(bundle: Bundle) -> list[str]:
    return [
        *_duplicates("stimuli.jsonl", [s.stimulus_id for s in bundle.stimuli]),
        *_duplicates(
            "predictions.jsonl", [(p.stimulus_id, p.classifier) for p in bundle.predictions]
        ),
        *_duplicates(
            "explanations.jsonl",
            [(e.stimulus_id, e.classifier, e.explainer) for e in bundle.explanations],
        ),
        *_missing_rows(bundle),
        *_image_problems(bundle),
        *_phase_problems(bundle),
        *_truth_problems(bundle),
    ]


def _duplicates(name: str, keys: Sequence[object]) -> list[str]:
    return [
        f"{name}: {key} stands there {count} times; each may stand once"
        for key, count in Counter(keys).items()
        if count > 1
    ]


def _missing_rows(bundle: Bundle) -> list[str]:
    """A prediction for each stimulus and classifier, and an explanation for each panel."""
    study, problems = bundle.study, []
    predicted = {(p.stimulus_id, p.classifier) for p in bundle.predictions}
    explained = {(e.stimulus_id, e.classifier, e.explainer) for e in bundle.explanations}
    for stimulus in bundle.stimuli:
        for condition in study.conditions:
            key = (stimulus.stimulus_id, study.classifier_of(condition))
            if key not in predicted:
                problems.append(f"predictions.jsonl: nothing for stimulus, classifier {key}")
            problems += [
                f"explanations.jsonl: nothing for stimulus, classifier, explainer {(*key, panel)}"
                for panel in condition.panels
                if (*key, panel) not in explained
            ]
    known = bundle.stimulus_by_id.keys()
    rows: tuple[Prediction | Explanation, ...] = (*bundle.predictions, *bundle.explanations)
    strangers = sorted({row.stimulus_id for row in rows} - known)
    problems += [f"stimuli.jsonl: {s} is missing, though other files name it" for s in strangers]
    return list(dict.fromkeys(problems))


def _image_problems(bundle: Bundle) -> list[str]:
    used = {s.image for s in bundle.stimuli}
    used |= {image for p in bundle.predictions for image in p.card.images}
    used |= {image for e in bundle.explanations for image in e.images}
    here = {path for path in bundle.checksums if path.startswith("images/")}
    misnamed = [p for p in here if not Path(p).stem == bundle.checksums[p][:16]]
    return [
        *(f"{path}: is named in a row but missing" for path in sorted(used - here)),
        *(f"{path}: no row names it; remove it" for path in sorted(here - used)),
        *(f"{path}: its name is not the start of its checksum" for path in sorted(misnamed)),
    ]


def _phase_problems(bundle: Bundle) -> list[str]:
    study = bundle.study
    needed = {Phase.TEST: study.test_trials}
    if study.has_phase(Phase.PRACTICE):
        needed[Phase.PRACTICE] = study.practice.items
    if study.has_phase(Phase.VALIDATION):
        needed[Phase.VALIDATION] = study.validation.items
    counts = {phase: len(bundle.of_phase(phase)) for phase in needed}
    return [
        f"stimuli.jsonl: {counts[phase]} stimuli for {phase}, but the study shows {count}"
        for phase, count in needed.items()
        if counts[phase] < count
    ]


def _truth_problems(bundle: Bundle) -> list[str]:
    truth = bundle.stimulus_by_id
    return [
        f"predictions.jsonl: {p.stimulus_id} of {p.classifier} says right = {p.right}, "
        f"but its label is {p.label_index}, the true one {truth[p.stimulus_id].true_index}"
        for p in bundle.predictions
        if p.stimulus_id in truth and p.right != (p.label_index == truth[p.stimulus_id].true_index)
    ]
