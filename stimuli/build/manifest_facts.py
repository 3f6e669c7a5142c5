"""What a bundle says of itself: the pool, and the facts that were counted on the way."""

import importlib.metadata
import logging
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from stimuli.build.ai_only import ai_alone
from stimuli.build.bins import bin_of
from stimuli.build.contents import Contents
from stimuli.build.context import BuildContext
from stimuli.build.eligibility import SHOWN_SPLITS
from stimuli.build.overrides import ByHand
from stimuli.build.selection import Candidates, Selection
from stimuli.bundle import (
    AdversarialFacts,
    ClassifierFacts,
    Kind,
    Manifest,
    PluginFacts,
    PoolImage,
)
from stimuli.bundle.summary import TELLING_AUC, detector_sentence
from stimuli.datasets.base import Split
from stimuli.pictures.detector import telling_auc
from stimuli.pictures.jpeg import Jpeg
from stimuli.pictures.mask_coverage import covered_by_masks
from stimuli.study.online import Phase

log = logging.getLogger(__name__)

PACKAGES = (
    "torch",
    "torchvision",
    "captum",
    "faiss-cpu",
    "onnxruntime",
    "numpy",
    "Pillow",
    "scikit-learn",
)

CHOSEN_ON: dict[Split, Literal["val", "pool"]] = {Split.VAL: "val", Split.TEST: "pool"}
"""What the manifest calls the images on which T* is chosen."""


def manifest(
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
        left_out: pictures of the test split that have no crop, by reason.
    """
    context, sample = selection.context, selection.sample
    size, covered = int(candidates[Split.TEST].mask.sum()), sum(c.available for c in sample.counts)
    return Manifest(
        study=context.study.study.name,
        seed=context.study.study.seed,
        classifiers=_classifiers(context, contents, pool),
        bins=sample.counts,
        adversarial=tuple(told_apart(facts, contents) for facts in selection.adversarial),
        pool_size=size,
        covered_share=covered / size if size else 0.0,
        excluded={**left_out, **candidates[Split.TEST].excluded},
        empty_maps=dict(selection.empty_maps),
        masks=covered_by_masks(
            [crop for split in Split for crop in context.crops[split]],
            context.dataset.mask_meaning,
        ),
        one_map=selection.one_map,
        plugins=_plugins(context),
        explanations={name: given.facts for name, given in context.given.items()}
        | {f"neighbours ({name})": given.facts for name, given in context.neighbours.items()},
        items="automatic" if by_hand.items is None else "by hand",
        verdicts=by_hand.verdicts,
        short=selection.short,
        versions={name: importlib.metadata.version(name) for name in PACKAGES},
    )


def told_apart(facts: AdversarialFacts, contents: Contents) -> AdversarialFacts:
    """The facts with how well a detector tells the attack's test stimuli from natural ones."""
    files: dict[Kind, list[Jpeg]] = {kind: [] for kind in Kind}
    for stimulus in contents.stimuli:
        if stimulus.phase is Phase.TEST and stimulus.attacked in ((), facts.against):
            files[stimulus.kind].append(contents.images[stimulus.image])
    auc = telling_auc(files[Kind.NATURAL], files[Kind.ADVERSARIAL])
    if auc is not None:
        log.log(
            logging.WARNING if auc >= TELLING_AUC else logging.INFO, "%s", detector_sentence(auc)
        )
    return facts.model_copy(update={"detector_auc": auc})


def _plugins(context: BuildContext) -> dict[str, PluginFacts]:
    """Those of which a condition shows maps."""
    shown = {name for e in context.evaluations for name in context.study.explainers_of(e.name)}
    return {
        name: PluginFacts(source=plugin.source, sha256=plugin.digest)
        for name, plugin in context.machine.plugins.items()
        if name in shown
    }


def _classifiers(
    context: BuildContext, contents: Contents, pool: Sequence[PoolImage]
) -> tuple[ClassifierFacts, ...]:
    """What each classifier is, how good it is, and the AI alone with its answers."""
    chosen_on = CHOSEN_ON[context.dataset.threshold_split]
    return tuple(
        ClassifierFacts(
            name=evaluated.name,
            backbone=evaluated.ready.backbone,
            digest=evaluated.ready.digest,
            source=evaluated.ready.facts.get("source", ""),
            licence=evaluated.ready.facts.get("licence", ""),
            accuracy={s.value: p.accuracy for s, p in evaluated.predictions.items()},
            ai_only=ai_alone(
                evaluated.name, pool, contents.stimuli, contents.predictions, chosen_on=chosen_on
            ),
            duplicate_distance=evaluated.gallery.duplicate_distance if evaluated.gallery else None,
            heatmap_thresholds=contents.thresholds.get(evaluated.name, {}),
        )
        for evaluated in context.evaluations
    )


def pool_images(candidates: Candidates, context: BuildContext) -> list[PoolImage]:
    """The pool, and the val split where T* is chosen there, as each classifier sees them."""
    splits = sorted({context.dataset.threshold_split, Split.TEST}, key=SHOWN_SPLITS.index)
    return [
        PoolImage(
            source=context.crops[split][row].example.source,
            split=split.value,
            classifier=evaluated.name,
            confidence=answer.confidence,
            right=answer.right,
            bin=bin_of(answer.confidence, answer.right, context.study.bins),
        )
        for evaluated in context.evaluations
        for split in splits
        for row in np.flatnonzero(candidates[split].mask).tolist()
        for answer in [evaluated.answer(split, row)]
    ]
