"""Teams beside the AI alone."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.report.drawing import MUTED, WIDTH, look_of, per_cent_axis, styled
from analysis.report.figures.parts import above, label_rows
from analysis.statistics.measures.team import (
    ADVERSARIAL,
    AI_ONLY,
    BASES,
    SIX_BINS,
    STIMULI_SHOWN,
    WHOLE_POOL,
)

BASIS_TITLES = {
    STIMULI_SHOWN: "Stimuli\nshown",
    SIX_BINS: "Six bins,\nnatural weights",
    WHOLE_POOL: "Whole\npool",
    ADVERSARIAL: "Adversarial\nstimuli",
}
ON_ONE_LINE = 3  # facets beside each other whose titles need no second line


@styled
def against_ai(table: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """Each team beside the AI alone, a facet for each basis on which something is known.

    Args:
        table: as `team.against_ai` returns it.
        conditions: in order.
    """
    machines = list(table.loc[table["who"] == AI_ONLY, "classifier"].drop_duplicates())
    several = len(machines) > 1
    labels = [*conditions, *(f"AI alone, {name}" if several else "AI alone" for name in machines)]
    figure = Figure(figsize=(WIDTH, 0.95 + 0.42 * len(labels)), layout="constrained")
    low = max(0.0, 10 * np.floor(float(table["accuracy_percent"].min()) / 10) - 5)
    known = set(table.loc[table["accuracy_percent"].notna(), "basis"])
    bases = [basis for basis in BASES if basis in known] or [STIMULI_SHOWN]
    for place, basis in enumerate(bases, start=1):
        axes = figure.add_subplot(1, len(bases), place)
        title = BASIS_TITLES[basis]
        axes.set_title(title if len(bases) > ON_ONE_LINE else title.replace("\n", " "))
        label_rows(axes, labels if place == 1 else [""] * len(labels))
        per_cent_axis(axes, low=low if np.isfinite(low) else 0, high=104, step=20)
        rows = table[table["basis"] == basis].dropna(subset=["accuracy_percent"])
        alone = rows[rows["who"] == AI_ONLY].set_index("classifier")["accuracy_percent"]
        for row, (name, (colour, marker)) in enumerate(look_of(conditions).items()):
            for _, team in rows[rows["who"] == name].iterrows():
                accuracy, machine = team["accuracy_percent"], alone.get(team["classifier"])
                if machine is not None:
                    axes.plot(
                        [accuracy, machine], [row, row], color=colour, linewidth=2, alpha=0.35
                    )
                    axes.plot(machine, row, "|", color=MUTED, markersize=9, mew=1.5)
                axes.plot(accuracy, row, marker, color=colour, markersize=6.5)
                above(axes, accuracy, row, f"{accuracy:.1f}")
        for row, name in enumerate(machines, start=len(conditions)):
            if name in alone:
                axes.plot(alone[name], row, "d", color=MUTED, markersize=6.5)
                above(axes, alone[name], row, f"{alone[name]:.1f}")
    return figure
