"""Which pairs of conditions are tested, and in words which are not.

Of one picture, one AI's answer may be right and another's wrong, or lie in another bin. Where each
AI kept its own answers, people of two AIs judged different things, so a difference between them is
one of AI and explanation together, and no test can tell them apart.
"""

import itertools
from dataclasses import dataclass

from analysis.facts import ExportFacts
from analysis.matching import MATCHED_CONFIDENCE
from analysis.sentences import listed

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


def comparable(facts: ExportFacts) -> list[tuple[str, ...]]:
    """Conditions that can be compared with each other: those of each AI, or all where AIs match."""
    if facts.pairing == "matched":
        return [facts.condition_names]
    return [
        tuple(name for name in facts.condition_names if facts.classifier_of[name] == classifier)
        for classifier in facts.classifiers
    ]


def different_ais(facts: ExportFacts) -> str:
    """A warning where conditions judged several AIs that kept their own answers; else empty."""
    if len(facts.classifiers) == 1 or facts.pairing == "matched":
        return ""
    return (
        f"Conditions judged different AIs ({listed(facts.classifiers)}), whose answers to a "
        "stimulus may be right for one and wrong for the other: a difference between their people "
        "is one of AI and explanation together."
    )


def matched_ais(facts: ExportFacts) -> str:
    """That several AIs gave the same answers, as `matching` has checked; else empty."""
    if len(facts.classifiers) == 1 or facts.pairing == "system":
        return ""
    return (
        f"The AIs {listed(facts.classifiers)} gave the same answer to every picture that was "
        f"shown, in the same bin, with confidences that differ by {MATCHED_CONFIDENCE:g} at most."
    )


def refused_in_words(facts: ExportFacts) -> str:
    """Which pairs are not tested, why, and what to do; empty where all are."""
    refused = pairs_of(facts).refused
    if not refused:
        return ""
    judged = dict.fromkeys(facts.classifier_of[name] for pair in refused for name in pair)
    return (
        f"Not tested {'was' if len(refused) == 1 else 'were'} "
        f"{listed([f'“{a}” against “{b}”' for a, b in refused])}: their people judged different "
        f"AIs ({listed(list(judged))}), each with its own answers and bins, so that a difference "
        'would be one of AI and explanation together; a study with pairing = "matched" in [bins] '
        "shows only pictures of which all AIs say the same, and can test them."
    )
