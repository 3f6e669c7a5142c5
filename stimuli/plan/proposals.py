"""Settings that would work, found by trying all variants on what the AI has answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np

from stimuli.build.cards import card_crops
from stimuli.build.context import BuildContext
from stimuli.build.evaluated import sharing_cards
from stimuli.build.shortages.causes import stages, unfiltered
from stimuli.build.shortages.needs import Masks, bin_needs, item_needs
from stimuli.datasets.base import Split
from stimuli.plan.variants import (
    Changes,
    band_variants,
    bin_variants,
    card_variants,
    changed_text,
    item_variants,
    trial_variants,
    with_changes,
)
from stimuli.study import Study, StudyError, parse_study


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Settings that would work.

    Attributes:
        steps: how far each list of variants was gone down: cards, bands, items, bins, trials.
    """

    changes: Changes
    steps: tuple[int, ...]


def proposals(context: BuildContext, text: str) -> list[Proposal]:
    """Every smallest change with which the study can be had, the smallest first.

    Of two proposals neither is nearer to the stated settings in one respect and as near in all
    others. The stated settings come alone, with no change, where they work.

    Args:
        text: the study file.
    """
    trying, study = _Trying(context), context.study
    cards, bands, items, bins = (
        card_variants(study),
        band_variants(study),
        item_variants(study),
        bin_variants(study),
    )
    if trying.trial_step([{}, {}, {}, {}]) == 0:
        return [Proposal(changes={}, steps=(0, 0, 0, 0, 0))]
    found: list[Proposal] = []
    places = product(*(range(len(variants)) for variants in (cards, bands, items, bins)))
    for place in sorted(places, key=lambda steps: (sum(steps), steps)):
        variants = [v[n] for v, n in zip((cards, bands, items, bins), place, strict=True)]
        step = trying.trial_step(variants)
        if step is None or any(_as_near(other.steps, (*place, step)) for other in found):
            continue
        changes = _joined(variants)
        if step:
            changes["phases", "trials"] = trying.most_trials(variants, step)
        if tables_agree(text, changes):
            found.append(Proposal(changes=changes, steps=(*place, step)))
    nearest = [
        one
        for one in found
        if not any(_as_near(other.steps, one.steps) for other in found if other is not one)
    ]
    return sorted(nearest, key=lambda proposal: (sum(proposal.steps), proposal.steps))


def _as_near(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether one is at least as near to the stated settings as the other in every respect."""
    return all(a <= b for a, b in zip(one, other, strict=True))


def tables_agree(text: str, changes: Changes) -> bool:
    """Whether the tables of the changed study file agree."""
    try:
        parse_study(changed_text(text, changes), subject="")
    except StudyError:
        return False
    return True


class _Trying:
    """Tries variants; what several of them share is made once."""

    def __init__(self, context: BuildContext) -> None:
        self.context = context
        self._masks: dict[str, Masks] = {}
        self._met: dict[str, bool] = {}
        self._stimuli: dict[str, int] = {}

    @cached_property
    def _unfiltered(self) -> Masks:
        return unfiltered(self.context)

    def trial_step(self, variants: Sequence[Changes]) -> int | None:
        """How many steps down the trials must go with these settings; None if nothing works.

        Args:
            variants: of cards, bands, items and bins.
        """
        cards, bands, items, bins = variants
        shown = repr((cards, bands))
        if shown not in self._masks:
            context = with_settings(self.context, _joined((cards, bands)))
            self._masks[shown] = stages(context, self._unfiltered)[-1].masks
        masks = self._masks[shown]
        if (key := repr((cards, bands, items))) not in self._met:
            study = with_changes(self.context.study, _joined((bands, items)))
            found = item_needs(replace(self.context, study=study), masks[Split.VAL])
            self._met[key] = all(need.met for need in found)
        if not self._met[key]:
            return None
        if (key := repr((cards, bands, bins))) not in self._stimuli:
            study = with_changes(self.context.study, _joined((bands, bins)))
            self._stimuli[key] = n_stimuli(replace(self.context, study=study), masks)
        return next(
            (
                step
                for step, trials in enumerate(trial_variants(self.context.study))
                if trials <= self._stimuli[key]
            ),
            None,
        )

    def most_trials(self, variants: Sequence[Changes], step: int) -> int:
        """As many trials as there are stimuli, an even number as all that are stated are.

        Args:
            step: what `trial_step` gave for these settings.
        """
        cards, bands, _, bins = variants
        there = self._stimuli[repr((cards, bands, bins))]
        before = trial_variants(self.context.study)[step - 1]
        return min(there - there % 2, before - 1)


def n_stimuli(context: BuildContext, masks: Masks) -> int:
    """Natural stimuli, 0 where a bin is shorter than it may be."""
    found = bin_needs(context, masks[Split.TEST])
    if not all(need.met for need in found):
        return 0
    if context.study.adversarial:  # these come too, and nobody knows yet how many
        return context.study.test_trials
    return sum(min(need.needed, need.there) for need in found)


def _joined(variants: Iterable[Changes]) -> dict[tuple[str, str], object]:
    return {key: value for variant in variants for key, value in variant.items()}


def with_settings(context: BuildContext, changes: Mapping[tuple[str, str], object]) -> BuildContext:
    """The context of a build with other settings of cards, bands, items, bins or trials."""
    study: Study = with_changes(context.study, changes)
    evaluations = [
        replace(
            evaluated,
            cards=card_crops(
                context.crops[Split.TRAIN],
                evaluated.predictions.get(Split.TRAIN),
                study.cards,
                n_classes=len(context.classes),
                rng=np.random.default_rng(0),
            ),
        )
        for evaluated in context.evaluations
    ]
    if study.bins.pairing == "matched":
        evaluations = sharing_cards(evaluations)
    return replace(context, study=study, evaluations=evaluations)
