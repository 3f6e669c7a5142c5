"""Parts that several figures share: rows with names, a key, a label above a mark."""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.report.drawing import INK, WIDTH, look_of

KEY_CHARACTERS = 96  # fit side by side in a line of the key, five of them for each marker


def labelled_rows(names: Sequence[str], *, height: float) -> tuple[Figure, Axes]:
    """A figure with a named row for each condition; `height` of a row in inches."""
    figure = Figure(figsize=(WIDTH, 0.6 + height * len(names)), layout="constrained")
    axes = figure.add_subplot()
    label_rows(axes, names)
    return figure, axes


def label_rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), list(names), color=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)


def key(figure: Figure, conditions: Sequence[str]) -> None:
    """Marker and name of every condition, above the axes."""
    handles = [
        Line2D([], [], marker=marker, color=colour, linestyle="none", label=name)
        for name, (colour, marker) in look_of(conditions).items()
    ]
    columns = max(1, KEY_CHARACTERS // (5 + max(len(name) for name in conditions)))
    legend(figure, handles, columns=columns, handletextpad=0.2, columnspacing=1.6)


def legend(figure: Figure, handles: Sequence[Artist], *, columns: int, **spacing: float) -> None:
    """A legend above the axes, without a frame; the handles bring their labels."""
    figure.legend(
        handles=handles,
        loc="outside upper left",
        ncols=columns,
        frameon=False,
        borderpad=0,
        **spacing,
    )


def above(axes: Axes, x: float, row: float, text: str) -> None:
    """Write a short text above a mark."""
    axes.annotate(
        text,
        (x, row),
        xytext=(0, 6),
        textcoords="offset points",
        ha="center",
        fontsize=8,
    )
