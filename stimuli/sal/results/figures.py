"""The figures of the SAL paper from the tables of `stimuli.sal.results.curves`."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stimuli.sal.criteria.registry import CRITERIA
from stimuli.sal.results.curves import GROUP_COLUMNS, WITHOUT_EFFECT
from stimuli.sal.results.looks import INK, MARKERS, NAMES, Looks, criterion_colour, looks
from stimuli.sal.results.pages import STYLE, Layout, draw_references, pages, write_pages

SCORES = {"dice": "Dice with human masks", "accuracy": "Accuracy"}
CURVE_PANELS = ["dataset", "backbone", "probe", "criterion"]
AREA_PANELS = ["dataset", "backbone", "probe"]
LINE = ["scenario", "change_point", "alpha"]
CURVES = Layout(
    columns=3,
    inches=(3.2, 2.9),
    same_axes=True,
    x_label="Labelled share of the training set",
    y_label="",
)
POINTS = Layout(
    columns=2,
    inches=(4.4, 3.6),
    same_axes=False,
    x_label="Area under the accuracy curve",
    y_label="Area under the Dice curve",
)
AXES = ["aulc_accuracy", "aulc_dice"]


def write_figures(
    curves: pd.DataFrame, areas: pd.DataFrame, references: pd.DataFrame, folder: Path
) -> list[Path]:
    """Figures 3 and 5 to 13 (learning curves) and 4 (areas), as far as the runs go.

    Args:
        curves: of `mean_curves`.
        areas: of `mean_areas`.
        references: of `stimuli.sal.results.references`; empty where there are none.
    """
    with matplotlib.rc_context(STYLE):
        figures = {score: learning_curves(curves, score, references) for score in SCORES}
        figures["areas"] = area_points(areas, references)
        return [path for name in figures for path in write_pages(figures[name], folder, name)]


def learning_curves(curves: pd.DataFrame, score: str, references: pd.DataFrame) -> list[Figure]:
    """A panel for each of CURVE_PANELS: a line per scenario, shaded by one std.

    References are drawn beside Dice, which they are values of.
    """
    of_score = curves[curves["score"] == score]
    known = references if score == "dice" else references[:0]
    draw = partial(_draw_curves, look_of=looks(of_score), references=known)
    return pages(of_score, CURVE_PANELS, draw, replace(CURVES, y_label=SCORES[score]))


def _draw_curves(
    axes: Axes, rows: pd.DataFrame, *, look_of: Looks, references: pd.DataFrame
) -> None:
    """A line for each look, also where a panel has none, so that legends are alike."""
    for key, look in look_of.items():
        line = rows[(rows[LINE] == list(key)).all(axis=1)]
        x, mean, std = (line[name] for name in ("labelled_share", "mean", "std"))
        style: dict[str, Any] = {
            "c": look.colour,
            "marker": look.marker,
            "ls": look.dash,
            "label": look.label,
        }
        axes.plot(x, mean, markersize=3.5, lw=1.4, **style)
        axes.fill_between(x, mean - std, mean + std, color=look.colour, alpha=0.12, lw=0)
    drawn_by_models = rows[~rows["scenario"].isin(WITHOUT_EFFECT)]
    for change in drawn_by_models["change_point"].unique():
        axes.axvline(change, color=INK, lw=0.6, zorder=1, label="People stop drawing masks")
    draw_references(axes, references, rows["dataset"].iloc[0])
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")


def area_points(areas: pd.DataFrame, references: pd.DataFrame) -> list[Figure]:
    """Figure 4: the areas of accuracy and Dice, a point per scenario (its shape) and criterion
    (its colour) with one std each way, in a panel for each of AREA_PANELS.

    A level curve has its own value as area, so references are level lines here too.
    """
    wide = areas.pivot(index=GROUP_COLUMNS, columns="score", values=["mean", "std"])
    wide.columns = [" ".join(column) for column in wide.columns]
    wide = areas[GROUP_COLUMNS].drop_duplicates().merge(wide.reset_index())
    criteria = [name for name in CRITERIA if name in set(wide["criterion"])]
    draw = partial(_draw_points, look_of=looks(areas), criteria=criteria, references=references)
    return pages(wide, AREA_PANELS, draw, POINTS)


def _draw_points(
    axes: Axes,
    rows: pd.DataFrame,
    *,
    look_of: Looks,
    criteria: Sequence[str],
    references: pd.DataFrame,
) -> None:
    """Points, and labels for shapes and for colours; where a scenario has variants, their names."""
    for scenario in dict.fromkeys(look.scenario for look in look_of.values()):
        axes.plot([], [], MARKERS[scenario], c=INK, label=NAMES[scenario])
    for criterion in criteria:
        label = criterion.replace("_", " ")
        axes.plot([], [], lw=3, c=criterion_colour(criterion), label=label)
    for _, point in rows.iterrows():
        look = look_of[tuple(point[LINE])]
        (x, y), (x_std, y_std) = ([point[f"{f} {a}"] for a in AXES] for f in ("mean", "std"))
        colour = criterion_colour(point["criterion"])
        axes.errorbar(x, y, y_std, x_std, fmt=look.marker, c=colour, markersize=5, lw=0.6)
        if look.variant:
            axes.annotate(look.variant, (x, y), (4, 4), textcoords="offset points", fontsize=7)
    draw_references(axes, references, rows["dataset"].iloc[0])
