"""Which images a study shows: practice and validation items, natural and adversarial stimuli."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from stimuli.build.adversarial import Extended, with_adversarial
from stimuli.build.bins import Sample, bin_of, sample_bins
from stimuli.build.contents import Chosen
from stimuli.build.evaluated import SHOWN_SPLITS, EvaluatedClassifier, eligibility
from stimuli.build.item_overrides import items_by_hand
from stimuli.build.items import choose_items, fit_for_items
from stimuli.build.neighbours import find_neighbours
from stimuli.build.overrides import ByHand, vetoed_rows
from stimuli.bundle.ids import opaque_id
from stimuli.bundle.verdicts import vetoed_ids
from stimuli.datasets.base import Dataset, Split
from stimuli.pictures.crops import Crop
from stimuli.seeds import generator
from stimuli.study import Study
from stimuli.study.online import Phase

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The images that every condition can show, as far as is known before any is chosen.

    Attributes:
        labels: classes of which the data set has images.
        masks: of val and test, (n,) true where an image is a candidate.
        excluded: how many are none, by split and reason.
    """

    evaluations: Sequence[EvaluatedClassifier]
    crops: Mapping[Split, Sequence[Crop]]
    labels: Collection[int]
    masks: Mapping[Split, np.ndarray]
    excluded: Mapping[Split, Mapping[str, int]]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What was chosen.

    Attributes:
        sample: the natural stimuli.
        extended: all that is chosen, adversarial stimuli and items included.
    """

    sample: Sample
    extended: Extended


def candidates_of(
    evaluations: Sequence[EvaluatedClassifier],
    crops: Mapping[Split, Sequence[Crop]],
    study: Study,
    labels: Collection[int],
) -> Candidates:
    """The candidates of a study."""
    fit = {split: eligibility(evaluations, split, study, labels) for split in SHOWN_SPLITS}
    return Candidates(
        evaluations=evaluations,
        crops=crops,
        labels=labels,
        masks={split: fit[split].mask for split in SHOWN_SPLITS},
        excluded={split: fit[split].excluded for split in SHOWN_SPLITS},
    )


def select(candidates: Candidates, dataset: Dataset, study: Study, by_hand: ByHand) -> Selection:
    """Choose, until everything that is chosen has its neighbours.

    Neighbours are looked for only where they would be shown. An image that has too few, because
    some training images are copies of it, makes room for the next candidate as a vetoed one does.
    """
    passed_over: set[str] = set()
    while True:
        found = _selected(candidates, dataset, study, by_hand, passed_over)
        lacking = {*_lacking_neighbours(found.extended, study)}
        if not lacking:
            return found
        log.info("%d of the chosen images lack neighbours; the next take their place", len(lacking))
        passed_over |= lacking


def _selected(
    candidates: Candidates,
    dataset: Dataset,
    study: Study,
    by_hand: ByHand,
    passed_over: Collection[str],
) -> Selection:
    unwanted = {*vetoed_ids(by_hand.verdicts), *passed_over}
    rng = partial(generator, study.study.seed)
    items = _items(candidates, dataset, study, by_hand, unwanted, rng("items"))
    sample = _sample(candidates, study, unwanted, rng("stimuli"))
    tests = [Chosen(split=Split.TEST, row=row, phase=Phase.TEST) for row in sample.rows]
    extended = with_adversarial(
        [*items, *tests],
        candidates.evaluations,
        candidates.crops,
        candidates.masks[Split.TEST],
        study,
        labels=candidates.labels,
        vetoed=unwanted,
        rng=rng("adversarial"),
    )
    return Selection(sample=sample, extended=extended)


def _lacking_neighbours(chosen: Extended, study: Study) -> Iterator[str]:
    """Ids of what was chosen that some judge finds too few neighbours for."""
    settings = study.explainers.neighbours
    shown = [chosen.crops[c.split][c.row] for c in chosen.chosen]
    for evaluated in chosen.evaluations if settings else ():
        if evaluated.gallery and settings:
            labels = [int(evaluated.predictions[c.split].labels[c.row]) for c in chosen.chosen]
            found = find_neighbours(evaluated.gallery, shown, labels, k=settings.k)
            for crop, neighbours in zip(shown, found, strict=True):
                if len(neighbours.rows) < settings.k:
                    yield opaque_id(crop.example.source, crop.kind, study.study)


def _sample(
    candidates: Candidates, study: Study, unwanted: Collection[str], rng: np.random.Generator
) -> Sample:
    """The natural stimuli: candidates of the test split, by the first classifier's bins."""
    said, mask = candidates.evaluations[0].predictions[Split.TEST], candidates.masks[Split.TEST]
    bins = {
        int(row): bin_of(said.confidences[row], said.right[row], study.bins)
        for row in np.flatnonzero(mask)
    }
    order = rng.permutation(len(mask)).tolist()
    vetoed = vetoed_rows(candidates.crops[Split.TEST], unwanted, study)
    return sample_bins(bins, said.right.tolist(), study.bins, order=order, vetoed=vetoed)


def _items(
    candidates: Candidates,
    dataset: Dataset,
    study: Study,
    by_hand: ByHand,
    unwanted: Collection[str],
    rng: np.random.Generator,
) -> list[Chosen]:
    """Practice and validation items, if the study has these phases."""
    said, crops = candidates.evaluations[0].predictions[Split.VAL], candidates.crops[Split.VAL]
    fit = fit_for_items(candidates.masks[Split.VAL], candidates.crops)
    log.info("val: %d images, %d of them can be items", len(crops), fit.sum())
    vetoed = vetoed_rows(crops, unwanted, study)
    if by_hand.items is None:
        items = choose_items(said, fit, study, vetoed=vetoed, rng=rng)
    else:
        items = items_by_hand(by_hand.items, said, fit, dataset, crops, study, vetoed=vetoed)
    return [
        Chosen(split=Split.VAL, row=item.row, phase=item.phase, rationale=item.rationale)
        for item in items
    ]
