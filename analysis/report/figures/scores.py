"""Scores of explanations against people (Figure 4 of the paper)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.report.drawing import INK, MUTED, RULE, look_of, per_cent_axis, styled
from analysis.report.figures.facets import grid, is_first
from analysis.report.listing import signed
from analysis.statistics.measures.explanation_scores import KEYS

GOLDEN_RATIO = (1 + np.sqrt(5)) / 2
STEP = 0.02  # of a facet's width, for each dot that shares a score
SPREAD = 0.14  # of a facet's width, at most, for all of them
ROOM = 0.12  # beside the outermost scores, likewise
LOW, HIGH = -6, 106  # per cent; room for dots at 0 and 100


@styled
def against_people(table: pd.DataFrame, points: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """A facet for each score of each condition: a dot for each stimulus, and a line through them.

    Args:
        table: as `explanation_scores.correlations` returns it, with at least one row.
        points: as `explanation_scores.points` returns them.
        conditions: all of them, in order.
    """
    figure, facets = grid(table.groupby(KEYS[:2], sort=False).size().tolist())
    looks = look_of(conditions)
    for axes, (_, row) in zip(facets, table.iterrows(), strict=True):
        dots = points[(points[KEYS] == row[KEYS]).all(axis="columns")]
        same_metric = points.loc[points["metric"] == row["metric"], "value"]
        low, high = limits(same_metric.to_numpy(dtype="float64"))
        _frame(axes, row, (low, high))
        x, y = (dots[c].to_numpy(dtype="float64") for c in ("value", "right_percent"))
        moved = x + sideways(x, y) * (high - low)
        colour, marker = looks[row["condition"]]
        axes.plot(
            moved, y, marker, color=colour, markersize=3.6, alpha=0.6, mew=0, linestyle="none"
        )
        if not row["reason"]:
            # Least squares, around the means: exact for scores far from 0 too.
            slope = float(np.cov(x, y)[0, 1] / np.var(x, ddof=1))
            ends = np.array([x.min(), x.max()])
            axes.plot(ends, y.mean() + slope * (ends - x.mean()), color=INK, linewidth=1.3)
    figure.supylabel("Right decisions", color=MUTED, fontsize=9)
    return figure


def limits(values: np.ndarray) -> tuple[float, float]:
    """The ends of an axis that shows all values with room beside them."""
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    room = ROOM * (high - low) or ROOM * abs(high) or ROOM
    return low - room, high + room


def sideways(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where to move dots that share a score, so that each is seen; no randomness.

    In the order of y, multiples of the golden ratio fill the width evenly and keep neighbours
    far apart (Weyl's sequence).

    Args:
        x: of shape (n,).
        y: of shape (n,).

    Returns:
        Offsets to the right, of shape (n,), as shares of the facet, `SPREAD` / 2 at most. A dot
        that has its score alone stays.
    """
    dots = pd.DataFrame({"x": x, "y": y})
    rank = dots.sort_values(["x", "y"], kind="stable").groupby("x").cumcount().sort_index()
    size = dots.groupby("x")["y"].transform("size").to_numpy(dtype="float64")
    shares = (rank.to_numpy(dtype="float64") * GOLDEN_RATIO + 0.5) % 1 - 0.5
    return np.asarray(shares * np.minimum(SPREAD, STEP * (size - 1)))


def _frame(axes: Axes, row: pd.Series, ends: tuple[float, float]) -> None:
    axes.set_title(row["condition"], pad=15)
    result = (
        row["reason"]
        or f"r = {signed(row['r'])} ({signed(row['r_low'])} to {signed(row['r_high'])})"
    )
    axes.annotate(
        result,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 4),
        textcoords="offset points",
        fontsize=8,
        color=INK,
    )
    same = row["explainer"] == row["condition"]
    axes.set_xlabel(row["metric"] if same else f"{row['metric']} of {row['explainer']}")
    axes.set_xlim(*ends)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    per_cent_axis(axes, vertical=True, low=LOW, high=HIGH, step=50)
    axes.spines["bottom"].set_color(RULE)
    if not is_first(axes):
        axes.set_yticklabels([])
