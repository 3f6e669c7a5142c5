"""Differences between conditions with their intervals, and the band of what does not matter."""

import pandas as pd
from matplotlib.figure import Figure

from analysis.report.drawing import INK, MUTED, RULE, styled
from analysis.report.figures.parts import labelled_rows
from analysis.report.listing import signed
from analysis.statistics.differences import PEOPLE

ROW = 0.42  # inches of a pair
BAND = "#e2f0ec"


@styled
def with_intervals(table: pd.DataFrame, *, axis: str, margin: float | None) -> Figure:
    """A row for each pair: its difference with the 95 % interval of the widest claim.

    Thick: over people and stimuli; thin: over people who judge these stimuli. An open mark stands
    where only the latter is known.

    Args:
        table: as `compared.primary` returns it, with at least one difference.
        axis: what the differences are, with their unit.
        margin: half the width of the band of differences that do not matter, if there is one.
    """
    names = [f"{row['condition_a']} − {row['condition_b']}" for _, row in table.iterrows()]
    figure, axes = labelled_rows(names, height=ROW)
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    if margin is not None:
        axes.axvspan(-margin, margin, color=BAND, zorder=0)
    for row, (_, pair) in enumerate(table.iterrows()):
        value = pair["difference"]
        axes.plot([pair["people_low"], pair["people_high"]], [row, row], color=INK, linewidth=1)
        axes.plot(
            [pair["low"], pair["high"]],
            [row, row],
            color=INK,
            linewidth=4,
            alpha=0.35,
            solid_capstyle="butt",
        )
        face = "white" if pair["holds_for"] == PEOPLE else INK
        axes.plot(value, row, "o", color=INK, markerfacecolor=face, markersize=6)
        axes.annotate(
            signed(value, 1), (value, row), xytext=(0, 6), textcoords="offset points", ha="center"
        )
    axes.set_xlabel(axis)
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.6)
    axes.spines["bottom"].set_visible(False)
    return figure
