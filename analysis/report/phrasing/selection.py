"""What dropout and gate may have done to a difference, in words."""

import pandas as pd

from analysis.report.listing import signed
from analysis.report.phrasing.words import listed, unbroken
from analysis.statistics.sample.selection import ALIKE, CROSSED

LEVEL_WITH = 0.05  # would read 0.0: a difference without a sign to keep
MOST_SENTENCES = 4  # pairs beyond which one sentence counts them


def selections_in_words(bounds: pd.DataFrame, unit: str) -> list[str]:
    """A sentence for each pair, or one for all where they are many.

    Args:
        bounds: as `selection.selection_bounds` returns them.
        unit: of differences; may be empty.
    """
    if len(bounds) <= MOST_SENTENCES:
        return [selection_in_words(row, unit) for _, row in bounds.iterrows()]
    losing = [
        f"“{row['condition_a']}” − “{row['condition_b']}”"
        for _, row in bounds.iterrows()
        if row["selection"] != ALIKE and not keeps_its_sign(row)
    ]
    kept = f"Of {len(bounds)} differences, {len(bounds) - len(losing)} keep their sign"
    return [f"{kept} under the selection" + (f"; not {listed(losing)}." if losing else ".")]


def selection_in_words(bounds: pd.Series, unit: str) -> str:
    """Whether the difference of a pair keeps its sign, whatever dropout and gate did.

    Args:
        bounds: a row of `selection.selection_bounds`.
        unit: of differences; may be empty.
    """
    pair = f"“{bounds['condition_a']}” − “{bounds['condition_b']}”"
    if pd.isna(bounds["difference"]):
        return f"{pair}: {bounds['missing_because']}."
    points = f"{signed(bounds['difference'], 1)} {unit}".rstrip()
    text = f"{pair}: {points} among those who are analysed"
    if bounds["selection"] == ALIKE:
        return f"{text}; both conditions kept the same share, so the bounds are the difference."
    if pd.isna(bounds["low"]):
        return f"{text}, and no bound to what selection did: {bounds['missing_because']}."
    ends = " and ".join(signed(bounds[end], 1) for end in ("low", "high"))
    interval = ""
    if not pd.isna(bounds["interval_low"]):
        low, high = (signed(bounds[f"interval_{end}"], 1) for end in ("low", "high"))
        interval = f" (95 % interval {low} to {high})"
    sign = "keeps" if keeps_its_sign(bounds) else "loses"
    verdict = f"the difference {sign} its sign under the selection"
    if abs(bounds["difference"]) < LEVEL_WITH:
        verdict = "there is no sign to keep"
    either = ", whichever way conditions select" if bounds["selection"] == CROSSED else ""
    return unbroken(
        f"{text}, and between {ends} among people who would be analysed in either condition"
        f"{interval}{either}: {verdict}."
    )


def lost_signs_in_words(bounds: pd.DataFrame) -> str:
    """Which differences dropout and gate may have turned, as a warning; empty where none."""
    losing = [
        f"“{row['condition_a']}” − “{row['condition_b']}”"
        for _, row in bounds.iterrows()
        if row["selection"] != ALIKE and row["low"] <= 0 <= row["high"]
    ]
    if not losing:
        return ""
    return (
        "Conditions kept different shares of their people, and what that may hide is more than "
        f"the difference of {listed(losing)}."
    )


def keeps_its_sign(bounds: pd.Series) -> bool:
    """Whether both bounds are on the side of 0 on which the difference is."""
    return bool(bounds["low"] > 0 or bounds["high"] < 0)
