"""Whether people changed over the session, in words."""

import pandas as pd

from analysis.report.listing import signed
from analysis.report.phrasing.words import listed, unbroken


def changes_in_words(halves: pd.DataFrame, *, first: str, second: str) -> str:
    """In which conditions people were better or worse in one half than in the other.

    Args:
        halves: as `halves.accuracy_of_halves` returns them.
        first: what the first half is called.
        second: what the second half is called.
    """
    known = halves[halves["low_points"].notna()]
    if known.empty:
        return ""
    found = known[(known["low_points"] > 0) | (known["high_points"] < 0)]
    if found.empty:
        return (
            f"Between the {first} and the {second} half of people’s trials no condition’s interval "
            "of the difference in accuracy excludes 0."
        )
    changes = [
        f"{signed(row['difference_points'], 1)} points with “{row['condition']}” "
        f"(95 % CI [{signed(row['low_points'], 1)}, {signed(row['high_points'], 1)}])"
        for _, row in found.iterrows()
    ]
    return unbroken(
        f"From the {first} to the {second} half of a person’s trials, accuracy changed by "
        f"{listed(changes)}."
    )
