"""What changes if the gate moves: accuracy among those who pass each threshold.

A result that hangs on the choice of the gate is a weak one.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.export.read import Export
from analysis.statistics.measures import accuracy
from analysis.statistics.sample.exclusions import dispositions
from analysis.statistics.sample.gate import highest_threshold, passes_gate

NEEDED = ["participant_id", "condition", "phase", "trial_index", "team_right"]


def accuracy_by_threshold(export: Export, conditions: Sequence[str]) -> pd.DataFrame:
    """Per-user accuracy at every threshold that the answers allow.

    Args:
        export: with a gate.
        conditions: in the order in which they are reported.

    Returns:
        threshold (right validation answers), then as `accuracy.per_condition`: condition,
        n_participants, mean_percent, std_percent, low_percent and high_percent. From a gate that
        ended sessions, else from the lowest score of anybody, up to all right.
    """
    everybody = dispositions(export.participants, min_correct=None)
    answers = export.responses[NEEDED]  # a million whole rows would be kept twice
    users = accuracy.per_user(accuracy.test_trials(answers, everybody))
    users = users.merge(everybody[["participant_id", "validation_right"]], on="participant_id")
    gate, scores = export.facts.gate, users["validation_right"]
    lowest = gate.min_correct if gate.live or scores.empty else int(scores.min())
    thresholds = range(min(lowest, gate.min_correct), highest_threshold(export) + 1)
    parts = [
        accuracy.per_condition(users[passes_gate(scores, threshold)], conditions).assign(
            threshold=threshold
        )
        for threshold in thresholds
    ]
    return pd.concat(parts, ignore_index=True)
