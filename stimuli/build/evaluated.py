"""A classifier of a study with its answers, and with what a screen can show beside them."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from stimuli.build.cards import card_crops
from stimuli.build.gallery import Gallery, feature_gallery, listed_gallery, network_features
from stimuli.build.imported.given_neighbours import GivenNeighbours
from stimuli.cache import Cache
from stimuli.datasets.base import Split
from stimuli.models.predictions import Predictions, cached_predictions, joined
from stimuli.models.ready import ReadyClassifier
from stimuli.pictures.crops import Crop, Crops
from stimuli.study import Study

log = logging.getLogger(__name__)

UNASKED = (
    "there is no answer to any training picture, so that cards show pictures of their class by "
    "chance, not those of which the AI is sure"
)


class Answer(NamedTuple):
    """What a classifier said of one picture: a class, how sure it is of it, and whether rightly."""

    label: int
    confidence: float
    right: bool


@dataclass(frozen=True, kw_only=True)
class EvaluatedClassifier:
    """One classifier, what it said, and what a screen can show of it.

    Attributes:
        predictions: of every split; none of train where answers are given, and none of its.
        cards: training images for the card of each class that has one, none for a card of words.
        gallery: training images to find neighbours in; None where none are drawn.
        cache: what was made with this classifier.
    """

    ready: ReadyClassifier
    predictions: dict[Split, Predictions]
    cards: dict[int, list[Crop]]
    gallery: Gallery | None
    cache: Cache

    @property
    def name(self) -> str:
        """Of its table in the study file."""
        return self.ready.name

    def answer(self, split: Split, row: int) -> Answer:
        """To a row of a split."""
        p = self.predictions[split]
        return Answer(int(p.labels[row]), float(p.confidences[row]), bool(p.right[row]))

    def best(self, split: Split, row: int) -> Iterator[tuple[int, float]]:
        """The most likely classes of a row of a split with their probabilities, falling."""
        p = self.predictions[split]
        return zip(p.best[row].tolist(), p.best_probabilities[row].tolist(), strict=True)


def evaluate(
    ready: ReadyClassifier,
    crops: Crops,
    study: Study,
    *,
    cache: Cache,
    rng: np.random.Generator,
    given: GivenNeighbours | None = None,
) -> EvaluatedClassifier:
    """Classify every split, choose card images, and open a gallery where neighbours are drawn.

    Args:
        cache: what was made with this classifier.
        given: its neighbours, of a classifier without a network.
    """
    name = ready.name
    said = {s: ready.answers(crops[s], cache, what=f"{name}: {s}") for s in Split}
    predictions = {split: p for split, p in said.items() if p is not None}
    for split, p in predictions.items():
        log.info("%s: %s: %d answers, %d of them right", name, split, len(p.labels), p.right.sum())
    trained = predictions.get(Split.TRAIN)
    if trained is None and study.cards.examples:
        log.warning("%s: %s", name, UNASKED)
    n_classes = len(ready.classes)
    cards = card_crops(crops[Split.TRAIN], trained, study.cards, n_classes=n_classes, rng=rng)
    log.info("%s: %d of %d classes have a card", name, len(cards), n_classes)
    return EvaluatedClassifier(
        ready=ready,
        predictions=predictions,
        cards=cards,
        gallery=gallery_of(ready, crops[Split.TRAIN], trained, study, cache, given),
        cache=cache,
    )


def gallery_of(
    ready: ReadyClassifier,
    crops: Sequence[Crop],
    predictions: Predictions | None,
    study: Study,
    cache: Cache,
    given: GivenNeighbours | None,
) -> Gallery | None:
    """Training images to find neighbours in; None where no condition shows them.

    Args:
        crops: of the train split.
        predictions: what the classifier said of them, if anything.
    """
    name, settings = ready.name, study.explainers.neighbours
    if predictions is None or settings is None or "neighbours" not in study.explainers_of(name):
        return None
    if given and given.lists:
        return listed_gallery(given.lists, crops, predictions)
    features = given.features_of if given else network_features(ready.classifier, settings, cache)
    return feature_gallery(features, crops, predictions, settings, name=name)


def sharing_cards(evaluations: Sequence[EvaluatedClassifier]) -> list[EvaluatedClassifier]:
    """All with the cards of the first, so that participants of all conditions read the same."""
    return [replace(evaluated, cards=evaluations[0].cards) for evaluated in evaluations]


def with_more_tests(evaluated: EvaluatedClassifier, crops: Sequence[Crop]) -> EvaluatedClassifier:
    """The network with its answers to attacked crops too, at the end of the test split."""
    what = f"{evaluated.name}: adversarial"
    more = cached_predictions(evaluated.ready.classifier, crops, evaluated.cache, what=what)
    test = joined([evaluated.predictions[Split.TEST], more])
    return replace(evaluated, predictions=evaluated.predictions | {Split.TEST: test})
