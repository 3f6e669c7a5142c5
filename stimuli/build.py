"""The offline stage as one page: data set, classifiers, pool, bins, explanations, bundle."""

import importlib.metadata
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from explainers.classifier import Checkpoint
from stimuli.adversarial import with_adversarial
from stimuli.ai_only import best_threshold
from stimuli.bins import Sample, bin_of, sample_bins
from stimuli.bundle import (
    Bundle,
    BundleError,
    ClassifierFacts,
    Manifest,
    PoolImage,
    seal,
    write_partial,
)
from stimuli.check import check_bundle
from stimuli.chosen import Chosen, Contents, describe
from stimuli.classifiers import Machine, ready_classifier
from stimuli.datasets.base import DataError, Dataset, Split
from stimuli.items import choose_items
from stimuli.judges import SHOWN_SPLITS, Judge, eligibility, judge
from stimuli.packs import packed_views
from stimuli.pictures import LeftOut, View
from stimuli.settings import Phase
from stimuli.study import Study

log = logging.getLogger(__name__)

PACKAGES = ("torch", "torchvision", "faiss-cpu", "onnxruntime", "numpy", "Pillow")

CHOSEN_ON: dict[Split, Literal["val", "pool"]] = {Split.VAL: "val", Split.TEST: "pool"}
"""What the manifest calls the images on which T* is chosen."""

Views = Mapping[Split, Sequence[View]]
Masks = Mapping[Split, np.ndarray]


def build(study: Study, study_text: str, dataset: Dataset, machine: Machine, out: Path) -> Bundle:
    """Build the bundle of a study at `out`.

    Args:
        study_text: the study file, which is copied into the bundle.

    Raises:
        ProblemsError: with everything that is wrong; nothing is then left at `out`.
    """
    if out.exists():
        raise BundleError(str(out), ["is there already; remove it or choose another --out"])
    rng = np.random.default_rng(study.study.seed)
    shown, left_out = all_views(dataset, study, machine)
    _require_pictures(shown, left_out)
    checkpoints = ready_all(shown, dataset, study, machine)
    judges = [
        judge(name, c, shown, study, kept=machine.kept_with(c), rng=rng)
        for name, c in checkpoints.items()
    ]
    labels = {example.label for example in dataset.examples}
    fit = {split: eligibility(judges, split, study, labels) for split in SHOWN_SPLITS}
    masks = {split: fit[split].mask for split in SHOWN_SPLITS}
    sample = _sample(judges[0], masks[Split.TEST], study, rng)
    chosen = [*_items(judges[0], masks[Split.VAL], study, rng), *_tests(sample)]
    mask = masks[Split.TEST]
    more = with_adversarial(chosen, judges, shown, mask, study, labels=labels, rng=rng)
    contents = describe(more.chosen, more.judges, more.views, dataset.classes, study, machine)
    manifest = Manifest(
        study=study.study.name,
        seed=study.study.seed,
        classifiers=tuple(_facts(j, masks, dataset, contents) for j in judges),
        bins=sample.counts,
        adversarial=more.facts,
        pool_size=int(masks[Split.TEST].sum()),
        excluded={**left_out[Split.TEST], **fit[Split.TEST].excluded},
        short=sample.short or more.short,
        versions={name: importlib.metadata.version(name) for name in PACKAGES},
    )
    partial = out.with_name(out.name + ".partial")
    write_partial(
        partial,
        manifest=manifest,
        study_text=study_text,
        stimuli=contents.stimuli,
        predictions=contents.predictions,
        explanations=contents.explanations,
        pool=[row for j in judges for row in _pool(j, masks, shown, dataset, study)],
        images=contents.images,
    )
    check_bundle(partial)
    return seal(partial, out)


