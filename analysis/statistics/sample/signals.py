"""Signals that a program answered, counted by condition; they are evidence and no verdict.

Beside them stands who answered on translated pages, which is no signal of a program.
"""

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
NONE, TRANSLATED = "none", "translated_answers"
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
        strength ("strong" or "weak", and "none" of `TRANSLATED`), signal, condition (at last
        "All"), n, n_answered (people of whom the export tells) and share_percent. No rows for an
        export of before, nor of what one lacks.
    """
    known = people.set_index("participant_id")[["condition"]]
    known = known.join(set_off(participants)).join(_translated(participants))
    signals = {STRONG: (*SIGNALS[STRONG], ANY_STRONG), WEAK: SIGNALS[WEAK], NONE: (TRANSLATED,)}
    rows = []
    for strength, names in signals.items():
        for signal in names:
            told = known.dropna(subset=[signal])
            groups = {c: told.loc[told["condition"] == c, signal] for c in conditions}
            for condition, own in (groups | {ALL: told[signal]}).items() if len(told) else ():
                share = 100 * float(own.mean()) if len(own) else math.nan
                rows.append((strength, signal, condition, int(own.sum()), len(own), share))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _translated(participants: pd.DataFrame) -> "pd.Series[bool]":
    """Who answered on a translated page at least once, by participant_id; of whom that is known."""
    by_person = participants.set_index("participant_id")
    counts = by_person.get(TRANSLATED, pd.Series(dtype="float64")).dropna()
    return (counts.astype("float64") > 0).rename(TRANSLATED)
