"""Panels side by side on pages that can be read, with one legend for each page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stimuli.sal.results.looks import INK, REFERENCES, RULE

ROWS, KEY_INCHES = 2, 2.2
ALWAYS_TOLD = ("dataset", "criterion")
STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "lorikeet",
}

Draw = Callable[[Axes, pd.DataFrame], None]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Of a page.

    Attributes:
        columns: of panels; a page has two rows at most.
        inches: width and height of a panel.
        same_axes: whether all panels of a page have the same limits.
    """

    columns: int
    inches: tuple[float, float]
    same_axes: bool
    x_label: str
    y_label: str


def pages(table: pd.DataFrame, by: Sequence[str], draw: Draw, layout: Layout) -> list[Figure]:
    """A panel for each value of some columns, on as many pages as it takes.

    Args:
        by: the columns; those in which panels differ are their titles.
        draw: draws the rows of a panel, with a label for what the legend has.
    """
    places = {name: table[name].unique().tolist() for name in by}
    panels = sorted(
        (rows for _, rows in table.groupby(list(by), sort=False)),
        key=lambda rows: [places[name].index(rows[name].iloc[0]) for name in by],
    )
    told = [name for name in by if len(places[name]) > 1] or [n for n in by if n in ALWAYS_TOLD]
    n_most = ROWS * layout.columns
    parts = [panels[start : start + n_most] for start in range(0, len(panels), n_most)]
    return [_page(part, told, draw, layout) for part in parts]


def _page(
    panels: Sequence[pd.DataFrame], told: Sequence[str], draw: Draw, layout: Layout
) -> Figure:
    """Panels with their titles and labels, and the legend beside them."""
    n_rows, n_columns = -(-len(panels) // layout.columns), min(len(panels), layout.columns)
    width, height = layout.inches
    size = (width * n_columns + KEY_INCHES, height * n_rows)
    figure = Figure(figsize=size, layout="constrained")
    same = layout.same_axes
    axes = figure.subplots(n_rows, n_columns, sharex=same, sharey=same, squeeze=False)
    for panel in axes.flat[len(panels) :]:
        panel.set_visible(False)
    for panel, rows in zip(axes.flat, panels, strict=False):
        draw(panel, rows)
        panel.set_title(", ".join(str(rows[name].iloc[0]) for name in told).replace("_", " "))
        panel.set_xlabel(layout.x_label)
    for panel in axes[:, 0]:
        panel.set_ylabel(layout.y_label)
    _key(figure, axes.flat[: len(panels)])
    return figure


def _key(figure: Figure, axes: Iterable[Axes]) -> None:
    """One legend for all panels, beside them, with each label once."""
    pairs = [zip(*panel.get_legend_handles_labels(), strict=True) for panel in axes]
    by_label = {label: handle for panel in pairs for handle, label in panel}
    handles, labels = list(by_label.values()), list(by_label)
    place: dict[str, Any] = {"loc": "outside right upper", "handlelength": 4}
    figure.legend(handles, labels, **place, frameon=False, fontsize=8)


def draw_references(axes: Axes, references: pd.DataFrame, dataset: str) -> None:
    """A level line for the Dice of each reference of a data set."""
    of_dataset = references[references["dataset"] == dataset]
    for name, (label, dash) in REFERENCES.items():
        for dice in of_dataset.loc[of_dataset["reference"] == name, "dice"].unique():
            axes.axhline(dice, color=INK, lw=1, ls=dash, label=label)


def write_pages(figures: Sequence[Figure], folder: Path, name: str) -> list[Path]:
    """Write NAME.svg and NAME.png, NAME-2.svg for a second page and so on.

    Pages that an earlier call left and this one does not have are removed.
    """
    for number in range(2, 1000):
        old = [folder / f"{name}-{number}.{kind}" for kind in ("svg", "png")]
        if not any(path.exists() for path in old):
            break
        for path in old:
            path.unlink(missing_ok=True)
    return [
        path
        for number, figure in enumerate(figures, start=1)
        for path in write_figure(figure, folder, name if number == 1 else f"{name}-{number}")
    ]


def write_figure(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as SVG and PNG, the same bytes for the same figure."""
    paths = [folder / f"{name}.svg", folder / f"{name}.png"]
    for path, facts in zip(paths, ({"Date": None}, {"Software": None}), strict=True):
        figure.savefig(path, metadata=facts, dpi=200)
    return paths
