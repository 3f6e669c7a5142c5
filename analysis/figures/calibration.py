"""How often people accept beside how often the AI is right, by the shown confidence."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drawing import INK, MUTED, look_of, per_cent_axis, styled
from analysis.figures.panels import grid, is_first

BESIDE = 1.2  # per cent of confidence by which people and AI step aside for each other


@styled
def by_confidence(tenths: pd.DataFrame, errors: pd.DataFrame) -> Figure:
    """A panel for each condition: accepted share with intervals, and the AI's right share.

    Args:
        tenths: as `calibration.by_tenth` returns them.
        errors: as `calibration.reliance_error` returns them.
    """
    names = list(errors["condition"])
    figure, panels = grid([1] * len(names))
    for axes, (name, look) in zip(panels, look_of(names).items(), strict=True):
        axes.set_title(name)
        per_cent_axis(axes, low=0, high=100)
        per_cent_axis(axes, vertical=True, low=-4, high=104)
        if not is_first(axes):
            axes.set_yticklabels([])
        _panel(axes, tenths[tenths["condition"] == name], look)
    panels[0].legend(loc="upper left", frameon=False, fontsize=8, handlelength=2.4)
    figure.supxlabel("Confidence shown", color=MUTED, fontsize=9)
    return figure


def _panel(axes: Axes, rows: pd.DataFrame, look: tuple[str, str]) -> None:
    colour, marker = look
    middle = rows["from_percent"].to_numpy(dtype="float64") + 5
    low, high, accepted = (rows[f"{c}_percent"] for c in ("low", "high", "accepted"))
    axes.plot(
        middle + BESIDE,
        rows["ai_right_percent"],
        color=MUTED,
        linewidth=1,
        linestyle=(0, (3, 2)),
        marker="_",
        markersize=8,
        mew=2,
        mec=INK,
        label="AI right",
    )
    axes.vlines(middle - BESIDE, low, high, color=colour, linewidth=1.3, alpha=0.6)
    axes.plot(
        middle - BESIDE,
        accepted,
        color=colour,
        linewidth=1,
        marker=marker,
        markersize=5.5,
        mec="white",
        mew=0.6,
        label="accepted",
    )
