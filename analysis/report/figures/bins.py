"""Accuracy by bin: a facet where the AI is right, one where it is wrong."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.export.columns import BINS
from analysis.report.drawing import INK, MUTED, RULE, WIDTH, look_of, per_cent_axis, styled
from analysis.report.figures.parts import key


@styled
def by_bin(bins: pd.DataFrame, adversarial: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """Pooled accuracy with Wilson intervals: a facet where the AI is right, one where it is wrong.

    Args:
        bins: natural stimuli, as `accuracy.by_bin` returns them.
        adversarial: likewise; adds a third facet unless empty.
        conditions: in order.
    """
    facets = [
        ("AI right", bins[bins["ai_right"]]),
        ("AI wrong", bins[~bins["ai_right"].astype(bool)]),
        ("Adversarial, AI wrong", adversarial),
    ]
    facets = facets[: 3 if len(adversarial) else 2]
    step = min(0.2, 0.66 / max(len(conditions), 1))
    figure = Figure(figsize=(WIDTH, 3.3), layout="constrained")
    for place, (title, rows) in enumerate(facets, start=1):
        axes = figure.add_subplot(1, len(facets), place)
        axes.set_title(title)
        per_cent_axis(axes, vertical=True, low=-3, high=103)
        axes.axhline(50, color=MUTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        axes.set_xlim(-0.5, len(BINS) - 0.5)
        axes.set_xticks(range(len(BINS)), [name.capitalize() for name in BINS], color=INK)
        axes.spines["bottom"].set_color(RULE)
        if place > 1:
            axes.set_yticklabels([])
        for i, (name, (colour, marker)) in enumerate(look_of(conditions).items()):
            of_condition = rows[rows["condition"] == name].set_index("bin").reindex(list(BINS))
            x = np.arange(len(BINS)) + (i - (len(conditions) - 1) / 2) * step
            share, low, high = (of_condition[f"{c}_percent"] for c in ("accuracy", "low", "high"))
            axes.vlines(x, low, high, color=colour, linewidth=1.3, alpha=0.6)
            axes.plot(x, share, color=colour, linewidth=0.8, alpha=0.35)
            axes.plot(x, share, marker, color=colour, markersize=5.5, mec="white", mew=0.6)
    key(figure, conditions)
    return figure
