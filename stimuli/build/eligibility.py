"""Which crops of a split every condition of a study can show."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stimuli.build.bins import bin_of
from stimuli.build.context import BuildContext
from stimuli.datasets.base import Split
from stimuli.models.predictions import Predictions
from stimuli.study.offline import BinSettings

log = logging.getLogger(__name__)

# A person who reads the number learns next to nothing from a smaller difference.
MATCHED_CONFIDENCE = 0.05

NO_CARD = "no class card"
NOT_GIVEN = "no explanation"

SHOWN_SPLITS = (Split.VAL, Split.TEST)
"""Practice and validation items come from val, stimuli from test."""


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """Which crops of a split every condition can show.

    Attributes:
        mask: (n,) true where eligible.
        excluded: how many are not, by the first reason that holds.
    """

    mask: np.ndarray
    excluded: dict[str, int]


def eligibility(split: Split, context: BuildContext) -> Eligibility:
    """Leave out images whose predicted class lacks a card, and those that do not match.

    Also those that lack neighbours, or an explanation that another tool made.

    A prediction of a class of which the data set has no images, such as a wolf in a set of dogs, is
    counted as such.
    """
    mask = np.ones(len(context.evaluations[0].predictions[split].labels), dtype=bool)
    excluded: dict[str, int] = {}
    for reason, fine in filters(split, context).items():
        excluded[reason] = int((mask & ~fine).sum())
        mask &= fine
    out = counted_reasons(excluded)
    log.info("%s: %d of %d can be shown; left out: %s", split, mask.sum(), len(mask), out)
    return Eligibility(mask=mask, excluded=excluded)


def counted_reasons(left_out: Mapping[str, int]) -> str:
    """How many pictures were left out for which reason, in words: those that met any."""
    return ", ".join(f"{n} {reason}" for reason, n in left_out.items() if n) or "none"


def filters(split: Split, context: BuildContext) -> dict[str, np.ndarray]:
    """(n,) what each filter lets through, by the reason for leaving out the rest, in order."""
    study, evaluations = context.study, context.evaluations
    classes_with_images = list({example.label for example in context.dataset.examples})
    conditions: dict[str, np.ndarray] = {}
    for place, evaluated in enumerate(evaluations):
        name, labels = evaluated.name, evaluated.predictions[split].labels
        conditions |= {
            f"predicted class not in the data set ({name})": np.isin(labels, classes_with_images),
            f"{NO_CARD} ({name})": np.isin(labels, list(evaluated.cards)),
        }
        if evaluated.gallery and study.explainers.neighbours:
            k = study.explainers.neighbours.k
            fine = evaluated.gallery.may_have(context.crops[split], labels, k)
            conditions[f"fewer than {k} neighbours ({name})"] = fine
        for explainer in sorted(study.explainers_of(name) & context.given.keys()):
            given = context.given[explainer]
            sources = [crop.example.source for crop in context.crops[split]]
            conditions[f"{NOT_GIVEN} of {explainer} ({name})"] = np.array(
                [given.explains(name, source) for source in sources], dtype=bool
            )
        if study.bins.pairing == "matched" and place > 0:
            others = [other.predictions[split] for other in evaluations[:place]]
            alike = [matched(other, evaluated.predictions[split], study.bins) for other in others]
            conditions[f"answers otherwise ({name})"] = np.logical_and.reduce(alike)
    return conditions


def matched(one: Predictions, other: Predictions, settings: BinSettings) -> np.ndarray:
    """(n,) where both say the same, in the same bin, with nearly the same confidence."""
    close = np.abs(one.confidences - other.confidences) <= MATCHED_CONFIDENCE
    bins = [
        [bin_of(*pair, settings) for pair in zip(answers.confidences, answers.right, strict=True)]
        for answers in (one, other)
    ]
    same_bin = [first is second for first, second in zip(*bins, strict=True)]
    return np.asarray((one.labels == other.labels) & close & np.array(same_bin, dtype=bool))
