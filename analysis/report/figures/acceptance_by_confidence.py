"""How often people accept beside how often the AI is right, by the shown confidence."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import INK, MUTED, look_of, per_cent_axis, styled
from analysis.report.figures.facets import grid, is_first
from analysis.report.figures.parts import legend

GAP = 0.6  # per cent of confidence between a bar and the edge of its tenth


@styled
def by_tenth(tenths: pd.DataFrame, names: Sequence[str]) -> Figure:
    """A facet for each condition: accepted share with intervals, and the AI's right share.

    Args:
        tenths: as `acceptance_by_confidence.by_tenth` returns them.
        names: of the conditions, in the order in which they are reported.
    """
    figure, facets = grid([1] * len(names))
    for axes, (name, look) in zip(facets, look_of(names).items(), strict=True):
        axes.set_title(name)
        per_cent_axis(axes, low=-3, high=103, step=50)
        per_cent_axis(axes, vertical=True, low=-4, high=104)
        if not is_first(axes):
            axes.set_yticklabels([])
        _draw(axes, tenths[tenths["condition"] == name], look)
    handles, _ = facets[0].get_legend_handles_labels()
    legend(figure, handles, columns=2, handlelength=1.8)
    figure.supxlabel("Confidence shown", color=MUTED, fontsize=9)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, look: tuple[str, str]) -> None:
    colour, marker = look
    start = rows["from_percent"].to_numpy(dtype="float64")
    low, high, accepted = (rows[f"{c}_percent"] for c in ("low", "high", "accepted"))
    axes.vlines(start + 5, low, high, color=colour, linewidth=1.3, alpha=0.6)
    axes.plot(
        start + 5,
        accepted,
        color=colour,
        linewidth=1,
        marker=marker,
        markersize=5.5,
        mec="white",
        mew=0.6,
        label="accepted",
    )
    axes.hlines(
        rows["ai_right_percent"],
        start + GAP,
        start + 10 - GAP,
        color=INK,
        linewidth=2,
        label="AI right",
    )
