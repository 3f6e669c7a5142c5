"""A study's classifiers at work: what each said of every split, and which images it can show."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from explainers.classifier import Checkpoint
from explainers.neighbours import Neighbours
from stimuli.cards import card_views
from stimuli.datasets.base import Split
from stimuli.neighbours import find_neighbours
from stimuli.pictures import View
from stimuli.predictions import Predictions, joined, predict
from stimuli.study import Study

log = logging.getLogger(__name__)

SHOWN_SPLITS = (Split.VAL, Split.TEST)
"""Practice and validation items come from val, stimuli from test."""


@dataclass(frozen=True, kw_only=True)
class Judge:
    """One classifier, what it said, and what a screen can show of it.

    Attributes:
        predictions: of every split.
        cards: training images for the card of each class that has one, none for a card of words.
        neighbours: training images like each view of val and test; empty where no condition
            shows them.
        duplicate_distance: below it, two images counted as copies.
    """

    name: str
    checkpoint: Checkpoint
    predictions: dict[Split, Predictions]
    cards: dict[int, list[View]]
    neighbours: dict[Split, list[Neighbours]]
    duplicate_distance: float | None


def judge(
    name: str,
    checkpoint: Checkpoint,
    views: Mapping[Split, Sequence[View]],
    study: Study,
    *,
    rng: np.random.Generator,
) -> Judge:
    """Classify every split, choose card images, and find neighbours where they are shown."""
    classifier = checkpoint.classifier
    predictions = {s: predict(classifier, views[s], what=f"{name}: {s}") for s in Split}
    _log_answers(name, predictions)
    train = views[Split.TRAIN], predictions[Split.TRAIN]
    found, settings = None, study.explainers.neighbours
    if settings and name in shown_by(study, "neighbours"):
        asked = [v for s in SHOWN_SPLITS for v in views[s]], [predictions[s] for s in SHOWN_SPLITS]
        found = find_neighbours(
            classifier,
            (asked[0], joined(asked[1])),
            train,
            k=settings.k,
            duplicate_distance=settings.duplicate_distance.get(name),
        )
    cards = card_views(*train, study.cards, n_classes=len(classifier.classes), rng=rng)
    log.info("%s: %d of %d classes have a card", name, len(cards), len(classifier.classes))
    return Judge(
        name=name,
        checkpoint=checkpoint,
        predictions=predictions,
        cards=cards,
        neighbours=_by_split(found.neighbours, views) if found else {},
        duplicate_distance=found.duplicate_distance if found else None,
    )


def _log_answers(name: str, predictions: Mapping[Split, Predictions]) -> None:
    for split, said in predictions.items():
        log.info(
            "%s: %s: %d answers, %d of them right", name, split, len(said.labels), said.right.sum()
        )


def asked_more(
    judge: Judge, more: Sequence[View], views: Mapping[Split, Sequence[View]], study: Study
) -> Judge:
    """The judge once it was also asked about `more` views, which join the test split at its end."""
    classifier, test = judge.checkpoint.classifier, Split.TEST
    said = predict(classifier, more, what=f"{judge.name}: adversarial")
    neighbours = dict(judge.neighbours)
    if judge.neighbours and study.explainers.neighbours:
        found = find_neighbours(
            classifier,
            (more, said),
            (views[Split.TRAIN], judge.predictions[Split.TRAIN]),
            k=study.explainers.neighbours.k,
            duplicate_distance=judge.duplicate_distance,
        )
        neighbours[test] = [*neighbours[test], *found.neighbours]
    predictions = judge.predictions | {test: joined([judge.predictions[test], said])}
    return replace(judge, predictions=predictions, neighbours=neighbours)


def _by_split(
    neighbours: Sequence[Neighbours], views: Mapping[Split, Sequence[View]]
) -> dict[Split, list[Neighbours]]:
    rest = iter(neighbours)
    return {split: [next(rest) for _ in views[split]] for split in SHOWN_SPLITS}


def shown_by(study: Study, panel: str) -> set[str]:
    """The classifiers that some condition shows with this panel."""
    return {study.classifier_of(c) for c in study.conditions if panel in c.panels}


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
    judges: Sequence[Judge], split: Split, study: Study, labels: Collection[int]
) -> Eligibility:
    """Leave out images whose predicted class lacks a card, or that lack neighbours.

    Args:
        labels: classes of which the data set has images. A prediction of another class, such as a
            wolf in a set of dogs, is counted as such.
    """
    mask = np.ones(len(judges[0].predictions[split].labels), dtype=bool)
    excluded: dict[str, int] = {}
    for judge in judges:
        said = judge.predictions[split].labels
        reasons = {
            f"predicted class not in the data set ({judge.name})": np.isin(said, list(labels)),
            f"no class card ({judge.name})": np.isin(said, list(judge.cards)),
        }
        if split in judge.neighbours and study.explainers.neighbours:
            k = study.explainers.neighbours.k
            enough = np.array([len(n.rows) == k for n in judge.neighbours[split]], dtype=bool)
            reasons[f"fewer than {k} neighbours ({judge.name})"] = enough
        for reason, fine in reasons.items():
            excluded[reason] = int((mask & ~fine).sum())
            mask &= fine
    log.info("%s: %d of %d can be shown; left out: %s", split, mask.sum(), len(mask), excluded)
    return Eligibility(mask=mask, excluded=excluded)
