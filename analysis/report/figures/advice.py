"""Accuracy before and after advice, and of people, AI and team."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.report.drawing import MUTED, RULE, WIDTH, look_of, per_cent_axis, styled
from analysis.report.figures.parts import above, label_rows, labelled_rows
from analysis.statistics.measures.steps.synergy import BEFORE

FACETS = ((pd.NA, "AI right or wrong"), (True, "AI right"), (False, "AI wrong"))
THICK = 7  # points, of the bar between before and after


@styled
def before_and_after(table: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """A row for each condition that was asked twice, a facet for each sort of advice.

    Args:
        table: as `advice_taking.changes` returns it.
        conditions: in order.
    """
    names = [name for name in conditions if name in set(table["condition"])]
    look = look_of(conditions)
    figure = Figure(figsize=(WIDTH, 0.9 + 0.5 * len(names)), layout="constrained")
    low = _low(table[["before_percent", "after_percent"]])
    for place, (advice_right, title) in enumerate(FACETS, start=1):
        axes = figure.add_subplot(1, len(FACETS), place)
        axes.set_title(title)
        label_rows(axes, names if place == 1 else [""] * len(names))
        per_cent_axis(axes, low=low, high=104, step=20 if low >= 40 else 50)
        of_sort = table["advice_right"]
        such = table[of_sort.isna() if advice_right is pd.NA else (of_sort == advice_right)]
        for _, row in such.iterrows():
            y, (colour, marker) = names.index(row["condition"]), look[row["condition"]]
            ends = [row["before_percent"], row["after_percent"]]
            axes.plot(ends, [y, y], color=RULE, linewidth=THICK, solid_capstyle="butt", zorder=1)
            axes.plot(ends[0], y, marker, color=colour, mfc="white", markersize=6.5)
            axes.plot(ends[1], y, marker, color=colour, markersize=6.5)
            above(axes, ends[1], y, f"{ends[1]:.1f}")
    figure.supxlabel("Right answers: hollow, before; full, after", color=MUTED, fontsize=9)
    return figure


@styled
def together_and_alone(table: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """A row for each team and each sort of people alone.

    Args:
        table: as `synergy.synergies` returns it.
        conditions: in order.
    """
    look = look_of(conditions)
    alone = table["alone"].where(table["alone"] != BEFORE, "before")
    names = [f"{team}, {other}" for team, other in zip(table["condition"], alone, strict=True)]
    figure, axes = labelled_rows(names, height=0.5)
    low = _low(table[["team_percent", "alone_percent", "ai_percent"]])
    per_cent_axis(axes, low=low, high=104, step=10 if low >= 40 else 20)
    for y, (_, row) in enumerate(table.iterrows()):
        colour, marker = look[row["condition"]]
        better = max(row["alone_percent"], row["ai_percent"])
        worth = [better, row["team_percent"]]
        axes.plot(worth, [y, y], color=RULE, linewidth=THICK, solid_capstyle="butt", zorder=1)
        axes.plot(row["alone_percent"], y, marker, color=colour, mfc="white", markersize=6.5)
        axes.plot(row["ai_percent"], y, "d", color=MUTED, mfc="white", markersize=6.5)
        axes.plot(row["team_percent"], y, marker, color=colour, markersize=6.5)
        above(axes, row["team_percent"], y, f"{row['team_percent']:.1f}")
    axes.set_xlabel("Right answers: full, team; hollow, people alone; diamond, AI alone")
    return figure


def _low(percents: pd.DataFrame) -> float:
    """The left end of the axis, below the least of them."""
    least = float(np.nanmin(percents.to_numpy()))
    return max(-4.0, 10 * (least // 10) - 5)
