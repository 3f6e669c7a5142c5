"""Power by the number of people, a line for each effect."""

from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from analysis.power.tables import TARGETS
from analysis.report.drawing import INK, MUTED, RULE, WIDTH, look_of, per_cent_axis, styled
from analysis.report.figures.parts import legend
from analysis.statistics.differences import PEOPLE, STIMULI

TITLES = {
    "difference": "A difference",
    "equivalence": "Equivalence",
    "interaction": "Condition × AI right",
}
TICKS = (10, 20, 50, 100, 200, 500)
HEIGHT = 3.1  # inches
GAP = 0.05  # between panels, as a share of their width: for the last and the first tick
STYLES: dict[str, Literal["-", ":"]] = {STIMULI: "-", PEOPLE: ":"}


@styled
def curves(table: pd.DataFrame, *, planned: int) -> Figure:
    """A panel for each question: solid for other stimuli too, dotted for these stimuli alone.

    Args:
        table: rows as `tables.curve_rows` yields them.
        planned: people of a condition, marked by a line.
    """
    names = [name for name in TITLES if name in set(table["question"])]
    figure = Figure(figsize=(WIDTH, HEIGHT), layout=ConstrainedLayoutEngine(wspace=GAP))
    effects = sorted(set(table["effect_points"]) - {0.0})
    looks = look_of([f"{points:g}" for points in effects])
    for place, name in enumerate(names, start=1):
        axes = figure.add_subplot(1, len(names), place)
        axes.set_title(TITLES[name])
        _frame(axes, planned, is_first=place == 1)
        own = table[table["question"] == name]
        for (points, claim), rows in own.groupby(["effect_points", "claim"], sort=False):
            colour = looks[f"{points:g}"][0] if points else INK
            x, y = rows["n_per_condition"].astype("float64"), 100 * rows["power"]
            axes.plot(x, y, color=colour, linestyle=STYLES[str(claim)], linewidth=1.6)
            if claim == own["claim"].iloc[0]:
                axes.fill_between(
                    x, 100 * rows["low"], 100 * rows["high"], color=colour, alpha=0.15, lw=0
                )
    figure.supxlabel("People in each condition", color=MUTED, fontsize=9)
    legend(figure, _handles(looks, set(table["claim"])), columns=6, columnspacing=1.4)
    return figure


def _frame(axes: Axes, planned: int, *, is_first: bool) -> None:
    axes.set_xscale("log")
    axes.set_xlim(TICKS[0], TICKS[-1])
    axes.set_xticks(TICKS, labels=[str(tick) for tick in TICKS])
    axes.set_xticks([], minor=True)
    per_cent_axis(axes, vertical=True, low=0, high=101, step=20)
    if not is_first:
        axes.set_yticklabels([])
    for target in TARGETS:
        axes.axhline(100 * target, color=MUTED, linewidth=0.7, linestyle=(0, (4, 3)), zorder=1)
    axes.axvline(planned, color=RULE, linewidth=4, zorder=0)


def _handles(looks: dict[str, tuple[str, str]], claims: set[str]) -> list[Line2D]:
    lines = [
        Line2D([], [], color=colour, linewidth=1.6, label=f"{points} points")
        for points, (colour, _) in looks.items()
    ]
    names = {STIMULI: "other stimuli too", PEOPLE: "these stimuli"}
    return lines + [
        Line2D([], [], color=MUTED, linestyle=STYLES[claim], label=names[claim])
        for claim in STYLES
        if claim in claims
    ]
