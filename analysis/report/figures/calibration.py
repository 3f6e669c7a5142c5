"""How often people are right at each confidence that they state."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.report.drawing import MUTED, RULE, look_of, per_cent_axis, styled
from analysis.report.figures.facets import grid, is_first
from analysis.report.figures.parts import legend

ASIDE = 0.9  # per cent of confidence between answers without and with the AI's, which else hide


@styled
def curves(tenths: pd.DataFrame, names: Sequence[str]) -> Figure:
    """A facet for each condition with a confidence: a hollow curve without the AI's answer, a full
    one with it, and the diagonal on which confidence is right.

    Args:
        tenths: as `stated_confidence.by_tenth` returns them, with a row at least.
        names: of the conditions, in the order in which they are reported.
    """
    looks = {
        name: look for name, look in look_of(names).items() if name in set(tenths["condition"])
    }
    figure, facets = grid([1] * len(looks))
    for axes, (name, look) in zip(facets, looks.items(), strict=True):
        axes.set_title(name)
        per_cent_axis(axes, low=-3, high=103, step=50)
        per_cent_axis(axes, vertical=True, low=-4, high=104)
        if not is_first(axes):
            axes.set_yticklabels([])
        axes.plot([0, 100], [0, 100], color=RULE, linewidth=1.2, zorder=1)
        own = tenths[tenths["condition"] == name]
        for (_, advised), rows in own.groupby(["step", "advised"], sort=False):
            _draw(axes, rows, look, advised=bool(advised))
    handles = [_mark("white", "without the AI’s answer"), _mark(MUTED, "with it")]
    legend(figure, handles, columns=2, handletextpad=0.2, columnspacing=1.6)
    figure.supxlabel("Confidence stated", color=MUTED, fontsize=9)
    figure.supylabel("Right", color=MUTED, fontsize=9)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, look: tuple[str, str], *, advised: bool) -> None:
    colour, marker = look
    x = rows["confidence_percent"] + (ASIDE if advised else -ASIDE)
    low, high = rows["low_percent"], rows["high_percent"]
    axes.vlines(x, low, high, color=colour, linewidth=1.3, alpha=0.6)
    face = colour if advised else "white"
    axes.plot(x, rows["accuracy_percent"], color=colour, linewidth=1, marker=marker, mfc=face)


def _mark(face: str, label: str) -> Line2D:
    return Line2D([], [], marker="o", color=MUTED, mfc=face, linestyle="none", label=label)
