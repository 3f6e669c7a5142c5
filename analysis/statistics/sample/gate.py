"""The gate: enough right answers in validation.

How many are enough is a choice (the paper's were 10 of 10 for ImageNet, 8 of 10 for dogs and
experts; section 2.4.2).
"""

import pandas as pd

from analysis.export.read import Export
from analysis.problems import ExportError


def passes_gate(validation_right: pd.Series, min_correct: int) -> pd.Series:
    """The rule itself: whether each participant has at least `min_correct` right answers."""
    return validation_right >= min_correct


def highest_threshold(export: Export) -> int:
    """The most right answers that anybody can be asked for."""
    n_validation = export.participants["n_validation"]
    most = int(n_validation.max()) if len(n_validation) else 0
    return max(most, export.facts.gate.min_correct)


def chosen_threshold(export: Export, threshold: int | None) -> int | None:
    """The threshold that is applied: the one that was asked for, else the study's.

    Raises:
        ExportError: if the one that was asked for cannot be applied.
    """
    if threshold is None:
        return export.min_correct
    gate, most = export.facts.gate, highest_threshold(export)
    if export.min_correct is None:
        problem = "the study has no validation; leave the option out"
    elif gate.live and threshold < gate.min_correct:
        problem = (
            f"the study stopped everybody with fewer than {gate.min_correct} right, so nobody "
            f"below is there to analyse; ask for {gate.min_correct} or more"
        )
    elif not 0 <= threshold <= most:
        problem = f"there are {most} validation trials; ask for 0 to {most}"
    else:
        return threshold
    raise ExportError(f"--threshold {threshold}", [problem])
