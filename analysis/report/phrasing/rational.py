"""What could be reached with the confidence alone, in words."""

import pandas as pd

from analysis.report.phrasing.words import listed, unbroken
from analysis.statistics.measures.rational import NATURAL_WEIGHTS, OWN_MIX

NOTHING = 0.05  # points, which would read 0.0


def reached_in_words(table: pd.DataFrame) -> list[str]:
    """A sentence for each condition, under natural weights, or where there are none, as shown.

    Args:
        table: as `rational.benchmarks` returns it, without rows in which all is missing.
    """
    for prior in (NATURAL_WEIGHTS, OWN_MIX):
        rows = table[table["prior"] == prior]
        if len(rows):
            return [condition_in_words(row) for _, row in rows.iterrows()]
    return []


def nothing_in_confidence(table: pd.DataFrame) -> str:
    """That the stimuli shown make the confidence worthless, where they do; else empty."""
    rows = table[table["prior"] == OWN_MIX]
    empty = rows[rows["value_points"] < NOTHING]
    if empty.empty:
        return ""
    who = "" if len(empty) == len(rows) else f" with {listed(list(empty['condition']))}"
    if (empty["prior_percent"] - 50 >= NOTHING).any():
        return (
            f"On the stimuli shown{who}, the confidence decides nothing: low, medium or high, the "
            "same decision is the best one."
        )
    return (
        f"On the stimuli shown{who}, the confidence carries nothing, by design: the study shows as "
        "many right as wrong answers at each level of it. Under the study’s own mix, whatever "
        "people gain over a coin comes from the pictures and from what was shown beside them."
    )


def condition_in_words(row: pd.Series) -> str:
    """What the people of a condition reach of what the confidence offers."""
    ends = ""
    if not pd.isna(row["team_low_percent"]):
        low, high = row["team_low_percent"], row["team_high_percent"]
        ends = f", 95 % interval {low:.1f} to {high:.1f} %"
    loss = row["loss_points"]
    below = f"{abs(loss):.1f} points {'below' if loss > 0 else 'above'} that"
    if abs(loss) < NOTHING:
        below = "level with that"
    return unbroken(
        f"“{row['condition']}”: who decides by the confidence alone is right in "
        f"{row['rational_percent']:.1f} %, {row['value_points']:.1f} points more than without it. "
        f"The team is {below} ({row['team_percent']:.1f} %{ends}): "
        f"it {_points(row['misreliance_points'])} by how often it accepts, and "
        f"{_points(row['discrimination_points'])} by which answers."
    )


def _points(loss: float) -> str:
    if abs(loss) < NOTHING:
        return "loses nothing"
    return f"{'loses' if loss > 0 else 'gains'} {abs(loss):.1f} points"
