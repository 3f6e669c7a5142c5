"""Which images a study shows: practice and validation items, natural and adversarial stimuli."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from stimuli.build.adversarial import adversarial_stimuli
from stimuli.build.bins import Sample, bin_of, sample_bins
from stimuli.build.chosen_image import ChosenImage
from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.eligibility import Eligibility
from stimuli.build.heatmaps.map_checks import MapsSeen, maps_seen, require_some_maps
from stimuli.build.impossible import most_perturbed, require_trials
from stimuli.build.item_overrides import items_by_hand
from stimuli.build.items import choose_items, fit_for_items, item_groups
from stimuli.build.neighbours import find_neighbours
from stimuli.build.overrides import ByHand, vetoed_rows
from stimuli.bundle import AdversarialFacts
from stimuli.bundle.verdicts import vetoed_ids
from stimuli.datasets.base import Split
from stimuli.problems import ProblemsError
from stimuli.seeds import generator
from stimuli.study.online import Phase

log = logging.getLogger(__name__)

ONE_MAP = (
    "every stimulus has the same heat map, whatever it shows; unless that is meant as a placebo, "
    "look at the explainer"
)

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
        one_map: explainers whose heat maps are all one, as in the manifest.
    """

    choices: Sequence[ChosenImage]
    context: BuildContext
    sample: Sample
    adversarial: tuple[AdversarialFacts, ...]
    short: bool
    empty_maps: Mapping[str, int] = field(default_factory=dict)
    one_map: tuple[str, ...] = ()


def select(candidates: Candidates, context: BuildContext, by_hand: ByHand) -> Selection:
    """Choose, until everything that is chosen has its neighbours, and no heat map is empty.

    Both are looked at only where they would be shown. An image that has too few neighbours, because
    some training images are copies of it, or of which a heat map says nothing, makes room for the
    next candidate as a vetoed one does. An explainer that draws one map for all is only warned of:
    a study may compare explanations with such a placebo.

    Raises:
        ProblemsError: if what is left does not suffice, or an explainer finds nothing anywhere.
    """
    unwanted = dict.fromkeys(vetoed_ids(by_hand.verdicts), "was vetoed")
    empty = Counter[str]()
    while True:
        with telling_of(empty):
            selection = _select_once(candidates, context, by_hand, unwanted)
        lacking = dict.fromkeys(_lacking_neighbours(selection), "has too few neighbours")
        if not lacking:
            seen = seen_maps(selection)
            require_some_maps(seen)
            ids = _ids_by_row(selection)
            empty.update({name: len(maps.empty) for name, maps in seen.items() if maps.empty})
            lacking = {
                ids[row]: f"has an empty heat map of {name}"
                for name, maps in seen.items()
                for row in maps.empty
            }
        if not lacking:
            one_map = tuple(name for name, maps in seen.items() if maps.one is not None)
            for name in one_map:
                log.warning("%s: %s", name, ONE_MAP)
            return replace(selection, empty_maps=dict(empty), one_map=one_map)
        for why, n in Counter(lacking.values()).items():
            log.info("%d of the chosen images: each %s; the next take their place", n, why)
        unwanted |= lacking


def seen_maps(selection: Selection) -> dict[str, MapsSeen]:
    """What the heat maps of all that is chosen look like, by explainer and classifier."""
    rows = [*_ids_by_row(selection)]
    return {
        name: maps
        for evaluated in selection.context.evaluations
        for name, maps in maps_seen(evaluated, rows, selection.context).items()
    }


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


def _ids_by_row(selection: Selection) -> dict[SplitRow, str]:
    """The opaque ids of what is chosen."""
    context = selection.context
    return {
        (c.split, c.row): context.crops[c.split][c.row].stimulus_id(context.study.study)
        for c in selection.choices
    }


@contextmanager
def telling_of(empty: Mapping[str, int]) -> Iterator[None]:
    """Where too few images are left, also say how many were passed over for empty maps."""
    try:
        yield
    except ProblemsError as error:
        if not empty:
            raise
        counts = ", ".join(f"{n} of {name}" for name, n in empty.items())
        line = f"images were passed over since a heat map of theirs is empty: {counts}"
        raise type(error)(error.subject, [*error.problems, line]) from error


def _select_once(
    candidates: Candidates, context: BuildContext, by_hand: ByHand, unwanted: Mapping[str, str]
) -> Selection:
    """Items, natural and adversarial stimuli, none of which has one of the unwanted ids."""
    study, crops = context.study, context.crops
    answers, mask = context.evaluations[0].predictions[Split.TEST], candidates[Split.TEST].mask
    items = items_of(candidates[Split.VAL].mask, context, by_hand, unwanted)
    bins = {
        int(row): bin_of(answers.confidences[row], answers.right[row], study.bins)
        for row in np.flatnonzero(mask)
    }
    order = generator(study.study.seed, "stimuli").permutation(len(mask)).tolist()
    vetoed = vetoed_rows(crops[Split.TEST], unwanted, study)
    sample = sample_bins(bins, answers.right.tolist(), study.bins, order=order, vetoed=vetoed)
    tests = [ChosenImage(split=Split.TEST, row=row, phase=Phase.TEST) for row in sample.rows]

    natural = [*items, *tests]
    # Attacks take minutes, and explanations more: too few are too few before.
    require_trials(study, len(tests), at_most=most_perturbed(study))
    more = adversarial_stimuli(natural, mask, context, unwanted)
    require_trials(study, len(tests) + len(more.choices))
    return Selection(
        choices=[*natural, *more.choices],
        context=more.context,
        sample=sample,
        adversarial=more.facts,
        short=sample.short or more.short,
    )


def items_of(
    eligible: np.ndarray, context: BuildContext, by_hand: ByHand, unwanted: Mapping[str, str]
) -> list[ChosenImage]:
    """Practice and validation items, by hand or automatic.

    Args:
        eligible: (n,) which val crops every condition can show.
        unwanted: ids that cannot be taken, with what is the matter with each.
    """
    study, crops = context.study, context.crops
    fit = fit_for_items(eligible, crops)
    log.info("val: %d images, %d of them can be items", len(fit), fit.sum())
    vetoed = {
        row: unwanted[crops[Split.VAL][row].stimulus_id(study.study)]
        for row in vetoed_rows(crops[Split.VAL], unwanted, study)
    }
    if by_hand.items is not None:
        return items_by_hand(by_hand.items, fit, context, unwanted=vetoed)
    predictions = context.evaluations[0].predictions[Split.VAL]
    groups = item_groups(predictions, fit, study, generator(study.study.seed, "items"))
    return choose_items(groups, int(fit.sum()), vetoed=vetoed)
