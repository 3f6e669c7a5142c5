"""What changes if the gate moves: accuracy among those who passed each threshold.

The gate is a choice (the paper's were 10 of 10 for ImageNet, 8 of 10 for dogs and experts;
section 2.4.2). A result that hangs on it is a weak one.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.export.read import Export
from analysis.problems import ExportError
from analysis.statistics.measures import accuracy
from analysis.statistics.sample import exclusions


def chosen_threshold(export: Export, threshold: int | None) -> int | None:
    """The threshold that is applied: the one that was asked for, else the study's.

    Raises:
        ExportError: if the one that was asked for cannot be applied.
    """
    if threshold is None:
        return export.min_correct
    problem = _refusal(export, threshold)
    if problem:
        raise ExportError(f"--threshold {threshold}", [problem])
    return threshold


def by_threshold(export: Export, conditions: Sequence[str]) -> pd.DataFrame:
    """Per-user accuracy at every threshold that the answers allow.

    Args:
        export: with a gate.
        conditions: in the order in which they are reported.

    Returns:
        threshold (right validation answers), then as `accuracy.per_condition`: condition,
        n_participants, mean_percent, std_percent, low_percent and high_percent. From a gate that
        ended sessions, else from the lowest score of anybody, up to all right.
    """
    everybody = exclusions.fates(export.participants, min_correct=None)
    users = accuracy.per_user(accuracy.test_trials(export.responses, everybody))
    users = users.merge(everybody[["participant_id", "validation_right"]], on="participant_id")
    parts = [
        accuracy.per_condition(users[users["validation_right"] >= least], conditions).assign(
            threshold=least
        )
        for least in _thresholds(export, users["validation_right"])
    ]
    return pd.concat(parts, ignore_index=True)


def _thresholds(export: Export, scores: pd.Series) -> range:
    gate = export.facts.gate
    lowest = gate.min_correct if gate.live or scores.empty else int(scores.min())
    return range(min(lowest, gate.min_correct), _questions(export) + 1)


def _questions(export: Export) -> int:
    asked = export.participants["n_validation"]
    return max(int(asked.max()) if len(asked) else 0, export.facts.gate.min_correct)


def _refusal(export: Export, threshold: int) -> str:
    gate, most = export.facts.gate, _questions(export)
    if export.min_correct is None:
        return "the study has no validation; leave the option out"
    if gate.live and threshold < gate.min_correct:
        return (
            f"the study stopped everybody with fewer than {gate.min_correct} right, so nobody "
            f"below is there to analyse; ask for {gate.min_correct} or more"
        )
    if not 0 <= threshold <= most:
        return f"there are {most} validation trials; ask for 0 to {most}"
    return ""
