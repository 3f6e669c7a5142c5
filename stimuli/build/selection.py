"""Which images a study shows: practice and validation items, natural and adversarial stimuli."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from stimuli.build.adversarial import adversarial_stimuli
from stimuli.build.bins import Sample, bin_of, sample_bins
from stimuli.build.chosen_image import ChosenImage
from stimuli.build.context import BuildContext
from stimuli.build.eligibility import Eligibility
from stimuli.build.item_overrides import items_by_hand
from stimuli.build.items import choose_items, fit_for_items, item_groups
from stimuli.build.neighbours import find_neighbours
from stimuli.build.overrides import ByHand, vetoed_rows
from stimuli.bundle import AdversarialFacts
from stimuli.bundle.ids import opaque_id
from stimuli.bundle.verdicts import vetoed_ids
from stimuli.datasets.base import Split
from stimuli.seeds import generator
from stimuli.study.online import Phase

log = logging.getLogger(__name__)

Candidates = Mapping[Split, Eligibility]
"""The images of val and test that every condition can show, as far as is known at first."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What was chosen.

    Attributes:
        choices: items, natural and adversarial stimuli.
        context: of the build, with the attacked crops at the end of the test split.
        sample: the natural stimuli.
        adversarial: None where the study asks for none.
        short: whether a bin held too few.
    """

    choices: Sequence[ChosenImage]
    context: BuildContext
    sample: Sample
    adversarial: AdversarialFacts | None
    short: bool


def select(candidates: Candidates, context: BuildContext, by_hand: ByHand) -> Selection:
    """Choose, until everything that is chosen has its neighbours.

    Neighbours are looked for only where they would be shown. An image that has too few, because
    some training images are copies of it, makes room for the next candidate as a vetoed one does.
    """
    unwanted, study = {*vetoed_ids(by_hand.verdicts)}, context.study
    while True:
        selection = _select_once(candidates, context, by_hand, unwanted)
        rows = [(choice.split, choice.row) for choice in selection.choices]
        crops = [selection.context.crops[split][row] for split, row in rows]
        lacking = {
            opaque_id(crop.example.source, crop.kind, study.study)
            for evaluated in selection.context.evaluations
            if evaluated.gallery and study.explainers.neighbours
            for crop, nearest in zip(
                crops, find_neighbours(evaluated, rows, selection.context), strict=True
            )
            if len(nearest.rows) < study.explainers.neighbours.k
        }
        if not lacking:
            return selection
        log.info("%d of the chosen images lack neighbours; the next take their place", len(lacking))
        unwanted |= lacking


def _select_once(
    candidates: Candidates, context: BuildContext, by_hand: ByHand, unwanted: Collection[str]
) -> Selection:
    """Items, natural and adversarial stimuli, none of which has one of the unwanted ids."""
    study, crops = context.study, context.crops
    rng = partial(generator, study.study.seed)
    vetoed = {split: vetoed_rows(crops[split], unwanted, study) for split in candidates}

    predictions = context.evaluations[0].predictions[Split.VAL]
    fit = fit_for_items(candidates[Split.VAL].mask, crops)
    log.info("val: %d images, %d of them can be items", len(fit), fit.sum())
    if by_hand.items is None:
        groups = item_groups(predictions, fit, study, rng("items"))
        items = choose_items(groups, int(fit.sum()), vetoed=vetoed[Split.VAL])
    else:
        items = items_by_hand(by_hand.items, fit, context, vetoed=vetoed[Split.VAL])

    answers, mask = context.evaluations[0].predictions[Split.TEST], candidates[Split.TEST].mask
    bins = {
        int(row): bin_of(answers.confidences[row], answers.right[row], study.bins)
        for row in np.flatnonzero(mask)
    }
    order, right = rng("stimuli").permutation(len(mask)).tolist(), answers.right.tolist()
    sample = sample_bins(bins, right, study.bins, order=order, vetoed=vetoed[Split.TEST])
    tests = [ChosenImage(split=Split.TEST, row=row, phase=Phase.TEST) for row in sample.rows]

    natural = [*items, *tests]
    more = adversarial_stimuli(natural, mask, context, unwanted)
    return Selection(
        choices=[*natural, *more.choices],
        context=more.context,
        sample=sample,
        adversarial=more.facts,
        short=sample.short or more.short,
    )
