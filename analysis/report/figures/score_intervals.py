"""Correlations of scores with people beside each other, over all stimuli and within bins."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.report.drawing import MUTED, RULE, look_of, styled
from analysis.report.figures.parts import labelled_rows, legend
from analysis.report.listing import p_text, signed
from analysis.statistics.measures.explanation_scores import KEYS, SMALL, UNKNOWN

ROW = 0.23  # inches
STEP = 0.25  # of the axis, which ends at multiples of it
ROOM = 0.03  # beside them
NOTES = {SMALL: ", turned", UNKNOWN: " (?)"}
BESIDE = 1.02  # where p stands, as a share of the axis


@styled
def beside_each_other(table: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """A row for each score, under the name of its condition: r over all stimuli, r within bins.

    Correlations of scores that are good where small are turned around, so that what agrees with
    people lies to the right.

    Args:
        table: as `score_correlations.correlations` returns it, with at least one r.
        conditions: all of them, in order.
    """
    rows: list[tuple[str, pd.Series | None]] = []
    for (condition, explainer), own in table[table["r"].notna()].groupby(KEYS[:2], sort=False):
        name = f"{condition}" if explainer == condition else f"{condition}: {explainer}"
        rows.append((name, None))
        rows += [(f"{row['metric']}{NOTES.get(row['good'], '')}", row) for _, row in own.iterrows()]
    figure, axes = labelled_rows([name for name, _ in rows], height=ROW)
    for label, (_, score) in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if score is None else "normal")
    _frame(axes, table)
    looks = look_of(conditions)
    for place, (_, score) in enumerate(rows):
        if score is not None:
            _draw(axes, score, place, *looks[score["condition"]])
    handles = [
        Line2D([], [], marker="o", color=MUTED, mfc="none", linestyle="none", label="all stimuli"),
        Line2D([], [], marker="o", color=MUTED, label="within bins, with 95 % interval"),
    ]
    legend(figure, handles, columns=2)
    return figure


def _frame(axes: Axes, table: pd.DataFrame) -> None:
    turn = np.where(table["good"] == SMALL, -1, 1)[:, None]
    numbers = turn * table[["r", "r_within_low", "r_within_high"]].to_numpy()
    low, high = min(0, np.nanmin(numbers)), max(0, np.nanmax(numbers))
    ticks = STEP * np.arange(np.floor(low / STEP), np.ceil(high / STEP) + 1)
    axes.set_xticks(ticks, [signed(tick) for tick in ticks])
    axes.set_xlim(ticks[0] - ROOM, ticks[-1] + ROOM)
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.6)
    axes.axvline(0, color=MUTED, linewidth=0.8)
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel("agrees with people →", loc="right")
    axes.text(BESIDE, 1, "p, adjusted", transform=axes.transAxes, va="top", fontsize=8, color=MUTED)


def _draw(axes: Axes, score: pd.Series, place: int, colour: str, marker: str) -> None:
    sign = -1 if score["good"] == SMALL else 1
    axes.plot(sign * score["r"], place, marker, mec=colour, mfc="white", markersize=5, mew=1)
    if not score["reason"]:
        ends = [sign * score[f"r_within_{end}"] for end in ("low", "high")]
        axes.plot(ends, [place, place], color=colour, linewidth=1.4)
        axes.plot(sign * score["r_within"], place, marker, color=colour, markersize=5)
    axes.text(
        BESIDE,
        place,
        "–" if score["reason"] else p_text(score["p_adjusted"]),
        transform=axes.get_yaxis_transform(),
        va="center",
        fontsize=8,
    )
