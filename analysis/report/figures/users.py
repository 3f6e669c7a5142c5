"""Per-user accuracy: a dot for each person."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import INK, MUTED, look_of, per_cent_axis, styled
from analysis.report.figures.parts import labelled_rows

DOT = 4.6  # points
SPREAD = 0.62  # of a row's height that tied dots may take
GAP = 0.11  # largest distance between two tied dots, as a share of a row's height
MEANS_AT = 0.44  # below a row's dots
HIGH = 108  # per cent; room for a label beside 100 %
AXIS = "Per-user accuracy; dashed: guessing"


@styled
def per_user(users: pd.DataFrame, summary: pd.DataFrame) -> Figure:
    """A dot for each person, and under the dots the mean with its 95 % interval.

    Args:
        users: as `accuracy.per_user` returns them.
        summary: as `accuracy.per_condition` returns it.
    """
    names = list(summary["condition"])
    figure, axes = labelled_rows(names, height=0.95)
    draw_people(axes, users, summary, start=lowest_shown([users], [summary]))
    axes.set_xlabel(AXIS)
    return figure


def draw_people(
    axes: Axes, users: pd.DataFrame, summary: pd.DataFrame, *, start: float, step: int = 10
) -> None:
    """Draw the people and the mean of each condition, row by row, into axes.

    Args:
        axes: with a row for each condition of the summary.
        users: as `accuracy.per_user` returns them.
        summary: as `accuracy.per_condition` returns it.
        start: the lower end of the axis, in per cent.
        step: between its ticks, in per cent.
    """
    per_cent_axis(axes, low=start, high=HIGH, step=step)
    axes.axvline(50, color=MUTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    for row, (name, (colour, marker)) in enumerate(look_of(list(summary["condition"])).items()):
        accuracy = users.loc[users["condition"] == name, "accuracy_percent"].sort_values()
        heights = row - tie_offsets(accuracy.to_numpy(dtype="float64"))
        axes.plot(accuracy, heights, marker, color=colour, markersize=DOT, alpha=0.75, mew=0)
        mean, low, high = (summary.iloc[row][f"{name}_percent"] for name in ("mean", "low", "high"))
        if np.isnan(mean):
            continue
        high, at = min(high, 101), row + MEANS_AT  # it may pass 100 %; the table has it whole
        axes.plot([low, high], [at, at], color=INK, linewidth=1.4, solid_capstyle="butt")
        axes.plot(mean, at, "|", color=INK, markersize=9, mew=2)
        right = (mean if np.isnan(high) else high, at)
        axes.annotate(f"{mean:.1f}", right, xytext=(6, 0), textcoords="offset points", va="center")


def lowest_shown(users: Sequence[pd.DataFrame], summaries: Sequence[pd.DataFrame]) -> float:
    """Where an axis starts that shows everybody, every interval and guessing, in per cent."""
    ends = [table["accuracy_percent"].min() for table in users]
    ends += [table["low_percent"].min() for table in summaries]
    lowest = float(min([*ends, 50]))
    return max(0, 10 * np.floor(lowest / 10) - 5) if np.isfinite(lowest) else 0


def tie_offsets(values: np.ndarray) -> np.ndarray:
    """Spread equal values evenly around 0, so that every dot is seen; no randomness."""
    values = values.round(6)
    sizes = {value: int((values == value).sum()) for value in values}
    step = min(GAP, SPREAD / max(sizes.values(), default=1))
    seen: dict[float, int] = {}
    offsets = []
    for value in values:
        rank = seen.get(value, 0)
        seen[value] = rank + 1
        offsets.append((rank - (sizes[value] - 1) / 2) * step)
    return np.array(offsets)
