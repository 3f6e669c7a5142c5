"""Scores of explanations against people (Figure 4 of Nguyen et al. 2021)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.report.drawing import INK, MUTED, RULE, look_of, per_cent_axis, styled
from analysis.report.figures.facets import grid, is_first
from analysis.report.listing import signed
from analysis.statistics.measures.explanation_scores import KEYS, ScoredStimuli
from analysis.statistics.within_bins.correlations import deviations

GOLDEN_RATIO = (1 + np.sqrt(5)) / 2
STEP = 0.02  # of a facet's width, for each dot that shares a score
SPREAD = 0.14  # of a facet's width, at most, for all of them
ROOM = 0.12  # beside the outermost scores, likewise
LOW, HIGH = -6, 106  # per cent; room for dots at 0 and 100
SHADES = (0.4, 0.7, 1.0, 0.2)  # of the condition's colour: easy, medium, hard, no bin


@styled
def against_people(
    table: pd.DataFrame, scored: Sequence[ScoredStimuli], conditions: Sequence[str]
) -> Figure:
    """A facet for each score of each condition: a dot for each stimulus, and lines through them.

    Args:
        table: as `score_correlations.correlations` returns it, with at least one row.
        scored: the stimuli of each condition in it.
        conditions: all of them, in order.
    """
    figure, facets = grid(table.groupby(KEYS[:2], sort=False).size().tolist())
    looks, stimuli_of = look_of(conditions), {stimuli.condition: stimuli for stimuli in scored}
    for axes, (_, row) in zip(facets, table.iterrows(), strict=True):
        stimuli, name = stimuli_of[row["condition"]], (row["explainer"], row["metric"])
        same_metric = [one.scores[key] for one in scored for key in one.names if key[1] == name[1]]
        low, high = limits(np.concatenate(same_metric))
        _frame(axes, row, (low, high))
        known = stimuli.scores[name].notna().to_numpy()
        x, y = stimuli.scores[name].to_numpy()[known], stimuli.right_percent[known]
        bins, (colour, marker) = stimuli.bins[known], looks[row["condition"]]
        moved = x + sideways(x, y) * (high - low)
        for code, shade in enumerate(SHADES):
            of_bin, tint = bins == code, tinted(colour, shade)
            axes.plot(moved[of_bin], y[of_bin], marker, color=tint, markersize=3.6, mew=0)
            if not row["reason"]:
                line(axes, x[of_bin], y[of_bin], slope_within(x, y, bins), color=tint)
        if np.isfinite(row["r"]):
            line(axes, x, y, slope_within(x, y, np.zeros_like(bins)), color=INK)
    figure.supylabel("Right decisions", color=MUTED, fontsize=9)
    return figure


def slope_within(x: np.ndarray, y: np.ndarray, bins: np.ndarray) -> float:
    """The slope of least squares with a line for each bin, all parallel; x varies within bins."""
    dx, dy = (deviations(side[:, None], bins)[:, 0] for side in (x, y))
    return float(dx @ dy / (dx @ dx))


def line(axes: Axes, x: np.ndarray, y: np.ndarray, slope: float, *, color: object) -> None:
    """A line through the means of dots, as wide as they are: exact for scores far from 0 too."""
    if len(x) > 1:
        ends = np.array([x.min(), x.max()])
        axes.plot(ends, y.mean() + slope * (ends - x.mean()), color=color, linewidth=1.3)


def tinted(colour: str, share: float) -> tuple[float, ...]:
    """A colour mixed with white, of which it has the rest."""
    return tuple(share * part + 1 - share for part in to_rgb(colour))


def limits(values: np.ndarray) -> tuple[float, float]:
    """The ends of an axis that shows all values with room beside them."""
    values = values[np.isfinite(values)]
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
    within = "" if row["reason"] else f", in bins {signed(row['r_within'])}"
    result = f"r = {signed(row['r'])}{within}" if np.isfinite(row["r"]) else row["reason"]
    axes.annotate(
        result,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 4),
        textcoords="offset points",
        fontsize=8,
        color=INK,
    ).set_in_layout(False)  # it may be wider than the facet, which must not shrink for it
    same = row["explainer"] == row["condition"]
    axes.set_xlabel(row["metric"] if same else f"{row['metric']} of {row['explainer']}")
    axes.set_xlim(*ends)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    per_cent_axis(axes, vertical=True, low=LOW, high=HIGH, step=50)
    axes.spines["bottom"].set_color(RULE)
    if not is_first(axes):
        axes.set_yticklabels([])
