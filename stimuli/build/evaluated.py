"""A study's classifiers at work: what each said of every split, and which images it can show."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from explainers.classifier import Checkpoint
from stimuli.build.bins import bin_of
from stimuli.build.cards import card_crops
from stimuli.build.neighbours import Gallery, gallery
from stimuli.cache import Cache
from stimuli.datasets.base import Split
from stimuli.models.predictions import Predictions, cached_predictions, joined
from stimuli.pictures.crops import Crop
from stimuli.study import Study
from stimuli.study.offline import BinSettings

log = logging.getLogger(__name__)

# A person who reads the number learns next to nothing from a smaller difference.
MATCHED_CONFIDENCE = 0.05

SHOWN_SPLITS = (Split.VAL, Split.TEST)
"""Practice and validation items come from val, stimuli from test."""


@dataclass(frozen=True, kw_only=True)
class EvaluatedClassifier:
    """One classifier, what it said, and what a screen can show of it.

    Attributes:
        predictions: of every split.
        cards: training images for the card of each class that has one, none for a card of words.
        gallery: training images to find neighbours in; None where none are drawn.
        kept: what was made with this classifier.
    """

    name: str
    checkpoint: Checkpoint
    predictions: dict[Split, Predictions]
    cards: dict[int, list[Crop]]
    gallery: Gallery | None
    cache: Cache


def evaluated(
    name: str,
    checkpoint: Checkpoint,
    crops: Mapping[Split, Sequence[Crop]],
    study: Study,
    *,
    cache: Cache,
    rng: np.random.Generator,
) -> EvaluatedClassifier:
    """Classify every split, choose card images, and open a gallery where neighbours are drawn.

    Args:
        kept: what was made with this classifier.
    """
    classifier = checkpoint.classifier
    said = {s: cached_predictions(classifier, crops[s], cache, what=f"{name}: {s}") for s in Split}
    _log_answers(name, said)
    train, settings = (crops[Split.TRAIN], said[Split.TRAIN]), study.explainers.neighbours
    shown = None
    if settings and "neighbours" in study.explainers_of(name):
        distance = settings.duplicate_distance.get(name)
        shown = gallery(classifier, *train, duplicate_distance=distance, cache=cache)
    cards = card_crops(*train, study.cards, n_classes=len(classifier.classes), rng=rng)
    log.info("%s: %d of %d classes have a card", name, len(cards), len(classifier.classes))
    return EvaluatedClassifier(
        name=name,
        checkpoint=checkpoint,
        predictions=said,
        cards=cards,
        gallery=shown,
        cache=cache,
    )


def sharing_cards(evaluations: Sequence[EvaluatedClassifier]) -> list[EvaluatedClassifier]:
    """The judges with the cards of the first, so that people of all of them read the same."""
    return [replace(evaluated, cards=evaluations[0].cards) for evaluated in evaluations]


def _log_answers(name: str, predictions: Mapping[Split, Predictions]) -> None:
    for split, said in predictions.items():
        log.info(
            "%s: %s: %d answers, %d of them right", name, split, len(said.labels), said.right.sum()
        )


def asked_more(evaluated: EvaluatedClassifier, more: Sequence[Crop]) -> EvaluatedClassifier:
    """The judge once it was also asked about `more` views, which join the test split at its end."""
    what = f"{evaluated.name}: adversarial"
    said = cached_predictions(evaluated.checkpoint.classifier, more, evaluated.cache, what=what)
    test = joined([evaluated.predictions[Split.TEST], said])
    return replace(evaluated, predictions=evaluated.predictions | {Split.TEST: test})


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """Which views of a split every condition can show.

    Attributes:
        mask: (n,) true where eligible.
        excluded: how many are not, by the first reason that holds.
    """

    mask: np.ndarray
    excluded: dict[str, int]


def eligibility(
    evaluations: Sequence[EvaluatedClassifier], split: Split, study: Study, labels: Collection[int]
) -> Eligibility:
    """Leave out images whose predicted class lacks a card, that lack neighbours, or do not match.

    Args:
        labels: classes of which the data set has images. A prediction of another class, such as a
            wolf in a set of dogs, is counted as such.
    """
    mask = np.ones(len(evaluations[0].predictions[split].labels), dtype=bool)
    excluded: dict[str, int] = {}
    for place, evaluated in enumerate(evaluations):
        said = evaluated.predictions[split].labels
        reasons = {
            f"predicted class not in the data set ({evaluated.name})": np.isin(said, list(labels)),
            f"no class card ({evaluated.name})": np.isin(said, list(evaluated.cards)),
        }
        if evaluated.gallery and study.explainers.neighbours:
            k = study.explainers.neighbours.k
            many = [label for label, rows in evaluated.gallery.rows.items() if len(rows) >= k]
            reasons[f"fewer than {k} neighbours ({evaluated.name})"] = np.isin(said, many)
        if study.bins.pairing == "matched" and place > 0:
            others = [other.predictions[split] for other in evaluations[:place]]
            alike = [matched(other, evaluated.predictions[split], study.bins) for other in others]
            reasons[f"answers otherwise ({evaluated.name})"] = np.logical_and.reduce(alike)
        for reason, fine in reasons.items():
            excluded[reason] = int((mask & ~fine).sum())
            mask &= fine
    log.info("%s: %d of %d can be shown; left out: %s", split, mask.sum(), len(mask), excluded)
    return Eligibility(mask=mask, excluded=excluded)


def matched(one: Predictions, other: Predictions, settings: BinSettings) -> np.ndarray:
    """(n,) where both say the same, in the same bin, with nearly the same confidence."""
    close = np.abs(one.confidences - other.confidences) <= MATCHED_CONFIDENCE
    bins = [
        [bin_of(*pair, settings) for pair in zip(said.confidences, said.right, strict=True)]
        for said in (one, other)
    ]
    same_bin = [first is second for first, second in zip(*bins, strict=True)]
    return np.asarray((one.labels == other.labels) & close & np.array(same_bin, dtype=bool))
