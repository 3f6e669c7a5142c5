"""What a bundle says of itself: the pool, and the facts that were counted on the way."""

import importlib.metadata
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from stimuli.build.ai_only import ai_alone
from stimuli.build.bins import bin_of
from stimuli.build.contents import Contents
from stimuli.build.evaluated import SHOWN_SPLITS, EvaluatedClassifier
from stimuli.build.overrides import ByHand
from stimuli.build.selection import Candidates, Selection
from stimuli.bundle import ClassifierFacts, Manifest, PoolImage
from stimuli.datasets.base import Dataset, Split
from stimuli.study import Study

PACKAGES = ("torch", "torchvision", "faiss-cpu", "onnxruntime", "numpy", "Pillow")

CHOSEN_ON: dict[Split, Literal["val", "pool"]] = {Split.VAL: "val", Split.TEST: "pool"}
"""What the manifest calls the images on which T* is chosen."""


def manifest(
    study: Study,
    dataset: Dataset,
    candidates: Candidates,
    selection: Selection,
    contents: Contents,
    pool: Sequence[PoolImage],
    *,
    left_out: Mapping[str, int],
    by_hand: ByHand,
) -> Manifest:
    """The facts of a bundle.

    Args:
        left_out: pictures of the test split that have no view, by reason.
    """
    sample, more = selection.sample, selection.extended
    size, covered = int(candidates.masks[Split.TEST].sum()), sum(c.available for c in sample.counts)
    return Manifest(
        study=study.study.name,
        seed=study.study.seed,
        classifiers=tuple(_facts(j, dataset, contents, pool) for j in candidates.evaluations),
        bins=sample.counts,
        adversarial=more.facts,
        pool_size=size,
        covered_share=covered / size if size else 0.0,
        excluded={**left_out, **candidates.excluded[Split.TEST]},
        items="automatic" if by_hand.items is None else "by hand",
        verdicts=by_hand.verdicts,
        short=sample.short or more.short,
        versions={name: importlib.metadata.version(name) for name in PACKAGES},
    )


def _facts(
    evaluated: EvaluatedClassifier, dataset: Dataset, contents: Contents, pool: Sequence[PoolImage]
) -> ClassifierFacts:
    return ClassifierFacts(
        name=evaluated.name,
        backbone=evaluated.checkpoint.classifier.backbone,
        digest=evaluated.checkpoint.digest,
        accuracy={s.value: evaluated.predictions[s].accuracy for s in Split},
        ai_only=ai_alone(
            evaluated.name,
            pool,
            contents.stimuli,
            contents.predictions,
            chosen_on=CHOSEN_ON[dataset.threshold_split],
        ),
        duplicate_distance=evaluated.gallery.duplicate_distance if evaluated.gallery else None,
        heatmap_thresholds=contents.thresholds.get(evaluated.name, {}),
    )


def pool_images(candidates: Candidates, dataset: Dataset, study: Study) -> list[PoolImage]:
    """The pool, and the val split where T* is chosen there, as each judge sees them."""
    splits = sorted({dataset.threshold_split, Split.TEST}, key=SHOWN_SPLITS.index)
    return [
        _pool_image(candidates, evaluated, split, int(row), study)
        for evaluated in candidates.evaluations
        for split in splits
        for row in np.flatnonzero(candidates.masks[split])
    ]


def _pool_image(
    candidates: Candidates, evaluated: EvaluatedClassifier, split: Split, row: int, study: Study
) -> PoolImage:
    said = evaluated.predictions[split]
    confidence, right = float(said.confidences[row]), bool(said.right[row])
    return PoolImage(
        source=candidates.crops[split][row].example.source,
        split=split.value,
        classifier=evaluated.name,
        confidence=confidence,
        right=right,
        bin=bin_of(confidence, right, study.bins),
    )
