"""How sure the AI was: right and wrong answers by confidence."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.export.study_file import BinsTable
from analysis.report.drawing import COLOURS, INK, MUTED, RULE, WIDTH, per_cent_axis, styled
from analysis.report.figures.parts import legend

RIGHT, WRONG = COLOURS[0], COLOURS[1]
SHADE = "#eceef1"  # paler than the grid, so that the grid is seen on it
ACROSS = 3  # facets in a row, at most
HEIGHT = 2.5  # inches of a row of facets
GAP = 0.012  # between two bars


@styled
def by_confidence(table: pd.DataFrame, bands: BinsTable) -> Figure:
    """A facet for each classifier: right and wrong answers stacked, the bins' bands shaded.

    Args:
        table: as `confidence.per_classifier` returns it.
        bands: the confidence bands of the study's bins.
    """
    names = list(table["classifier"].drop_duplicates())
    across = min(len(names), ACROSS)
    down = math.ceil(len(names) / across)
    figure = Figure(figsize=(WIDTH, 0.4 + HEIGHT * down), layout="constrained")
    highest = np.nan_to_num(table["images_percent"].max()) or 100
    step = 20 if highest > 50 else 10 if highest > 20 else 5
    for place, name in enumerate(names, start=1):
        axes = figure.add_subplot(down, across, place)
        rows = table[table["classifier"] == name]
        axes.set_title(f"{name}, {rows['n_images'].sum():,} images")
        per_cent_axis(axes, vertical=True, high=min(112, 1.12 * float(highest)), step=step)
        axes.set_xlim(-0.01, 1.01)
        axes.set_xticks(np.arange(0, 1.01, 0.2))
        axes.set_xlabel("Confidence of the AI")
        axes.spines["bottom"].set_color(RULE)
        if place % across == 1 or across == 1:
            axes.set_ylabel("Of all answers")
        else:
            axes.set_yticklabels([])
        _shade(axes, bands)
        _draw(axes, rows)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    legend(figure, handles, columns=len(labels), columnspacing=1.6)
    return figure


def _shade(axes: Axes, bands: BinsTable) -> None:
    spans = {
        "low": (0, bands.low_below),
        "medium": bands.medium,
        "high": (bands.high_from, 1),
    }
    for name, (low, high) in spans.items():
        axes.axvspan(low, high, color=SHADE, linewidth=0, zorder=0)
        axes.annotate(
            name,
            ((low + high) / 2, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, -3),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=8,
            color=MUTED,
        )


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    left, width = rows["low"] + GAP / 2, rows["high"] - rows["low"] - GAP
    right, wrong = rows["right_percent"].fillna(0), rows["wrong_percent"].fillna(0)
    axes.bar(
        left,
        right,
        width,
        align="edge",
        color=RIGHT,
        edgecolor=INK,
        linewidth=0.5,
        label="AI right",
    )
    axes.bar(
        left,
        wrong,
        width,
        right,
        align="edge",
        facecolor="white",
        edgecolor=WRONG,
        hatch="/////",
        linewidth=0.5,
        label="AI wrong",
    )
