"""What could be reached with the confidence alone, and what people reached."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import MUTED, RULE, WIDTH, look_of, per_cent_axis, styled
from analysis.report.figures.parts import above, label_rows
from analysis.statistics.measures.rational import NATURAL_WEIGHTS, OWN_MIX

TITLES = {NATURAL_WEIGHTS: "Natural weights", OWN_MIX: "The study’s own mix"}
THICK = 9  # points, of the bar that is the value of the confidence


@styled
def payoffs(table: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """A panel for each prior, a row for each condition.

    Args:
        table: as `rational.benchmarks` returns it, without rows in which all is missing.
        conditions: in order.
    """
    priors = [prior for prior in TITLES if prior in set(table["prior"])]
    figure = Figure(figsize=(WIDTH, 0.8 + 0.5 * len(conditions)), layout="constrained")
    ends = table[["prior_percent", "misreliant_percent", "team_percent", "team_low_percent"]]
    low = max(0.0, 10 * np.floor(float(np.nanmin(ends.to_numpy())) / 10) - 5)
    for place, prior in enumerate(priors, start=1):
        axes = figure.add_subplot(1, len(priors), place)
        axes.set_title(TITLES[prior])
        label_rows(axes, conditions if place == 1 else [""] * len(conditions))
        per_cent_axis(axes, low=low, high=104, step=10 if low >= 40 else 20)
        for row, (name, look) in enumerate(look_of(conditions).items()):
            own = table[(table["prior"] == prior) & (table["condition"] == name)]
            for _, reached in own.iterrows():
                _draw(axes, row, reached, look)
    figure.supxlabel("Right decisions", color=MUTED, fontsize=9)
    return figure


def _draw(axes: Axes, row: int, payoff: pd.Series, look: tuple[str, str]) -> None:
    colour, marker = look
    worth = [payoff["prior_percent"], payoff["rational_percent"]]
    axes.plot(worth, [row, row], color=RULE, linewidth=THICK, solid_capstyle="butt", zorder=1)
    axes.plot(worth, [row, row], "|", color=MUTED, markersize=THICK, mew=1.5, zorder=2)
    interval = [payoff["team_low_percent"], min(payoff["team_high_percent"], 100)]
    axes.plot(interval, [row, row], color=colour, linewidth=1.4)
    axes.plot(payoff["misreliant_percent"], row, marker, color=colour, mfc="white", markersize=6.5)
    axes.plot(payoff["team_percent"], row, marker, color=colour, markersize=6.5)
    above(axes, payoff["team_percent"], row, f"{payoff['team_percent']:.1f}")
