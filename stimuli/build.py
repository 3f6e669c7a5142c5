"""The offline stage as one page: data set, classifiers, pool, bins, explanations, bundle."""

import importlib.metadata
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from explainers.classifier import Checkpoint
from stimuli.adversarial import with_adversarial
from stimuli.ai_only import ai_alone
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
from stimuli.by_hand import ByHand
from stimuli.cards import require_words
from stimuli.check import check_bundle
from stimuli.chosen import Chosen, Contents, describe
from stimuli.classifiers import Machine, ready_classifier
from stimuli.datasets.base import DataError, Dataset, Split
from stimuli.items import choose_items, fit_for_items
from stimuli.items_by_hand import items_by_hand
from stimuli.judges import SHOWN_SPLITS, Judge, eligibility, judge
from stimuli.packs import packed_views
from stimuli.pictures import LeftOut, View
from stimuli.seeds import generator
from stimuli.separation import separation_warnings
from stimuli.settings import Phase
from stimuli.study import Study
from stimuli.vetoes import marked, require_known, vetoed_ids, vetoed_rows

log = logging.getLogger(__name__)

PACKAGES = ("torch", "torchvision", "faiss-cpu", "onnxruntime", "numpy", "Pillow")

CHOSEN_ON: dict[Split, Literal["val", "pool"]] = {Split.VAL: "val", Split.TEST: "pool"}
"""What the manifest calls the images on which T* is chosen."""

AUTOMATIC = ByHand()

Views = Mapping[Split, Sequence[View]]
Masks = Mapping[Split, np.ndarray]


def build(
    study: Study,
    study_text: str,
    dataset: Dataset,
    machine: Machine,
    out: Path,
    *,
    by_hand: ByHand = AUTOMATIC,
) -> Bundle:
    """Build the bundle of a study at `out`.

    Args:
        study_text: the study file, which is copied into the bundle.
        by_hand: items and verdicts that people decided on.

    Raises:
        ProblemsError: with everything that is wrong; nothing is then left at `out`.
    """
    if out.exists():
        raise BundleError(str(out), ["is there already; remove it or choose another --out"])
    require_known(by_hand.verdicts, study)
    vetoed, rng = vetoed_ids(by_hand.verdicts), partial(generator, study.study.seed)
    labels = {example.label for example in dataset.examples}
    require_words(dataset.classes, labels, study.cards)
    shown, left_out = all_views(dataset, study, machine)
    _require_pictures(shown, left_out)
    checkpoints = ready_all(shown, dataset, study, machine)
    judges = [
        judge(name, c, shown, study, kept=machine.kept_with(c), rng=rng(f"cards {name}"))
        for name, c in checkpoints.items()
    ]
    fit = {split: eligibility(judges, split, study, labels) for split in SHOWN_SPLITS}
    masks = {split: fit[split].mask for split in SHOWN_SPLITS}
    mask, unwanted = masks[Split.TEST], vetoed_rows(shown[Split.TEST], vetoed, study)
    sample = _sample(judges[0], mask, study, unwanted, rng("stimuli"))
    items = _items(judges[0], masks[Split.VAL], shown, dataset, study, by_hand, rng("items"))
    more = with_adversarial(
        [*items, *_tests(sample)],
        judges,
        shown,
        mask,
        study,
        labels=labels,
        vetoed=vetoed,
        rng=rng("adversarial"),
    )
    contents = describe(more.chosen, more.judges, more.views, dataset.classes, study, machine)
    for line in separation_warnings(contents.stimuli, contents.predictions):
        log.warning("%s", line)
    pool = [row for j in judges for row in _pool(j, masks, shown, dataset, study)]
    size, covered = int(mask.sum()), sum(count.available for count in sample.counts)
    manifest = Manifest(
        study=study.study.name,
        seed=study.study.seed,
        classifiers=tuple(_facts(j, dataset, contents, pool) for j in judges),
        bins=sample.counts,
        adversarial=more.facts,
        pool_size=size,
        covered_share=covered / size if size else 0.0,
        excluded={**left_out[Split.TEST], **fit[Split.TEST].excluded},
        items="automatic" if by_hand.items is None else "by hand",
        verdicts=by_hand.verdicts,
        short=sample.short or more.short,
        versions={name: importlib.metadata.version(name) for name in PACKAGES},
    )
    unfinished = out.with_name(out.name + ".partial")
    write_partial(
        unfinished,
        manifest=manifest,
        study_text=study_text,
        stimuli=marked(contents.stimuli, by_hand.verdicts),
        predictions=contents.predictions,
        explanations=contents.explanations,
        pool=pool,
        images=contents.images,
    )
    check_bundle(unfinished)
    return seal(unfinished, out)


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


def _sample(
    first: Judge,
    mask: np.ndarray,
    study: Study,
    vetoed: Collection[int],
    rng: np.random.Generator,
) -> Sample:
    """The test stimuli: eligible rows of the test split, by the first classifier's bins."""
    said = first.predictions[Split.TEST]
    bins = {
        int(row): bin_of(said.confidences[row], said.right[row], study.bins)
        for row in np.flatnonzero(mask)
    }
    order = rng.permutation(len(mask)).tolist()
    return sample_bins(bins, said.right.tolist(), study.bins, order=order, vetoed=vetoed)


def _tests(sample: Sample) -> list[Chosen]:
    return [Chosen(split=Split.TEST, row=row, phase=Phase.TEST) for row in sample.rows]


def _items(
    first: Judge,
    mask: np.ndarray,
    shown: Views,
    dataset: Dataset,
    study: Study,
    by_hand: ByHand,
    rng: np.random.Generator,
) -> list[Chosen]:
    """Practice and validation items, if the study has these phases."""
    said, views = first.predictions[Split.VAL], shown[Split.VAL]
    fit = fit_for_items(mask, shown)
    log.info("val: %d images, %d of them can be items", len(views), fit.sum())
    vetoed = vetoed_rows(views, vetoed_ids(by_hand.verdicts), study)
    if by_hand.items is None:
        items = choose_items(said, fit, study, vetoed=vetoed, rng=rng)
    else:
        items = items_by_hand(by_hand.items, said, fit, dataset, views, study, vetoed=vetoed)
    return [
        Chosen(split=Split.VAL, row=item.row, phase=item.phase, rationale=item.rationale)
        for item in items
    ]


def _facts(
    judge: Judge, dataset: Dataset, contents: Contents, pool: Sequence[PoolImage]
) -> ClassifierFacts:
    return ClassifierFacts(
        name=judge.name,
        backbone=judge.checkpoint.classifier.backbone,
        digest=judge.checkpoint.digest,
        accuracy={s.value: judge.predictions[s].accuracy for s in Split},
        ai_only=ai_alone(
            judge.name,
            pool,
            contents.stimuli,
            contents.predictions,
            chosen_on=CHOSEN_ON[dataset.threshold_split],
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