def all_views(
    dataset: Dataset, study: Study, machine: Machine
) -> tuple[dict[Split, list[View]], dict[Split, dict[str, int]]]:
    """The views of every split, and how many pictures were left out for which reason."""
    log.info("reading %d pictures of %d classes", len(dataset.examples), len(dataset.classes))
    made = packed_views(dataset, dataset.examples, study.dataset, machine.kept)
    shown: dict[Split, list[View]] = {split: [] for split in Split}
    counts: Counter[tuple[Split, str]] = Counter()
    for example, found in zip(dataset.examples, made, strict=True):
        if isinstance(found, View):
            shown[example.split].append(found)
        else:
            counts[example.split, found.value] += 1
    left_out = {s: {reason.value: counts[s, reason.value] for reason in LeftOut} for s in Split}
    for split, found_counts in left_out.items():
        log.info("%s: %d pictures; left out: %s", split, len(shown[split]), found_counts)
    return shown, left_out


def _require_pictures(shown: Views, left_out: Mapping[Split, Mapping[str, int]]) -> None:
    """Every split is needed: train for class cards, val for practice, test for stimuli."""
    problems = [
        f"the split {split} has no picture (left out: {dict(left_out[split])}); add some, or "
        "change the settings that choose them in [dataset]"
        for split in Split
        if not shown[split]
    ]
    if problems:
        raise DataError("the data set", problems)


def ready_all(
    shown: Views, dataset: Dataset, study: Study, machine: Machine
) -> dict[str, Checkpoint]:
    """Every classifier of the study by name, trained now if it must be."""
    classes, seed = tuple(info.name for info in dataset.classes), study.study.seed
    return {
        settings.name: ready_classifier(settings, classes, shown, seed=seed, machine=machine)
        for settings in study.classifiers
    }


def _sample(first: Judge, mask: np.ndarray, study: Study, rng: np.random.Generator) -> Sample:
    """The test stimuli: eligible rows of the test split, by the first classifier's bins."""
    said = first.predictions[Split.TEST]
    bins = {
        int(row): bin_of(said.confidences[row], said.right[row], study.bins)
        for row in np.flatnonzero(mask)
    }
    return sample_bins(bins, said.right.tolist(), study.bins, rng=rng)


def _tests(sample: Sample) -> list[Chosen]:
    return [Chosen(split=Split.TEST, row=row, phase=Phase.TEST) for row in sample.rows]


def _items(first: Judge, mask: np.ndarray, study: Study, rng: np.random.Generator) -> list[Chosen]:
    """Practice and validation items, if the study has these phases."""
    items = choose_items(
        first.predictions[Split.VAL],
        mask,
        n_practice=study.practice.items if study.has_phase(Phase.PRACTICE) else 0,
        n_validation=study.validation.items if study.has_phase(Phase.VALIDATION) else 0,
        sure=study.bins.high_from,
        rng=rng,
    )
    return [Chosen(split=Split.VAL, row=item.row, phase=item.phase) for item in items]


def _facts(judge: Judge, masks: Masks, dataset: Dataset, contents: Contents) -> ClassifierFacts:
    split = dataset.threshold_split
    said, mask = judge.predictions[split], masks[split]
    return ClassifierFacts(
        name=judge.name,
        backbone=judge.checkpoint.classifier.backbone,
        digest=judge.checkpoint.digest,
        accuracy={s.value: judge.predictions[s].accuracy for s in Split},
        ai_only=best_threshold(
            said.confidences[mask], said.right[mask], chosen_on=CHOSEN_ON[split]
        ),
        duplicate_distance=judge.gallery.duplicate_distance if judge.gallery else None,
        heatmap_thresholds=contents.thresholds.get(judge.name, {}),
    )


def _pool(
    judge: Judge, masks: Masks, shown: Views, dataset: Dataset, study: Study
) -> list[PoolImage]:
    """The pool, and the val split where T* is chosen there."""
    rows = []
    for split in sorted({dataset.threshold_split, Split.TEST}, key=SHOWN_SPLITS.index):
        said = judge.predictions[split]
        for row in np.flatnonzero(masks[split]):
            confidence, right = float(said.confidences[row]), bool(said.right[row])
            rows.append(
                PoolImage(
                    source=shown[split][int(row)].example.source,
                    split=split.value,
                    classifier=judge.name,
                    confidence=confidence,
                    right=right,
                    bin=bin_of(confidence, right, study.bins),
                )
            )
    return rows
