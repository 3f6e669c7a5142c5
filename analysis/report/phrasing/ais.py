"""What it means that conditions judged several AIs, in words."""

from analysis.export.facts import ExportFacts
from analysis.export.matching import MATCHED_CONFIDENCE
from analysis.report.phrasing.words import listed
from analysis.statistics.measures.compared import MEASURES, OF_RELIANCE
from analysis.statistics.pairs import pairs_of


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


def left_out_in_words(facts: ExportFacts) -> str:
    """Which conditions are shown no AI, and so have no reliance; empty where all are shown it."""
    names = facts.without_ai
    if not names:
        return ""
    told = listed([f"“{name}”" for name in names])
    show, people = ("shows", "its people") if len(names) == 1 else ("show", "their people")
    return f"{told} {show} no AI, so {people} rely on none and are left out here."


def silent_in_words(facts: ExportFacts) -> str:
    """Which measures of `[analysis]` say nothing of some conditions; empty where none is so."""
    asked = [facts.analysis.measure, *facts.analysis.secondary]
    silent = [MEASURES[measure].title for measure in asked if measure in OF_RELIANCE]
    if not (silent and facts.without_ai):
        return ""
    told = listed([f"“{name}”" for name in facts.without_ai])
    return (
        f"{listed(silent)} {'says' if len(silent) == 1 else 'say'} nothing of {told}, where no AI "
        "is shown: pairs with it are not compared by that."
    )


def refused_in_words(facts: ExportFacts) -> str:
    """Which pairs are not tested, why, and what to do; empty where all are."""
    refused = pairs_of(facts).refused
    if not refused:
        return ""
    ais = list(dict.fromkeys(facts.classifier_of[name] for pair in refused for name in pair))
    return (
        f"Not tested {'was' if len(refused) == 1 else 'were'} "
        f"{listed([f'“{a}” against “{b}”' for a, b in refused])}: their people judged different "
        f"AIs ({listed(ais)}), each with its own answers and bins, so that a difference "
        'would be one of AI and explanation together; a study with pairing = "matched" in [bins] '
        "shows only pictures of which all AIs say the same, and can test them."
    )
