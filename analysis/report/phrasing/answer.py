"""The sentences with which the report begins, each with whom and what it holds for."""

import pandas as pd

from analysis.export.facts import Analysis
from analysis.report.listing import signed
from analysis.report.phrasing.differences import (
    LEVEL_WITH,
    difference_in_words,
    interaction_in_words,
    pairs_in_words,
)
from analysis.report.phrasing.words import SIGNIFICANT, listed, unbroken
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.compared import MEASURES
from analysis.statistics.sensitivity import PRIMARY


def who_judged_what(analysed: Analysed) -> str:
    """The people analysed, what they judged, and on what footing."""
    measure = MEASURES[analysed.export.facts.analysis.measure].title.lower()
    people = "simulated people" if analysed.rehearsal else "people"
    shown = analysed.trials.drop_duplicates("stimulus_id")["kind"].value_counts()
    stimuli = listed([f"{count:,} {kind}" for kind, count in shown.items()])
    groups = len(analysed.conditions)
    return (
        f"{analysed.n_analysed:,} {people} of the {len(analysed.participants):,} who started are "
        f"analysed, in {groups} {'condition' if groups == 1 else 'conditions'}; they judged "
        f"{stimuli} stimuli. "
        f"{measure.capitalize()} here is the mean over people on the stimuli shown, each bin as "
        "often as the study shows it, not as it occurs in practice."
    )


def what_differs(table: pd.DataFrame, settings: Analysis) -> str:
    """The primary comparison: the one pair, or all of them together."""
    if table.empty:
        return "There is no pair of conditions to compare."
    if len(table) == 1:
        return difference_in_words(table.iloc[0], settings.measure, settings)
    return pairs_in_words(table, settings.measure, settings)


def where_it_differs(interactions: pd.DataFrame) -> str:
    """Whether conditions do something else where the AI is right than where it is wrong."""
    known = interactions[interactions["missing_because"] == ""]
    if known.empty:
        return ""
    if len(known) == 1:
        return interaction_in_words(known.iloc[0])
    found = known[known["p_holm"] < SIGNIFICANT]
    told = listed(
        [f"“{row['condition_a']}” and “{row['condition_b']}”" for _, row in found.iterrows()]
    )
    which = f": between {told}" if len(found) else ""
    return unbroken(
        "The effect of the condition where the AI is right differs from that where it is wrong in "
        f"{len(found)} of {len(known)} pairs (Holm-adjusted p, for other people and other "
        f"stimuli){which}."
    )


def what_it_survives(others: pd.DataFrame) -> str:
    """How far the primary differences move under other choices.

    Args:
        others: as `sensitivity.sensitivity` returns them; empty where it was not made.
    """
    if others.empty:
        return ""
    pair = ["condition_a", "condition_b"]
    primary = others.loc[others["row"] == PRIMARY, [*pair, "difference"]]
    rows = others[others["row"] != PRIMARY].merge(primary, on=pair, suffixes=("", "_primary"))
    rows = rows.dropna(subset=["difference", "difference_primary"]).reset_index(drop=True)
    if rows.empty:
        return ""
    moved = (rows["difference"] - rows["difference_primary"]).abs()
    furthest = rows.iloc[int(moved.to_numpy().argmax())]
    n_turned = int((rows["difference"] * rows["difference_primary"] < 0).sum())
    names = list(dict.fromkeys(rows["row"]))
    signs = f"{n_turned} of {len(rows)} change sign" if n_turned else "none changes sign"
    under = f"Under {len(names)} other {'choice' if len(names) == 1 else 'choices'} of people or "
    if moved.max() < LEVEL_WITH:
        return f"{under}trials ({listed(names)}) no difference moves."
    return unbroken(
        f"{under}trials ({listed(names)}) these differences move by {moved.max():.1f} at most "
        f"(“{furthest['condition_a']}” against “{furthest['condition_b']}”, {furthest['row']}: "
        f"from {signed(furthest['difference_primary'], 1)} to {signed(furthest['difference'], 1)}"
        f"), and {signs}."
    )
