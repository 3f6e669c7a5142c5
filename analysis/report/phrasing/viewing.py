"""What people saw, knew and had in view, in words."""

import pandas as pd

from analysis.report.phrasing.words import SIGNIFICANT, listed, p_in_words, unbroken

ENOUGH_IN_VIEW = 95.0  # per cent of the trials, below which the page warns


def few_viewers(viewers: pd.DataFrame) -> str:
    """Rows of `coverage.per_condition` in which pairs lack people, as one warning."""
    few = [
        f"{row['n_pairs'] - row['n_enough']:,} of {row['n_pairs']:,} with “{row['condition']}”"
        for _, row in viewers.iterrows()
    ]
    return (
        f"Some stimuli were judged by fewer than two people: {listed(few)}. A result for one of "
        "these images rests on a single person or on nobody."
    )


def unequal_evidence(evidence: pd.DataFrame, p: float) -> str:
    """Where people did not see all the evidence, or not equally often, as a warning; else empty.

    Args:
        evidence: as `evidence_seen.per_condition` returns it.
        p: as `evidence_seen.difference` returns it.
    """
    shares = [
        f"{row['whole_percent']:.1f} % with “{row['condition']}”"
        for _, row in evidence[evidence["n_trials"] > 0].iterrows()
    ]
    if p < SIGNIFICANT:
        return unbroken(
            "Conditions differ in what was in view: everything was in view entirely in "
            f"{listed(shares)} of the trials ({p_in_words('Kruskal–Wallis p', p)}). Part of a "
            "difference between them may be that, and not the explanation."
        )
    if (evidence["whole_percent"] < ENOUGH_IN_VIEW).any():
        return unbroken(
            f"Not everything was in view before each decision: entirely so in {listed(shares)} of "
            "the trials. An explanation that was not seen can help nobody; `[trial] unlock` in the "
            "study file opens the answer only when all was."
        )
    return ""


def knowledge_in_words(known: float, unknown: float) -> str:
    """Mean accuracies over conditions with a yes and with a no to “seen before?”, in per cent."""
    text = (
        f"Averaged over conditions, people were right in {known:.1f} % of the trials in which they "
        f"said yes, and in {unknown:.1f} % of those in which they said no"
    )
    points = known - unknown
    if abs(points) < 0.05:  # would read 0.0
        return unbroken(f"{text}: no difference.")
    return unbroken(
        f"{text}: {abs(points):.1f} points {'more' if points > 0 else 'less'} with a yes."
    )
