"""Signals that a program answered, counted by condition; they are evidence and no verdict."""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.statistics.sample.exclusions import ALL

# `study status` and `study payments` name the strong ones; the others have many harmless reasons.
STRONG, WEAK = "strong", "weak"
ANY_STRONG = "any_strong"
SIGNALS = {
    STRONG: ("webdriver", "scripted_answers", "trap"),
    WEAK: ("still_clicks", "pasted_chars", "unkeyed_chars"),
}
COLUMNS = ("strength", "signal", "condition", "n", "n_answered", "share_percent")


def set_off(participants: pd.DataFrame) -> pd.DataFrame:
    """Which signals each person set off.

    Args:
        participants: as in the export.

    Returns:
        A column for each of `SIGNALS`, and `ANY_STRONG`, by participant_id, as yes or no; only
        people of whom all is known, and no rows for an export of before.
    """
    names = [*SIGNALS[STRONG], *SIGNALS[WEAK]]
    if not set(names) <= set(participants.columns):
        return pd.DataFrame(columns=[*names, ANY_STRONG], dtype=bool)
    known = participants.set_index("participant_id")[names].dropna().astype("float64") > 0
    return known.assign(**{ANY_STRONG: known[list(SIGNALS[STRONG])].any(axis=1)})


def per_condition(
    participants: pd.DataFrame, people: pd.DataFrame, conditions: Sequence[str]
) -> pd.DataFrame:
    """How many people set off each signal.

    Args:
        participants: as in the export.
        people: participant_id and condition of those who count.
        conditions: in the order in which they are reported.

    Returns:
        strength ("strong" or "weak"), signal, condition (at last "All"), n, n_answered (people of
        whom the export tells) and share_percent. No rows for an export of before.
    """
    known = people[["participant_id", "condition"]].merge(
        set_off(participants), left_on="participant_id", right_index=True
    )
    rows = []
    for strength, names in SIGNALS.items():
        for signal in (*names, ANY_STRONG) if strength == STRONG else names:
            groups = {c: known.loc[known["condition"] == c, signal] for c in conditions}
            for condition, own in (groups | {ALL: known[signal]}).items():
                share = 100 * float(own.mean()) if len(own) else math.nan
                rows.append((strength, signal, condition, int(own.sum()), len(own), share))
    return pd.DataFrame(rows if len(known) else [], columns=list(COLUMNS))
