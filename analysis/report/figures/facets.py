"""Small multiples: a grid of small axes, as many as there are things to show."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import WIDTH

MAX_COLUMNS = 4  # more would leave no room for a title
HEIGHT = 2.15  # inches of a row of facets


def grid(groups: Sequence[int]) -> tuple[Figure, list[Axes]]:
    """Facets in reading order, a new line for each group.

    A group that does not fit into a line takes several of about the same length. Groups of one
    facet each share lines, since a column of single facets would be long and thin.

    Args:
        groups: how many facets each one has, at least one.
    """
    whole = [sum(groups)] if max(groups) == 1 else list(groups)
    columns = max(math.ceil(n / math.ceil(n / MAX_COLUMNS)) for n in whole)
    lines = [math.ceil(n / columns) for n in whole]
    size = (WIDTH, HEIGHT * sum(lines) + (0.5 if columns < 3 else 0))
    figure = Figure(figsize=size, layout="constrained")
    axes, before = [], 0
    for n, height in zip(whole, lines, strict=True):
        places = range(before * columns + 1, before * columns + n + 1)
        axes += [figure.add_subplot(sum(lines), columns, place) for place in places]
        before += height
    return figure, axes


def is_first(axes: Axes) -> bool:
    """Whether a facet opens its line, and so has the labels of the upright axis."""
    place = axes.get_subplotspec()
    return place is None or place.is_first_col()
