"""The primary measure of a study that is not accuracy: a dot for each person."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis.report.drawing import INK, RULE, look_of, styled
from analysis.report.figures.parts import labelled_rows
from analysis.report.figures.users import DOT, MEANS_AT, tie_offsets
from analysis.statistics.intervals import t_interval


@styled
def of_people(people: pd.DataFrame, conditions: Sequence[str], *, axis: str) -> Figure:
    """A dot for each person, and under the dots the mean with its 95 % t interval.

    Args:
        people: condition and value, a row for each person.
        conditions: in the order in which they are reported.
        axis: the measure with its unit.
    """
    figure, axes = labelled_rows(conditions, height=0.95)
    for row, (name, (colour, marker)) in enumerate(look_of(conditions).items()):
        values = people.loc[people["condition"] == name, "value"].sort_values()
        heights = row - tie_offsets(values.to_numpy(dtype="float64"))
        axes.plot(values, heights, marker, color=colour, markersize=DOT, alpha=0.75, mew=0)
        at = row + MEANS_AT
        axes.plot(t_interval(values), [at, at], color=INK, linewidth=1.4, solid_capstyle="butt")
        if len(values):
            axes.plot(values.mean(), at, "|", color=INK, markersize=9, mew=2)
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.6)
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel(axis)
    return figure
