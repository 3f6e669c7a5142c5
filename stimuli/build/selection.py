"""Which images a study shows: practice and validation items, natural and adversarial stimuli."""

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from stimuli.build.adversarial import adversarial_stimuli
from stimuli.build.bins import Sample, bin_of, sample_bins
from stimuli.build.chosen_image import ChosenImage
from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.eligibility import Eligibility
from stimuli.build.explanations import empty_maps
from stimuli.build.item_overrides import items_by_hand
from stimuli.build.items import choose_items, fit_for_items, item_groups
from stimuli.build.neighbours import find_neighbours
from stimuli.build.overrides import ByHand, vetoed_rows
from stimuli.bundle import AdversarialFacts
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
        adversarial: of each attack; none where the study asks for none.
        short: whether a bin held too few.
        empty_maps: images that made room because a heat map is empty, as in the manifest.
    """

    choices: Sequence[ChosenImage]
    context: BuildContext
    sample: Sample
    adversarial: tuple[AdversarialFacts, ...]
    short: bool
    empty_maps: Mapping[str, int] = field(default_factory=dict)


def select(candidates: Candidates, context: BuildContext, by_hand: ByHand) -> Selection:
    """Choose, until everything that is chosen has its neighbours, and no heat map is empty.

    Both are looked at only where they would be shown. An image that has too few neighbours, because
    some training images are copies of it, or of which a heat map says nothing, makes room for the
    next candidate as a vetoed one does.
    """
    unwanted, empty = {*vetoed_ids(by_hand.verdicts)}, Counter[str]()
    while True:
        selection = _select_once(candidates, context, by_hand, unwanted)
        if lacking := _lacking_neighbours(selection):
            why = "lack neighbours"
        elif found := _with_empty_maps(selection):
            empty.update({name: len(ids) for name, ids in found.items()})
            lacking, why = set().union(*found.values()), "have an empty heat map"
        else:
            return replace(selection, empty_maps=dict(empty))
        log.info("%d of the chosen images %s; the next take their place", len(lacking), why)
        unwanted |= lacking


def _lacking_neighbours(selection: Selection) -> set[str]:
    """The ids of what is chosen and has too few of them."""
    settings = selection.context.study.explainers.neighbours
    ids = _ids_by_row(selection)
    return {
        stimulus_id
        for evaluated in selection.context.evaluations
        if evaluated.gallery and settings
        for stimulus_id, nearest in zip(
            ids.values(), find_neighbours(evaluated, [*ids], selection.context), strict=True
        )
        if len(nearest.rows) < settings.k
    }


def _with_empty_maps(selection: Selection) -> dict[str, set[str]]:
    """The ids of what is chosen and has one, by explainer and classifier."""
    ids = _ids_by_row(selection)
    return {
        f"{explainer} ({evaluated.name})": {ids[row] for row in rows}
        for evaluated in selection.context.evaluations
        for explainer, rows in empty_maps(evaluated, [*ids], selection.context).items()
        if rows
    }


def _ids_by_row(selection: Selection) -> dict[SplitRow, str]:
    """The opaque ids of what is chosen."""
    context = selection.context
    return {
        (c.split, c.row): context.crops[c.split][c.row].stimulus_id(context.study.study)
        for c in selection.choices
    }


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
