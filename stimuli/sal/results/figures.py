"""The figures of the SAL paper from the tables of `stimuli.sal.results.curves`: SVG and PNG."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stimuli.sal.results.curves import GROUP_COLUMNS

NAMES = {
    "b1": "B1, no saliency",
    "b2": "B2, all human masks",
    "sal": "SAL",
    "single": "SAL (single)",
    "no_ai": "No AI saliency",
    "tait": "TAIT",
    "files": "Masks of files",
}
SCORES = {"dice": "Dice with human masks", "accuracy": "Accuracy"}

# Okabe and Ito (2008), told apart with any colour vision; a marker goes with each.
LOOKS = dict(
    zip(
        NAMES,
        (
            *(("#000000", "o"), ("#0072B2", "s"), ("#D55E00", "^"), ("#E69F00", "v")),
            *(("#56B4E9", "D"), ("#CC79A7", "P"), ("#009E73", "X")),
        ),
        strict=True,
    )
)
DASHES = ("-", "--", ":", "-.", (0, (3, 5)))
INK, RULE = "#5f6670", "#dfe2e6"
PANEL_COLUMNS = ["dataset", "backbone", "probe", "criterion"]
MOST_COLUMNS = 3
PANEL_INCHES, KEY_INCHES = (3.4, 2.6), 1.7
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


def write_figures(curves: pd.DataFrame, areas: pd.DataFrame, folder: Path) -> list[Path]:
    """Figures 3 and 5 to 13 (learning curves) and 4 (areas), as far as the runs go.

    Args:
        curves: of `mean_curves`.
        areas: of `mean_areas`.
    """
    with matplotlib.rc_context(STYLE):
        figures = {score: learning_curves(curves, score) for score in SCORES}
        figures["areas"] = area_points(areas)
        return [
            path for name, figure in figures.items() for path in write_figure(figure, folder, name)
        ]


def learning_curves(curves: pd.DataFrame, score: str) -> Figure:
    """A panel for each of PANEL_COLUMNS: a line per scenario, shaded by one std."""
    panels = list(curves[curves["score"] == score].groupby(PANEL_COLUMNS, sort=False))
    n_rows, n_columns = -(-len(panels) // MOST_COLUMNS), min(len(panels), MOST_COLUMNS)
    figure = _figure(n_rows, n_columns)
    axes = figure.subplots(n_rows, n_columns, sharex=True, sharey=True, squeeze=False)
    for panel in axes.flat[len(panels) :]:
        panel.set_visible(False)
    # What differs between panels is their title; the criterion where nothing does.
    differing = [k for k in range(len(PANEL_COLUMNS)) if len({key[k] for key, _ in panels}) > 1]
    for panel, (key, rows) in zip(axes.flat, panels, strict=False):
        _draw_panel(panel, rows)
        parts = [key[k] for k in differing] or key[-1:]
        panel.set_title(", ".join(str(part).replace("_", " ") for part in parts))
        panel.set_xlabel("Labelled share of the training set")
    for panel in axes[:, 0]:
        panel.set_ylabel(SCORES[score])
    _key(figure, list(axes.flat[: len(panels)]))
    return figure


def _figure(n_rows: int, n_columns: int) -> Figure:
    width, height = PANEL_INCHES
    return Figure(figsize=(width * n_columns + KEY_INCHES, height * n_rows), layout="constrained")


def _draw_panel(axes: Axes, rows: pd.DataFrame) -> None:
    """A line per scenario in the order of NAMES; where it has several, a dash for each."""
    varied = [c for c in ("change_point", "alpha") if rows[c].nunique() > 1]
    for scenario, (colour, marker) in LOOKS.items():
        of_scenario = rows[rows["scenario"] == scenario]
        lines = of_scenario.groupby(varied, sort=False) if varied else [((), of_scenario)]
        for k, (values, line) in enumerate(lines):
            if not len(line):
                continue
            pairs = zip(varied, values, strict=True)
            extra = [f"{name.replace('_', ' ')} {value:g}" for name, value in pairs]
            label, dash = ", ".join([NAMES[scenario], *extra]), DASHES[k % len(DASHES)]
            look: dict[str, Any] = {"c": colour, "marker": marker, "ls": dash, "label": label}
            x, mean, std = (line[name] for name in ("labelled_share", "mean", "std"))
            axes.plot(x, mean, markersize=3.5, lw=1.4, **look)
            axes.fill_between(x, mean - std, mean + std, color=colour, alpha=0.12, lw=0)
    for change in rows["change_point"].unique():
        axes.axvline(change, color=INK, lw=0.8, ls=":", label="People stop drawing masks")
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")


def area_points(areas: pd.DataFrame) -> Figure:
    """Figure 4: the areas of accuracy and Dice, a point per scenario with one std each way."""
    wide = areas.pivot(index=GROUP_COLUMNS, columns="score", values=["mean", "std"]).reset_index()
    figure = _figure(1, 1)
    axes = figure.subplots()
    for scenario, (colour, marker) in LOOKS.items():
        areas_of = wide[wide["scenario"] == scenario]
        axes.errorbar(
            areas_of["mean", "aulc_accuracy"],
            areas_of["mean", "aulc_dice"],
            xerr=areas_of["std", "aulc_accuracy"],
            yerr=areas_of["std", "aulc_dice"],
            fmt=marker,
            color=colour,
            markersize=5,
            lw=0.8,
            label=NAMES[scenario] if len(areas_of) else None,
        )
    axes.set_xlabel("Area under the accuracy curve")
    axes.set_ylabel("Area under the Dice curve")
    _key(figure, [axes])
    return figure


def _key(figure: Figure, axes: Sequence[Axes]) -> None:
    """One legend for all panels, beside them."""
    pairs = [zip(*panel.get_legend_handles_labels(), strict=True) for panel in axes]
    by_label = {label: handle for panel in pairs for handle, label in panel}
    handles, labels = list(by_label.values()), list(by_label)
    place: dict[str, Any] = {"loc": "outside right upper", "handlelength": 4}
    figure.legend(handles, labels, **place, frameon=False, fontsize=8)


def write_figure(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as SVG and PNG, the same bytes for the same figure."""
    paths = [folder / f"{name}.svg", folder / f"{name}.png"]
    for path, facts in zip(paths, ({"Date": None}, {"Software": None}), strict=True):
        figure.savefig(path, metadata=facts, dpi=200)
    return paths
