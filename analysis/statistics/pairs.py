"""Which pairs of conditions are tested.

Of one picture, one AI's answer may be right and another's wrong, or lie in another bin. Where each
AI kept its own answers, people of two AIs judged different things, so a difference between them is
one of AI and explanation together, and no test can tell them apart.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.export.facts import ExportFacts

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """The pairs that were chosen before data were seen, or all pairs where none were.

    Attributes:
        tested: the family of every test.
        refused: those whose people judged different AIs.
    """

    tested: tuple[Pair, ...]
    refused: tuple[Pair, ...]


def pairs_of(facts: ExportFacts) -> Pairs:
    """Which pairs of conditions are tested."""
    family = facts.analysis.pairs or tuple(itertools.combinations(facts.condition_names, 2))
    groups = comparable(facts)
    tested = tuple(pair for pair in family if any(set(pair) <= set(group) for group in groups))
    return Pairs(tested=tested, refused=tuple(pair for pair in family if pair not in tested))


def judged_others(
    trials: pd.DataFrame, stimuli: pd.DataFrame, pairs: Sequence[Pair]
) -> tuple[Pair, ...]:
    """The pairs whose people judged adversarial pictures that were made against one AI only.

    Each AI's conditions then have adversarial stimuli of their own, so that only an error over
    stimuli allows for the difference of the pictures.

    Args:
        trials: that are pooled, as `Analysed.trials` has them.
        stimuli: as in the export; one without `attacked` has no such pictures.
        pairs: of conditions.
    """
    if "attacked" not in stimuli:
        return ()
    targets = stimuli.set_index("stimulus_id")["attacked"].fillna("").str.split().map(frozenset)
    shown = trials[trials["kind"] == "adversarial"].drop_duplicates(["condition", "stimulus_id"])
    of_condition = shown["stimulus_id"].map(targets).groupby(shown["condition"]).agg(set)
    judged = trials.groupby("condition", observed=True)["classifier"].first()
    return tuple(
        (a, b)
        for a, b in pairs
        if any(
            attacked and judged[other] not in attacked
            for own, other in ((a, b), (b, a))
            if own in of_condition and other in judged
            for attacked in of_condition[own]
        )
    )


def comparable(facts: ExportFacts) -> list[tuple[str, ...]]:
    """Conditions that can be compared with each other: those of each AI, or all where AIs match."""
    if facts.pairing == "matched":
        return [facts.condition_names]
    return [
        tuple(name for name in facts.condition_names if facts.classifier_of[name] == classifier)
        for classifier in facts.classifiers
    ]
