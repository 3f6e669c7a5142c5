"""What a study needs of its images, and what is there: items, bins and test trials."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stimuli.build.bins import CELLS, WORDS, bin_of
from stimuli.build.context import BuildContext
from stimuli.build.items import item_groups
from stimuli.datasets.base import Split

Masks = Mapping[Split, np.ndarray]
"""(n,) true where an image of val or test may be shown."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """So many images of one sort.

    Attributes:
        key: what the study file calls it.
        essential: whether a study cannot do with fewer.
    """

    what: str
    key: str
    needed: int
    there: int
    essential: bool = True

    @property
    def met(self) -> bool:
        """Whether there are enough."""
        return self.there >= self.needed or not self.essential


def needs(context: BuildContext, masks: Masks, *, with_items: bool = True) -> list[Need]:
    """Everything that a study needs of the images that it may show.

    Adversarial stimuli are not there yet: where a study has them, nobody can say beforehand
    whether all stimuli together suffice for its trials.

    Args:
        masks: of val the images that can be items, of test those that can be stimuli.
        with_items: whether items are chosen, not named by hand.
    """
    items = item_needs(context, masks[Split.VAL]) if with_items else []
    bins = bin_needs(context, masks[Split.TEST])
    if context.study.adversarial:
        return [*items, *bins]
    chosen = sum(min(need.needed, need.there) for need in bins)
    trials = context.study.test_trials
    in_test = Need(what="stimuli for the test", key="trials", needed=trials, there=chosen)
    return [*items, *bins, in_test]


def item_needs(context: BuildContext, fit: np.ndarray) -> list[Need]:
    """Practice and validation items, by what the AI says of them.

    Args:
        fit: (n,) which images of val may be items.
    """
    answers = context.evaluations[0].predictions[Split.VAL]
    groups = item_groups(answers, fit, context.study, np.random.default_rng(0))
    return [
        Need(
            what=f"practice and validation items of which the AI is {group.what}",
            key="items",
            needed=len(group.phases),
            there=len(group.ranking),
        )
        for group in groups
    ]


def bin_needs(context: BuildContext, mask: np.ndarray) -> list[Need]:
    """The six bins of the natural stimuli; a study may allow that one is short.

    Args:
        mask: (n,) which images of test may be stimuli.
    """
    settings, answers = context.study.bins, context.evaluations[0].predictions[Split.TEST]
    held = [
        (bin_of(answers.confidences[row], answers.right[row], settings), bool(answers.right[row]))
        for row in np.flatnonzero(mask)
    ]
    return [
        Need(
            what=f"stimuli of the bin {bin}, AI {WORDS[right]}",
            key="per_bin",
            needed=settings.per_bin,
            there=held.count((bin, right)),
            essential=not settings.allow_short,
        )
        for bin, right in CELLS
    ]
