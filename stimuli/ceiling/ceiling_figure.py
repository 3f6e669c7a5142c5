"""The figure of the page: ceilings with their intervals, a row for each condition."""

import io
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from stimuli.ceiling.ceilings import ACCEPTS_ALL, ACCURACY, AI_ALONE, AUC, Ceilings
from stimuli.ceiling.findings import CHANCE, whole
from stimuli.ceiling.population import NATURAL, SHOWN
from stimuli.ceiling.shown import ALL, CONFIDENCE, PANELS

INK, MUTED, RULE = "#1f2328", "#5f6670", "#dfe2e6"
# Okabe and Ito (2008): told apart with any colour vision; a marker goes with each.
LOOKS = {CONFIDENCE: ("#56B4E9", "o"), PANELS: ("#D55E00", "s"), ALL: ("#0072B2", "D")}
NAMES = {CONFIDENCE: "confidence alone", PANELS: "panels alone", ALL: "all that is shown"}
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
STEP = 0.24  # between the marks of a row
STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same layout everywhere
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.axisbelow": True,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "ceiling",
}


def figure_svg(found: Ceilings) -> str:
    """SVG: areas as shown beside shares judged rightly under natural weights."""
    with matplotlib.rc_context(STYLE):
        text = io.StringIO()
        canvas: Any = FigureCanvasSVG(drawn(found))
        canvas.print_svg(text, metadata=NO_METADATA)
    return text.getvalue().partition("<!DOCTYPE")[2].partition(">")[2]


def drawn(found: Ceilings) -> Figure:
    """The figure, in the style that is in force."""
    conditions = list(found.features)
    height = 1.1 + 0.62 * len(conditions)
    figure = Figure(figsize=(8.4, height), layout=ConstrainedLayoutEngine(wspace=0.06))
    left, right = figure.subplots(1, 2, sharey=True)
    _marks(left, _of(whole(found, AUC), SHOWN), conditions)
    left.axvline(CHANCE, color=MUTED, linewidth=0.8)
    left.set(title="As shown", xlabel="area under the ROC curve")
    _marks(right, _of(whole(found, ACCURACY), NATURAL), conditions)
    for reader, mark in ((ACCEPTS_ALL, "|"), (AI_ALONE, "x")):
        rows = _of(whole(found, ACCURACY, reader), NATURAL)
        places = [conditions.index(name) for name in rows["condition"]]
        right.plot(rows["value"], places, mark, color=INK, markersize=14 if mark == "|" else 5,
                   label=reader, linestyle="none")  # fmt: skip
    right.set(title="Under natural weights", xlabel="share judged rightly")
    left.set_yticks(range(len(conditions)), conditions)
    left.set_ylim(len(conditions) - 0.45, -0.55)
    handles = {h.get_label(): h for a in (left, right) for h in a.get_legend_handles_labels()[0]}
    figure.legend(
        handles=[*handles.values()], loc="outside upper left", ncols=5, frameon=False, borderpad=0
    )
    return figure


def _of(rows: pd.DataFrame, population: str) -> pd.DataFrame:
    return rows[rows["population"] == population].dropna(subset=["value"])


def _marks(axes: Axes, rows: pd.DataFrame, conditions: list[str]) -> None:
    for number, (shows, (colour, marker)) in enumerate(LOOKS.items()):
        of = rows[rows["shows"] == shows]
        places = [conditions.index(name) + STEP * (number - 1) for name in of["condition"]]
        axes.hlines(places, of["low"], of["high"], color=colour, linewidth=1.6)
        axes.plot(
            of["value"], places, marker, color=colour, markersize=5, linestyle="none",
            label=NAMES[shows],
        )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.6)
    axes.spines["bottom"].set_visible(False)
