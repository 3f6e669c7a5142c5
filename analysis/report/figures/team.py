"""Teams beside the AI without people."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import MUTED, WIDTH, look_of, per_cent_axis, styled
from analysis.report.figures.parts import above, label_rows
from analysis.statistics.measures.teams.ai_alone import (
    ACCEPT_ALL,
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
WIDE = 40  # per cent at the left end, below which ticks have room every 50 only
# How each way of doing without people is called and marked.
ALONE = {AI_ONLY: ("AI alone", MUTED), ACCEPT_ALL: ("Accept everything", "white")}


@styled
def against_ai(table: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """Each team beside the AI without people, a facet for each basis on which something is known.

    Args:
        table: as `team.against_ai` returns it.
        conditions: in order.
    """
    known = table.dropna(subset=["accuracy_percent"])
    machines = known.loc[known["who"].isin(ALONE), ["who", "classifier"]].drop_duplicates()
    machines = machines.sort_values("who", key=lambda who: who != AI_ONLY, kind="stable")
    several = machines["classifier"].nunique() > 1
    labels = [
        f"{ALONE[who][0]}, {name}" if several else ALONE[who][0]
        for who, name in machines.itertuples(index=False)
    ]
    rows = [*conditions, *labels]
    figure = Figure(figsize=(WIDTH, 0.95 + 0.42 * len(rows)), layout="constrained")
    low = max(-4.0, 10 * np.floor(np.nan_to_num(known["accuracy_percent"].min()) / 10) - 5)
    bases = [basis for basis in BASES if basis in set(known["basis"])] or [STIMULI_SHOWN]
    for place, basis in enumerate(bases, start=1):
        axes = figure.add_subplot(1, len(bases), place)
        title = BASIS_TITLES[basis]
        axes.set_title(title if len(bases) > ON_ONE_LINE else title.replace("\n", " "))
        label_rows(axes, rows if place == 1 else [""] * len(rows))
        per_cent_axis(axes, low=low, high=104, step=20 if low >= WIDE else 50)
        on_basis = known[known["basis"] == basis]
        _draw_teams(axes, on_basis, conditions)
        for row, (who, name) in enumerate(machines.itertuples(index=False), start=len(conditions)):
            own = on_basis[(on_basis["who"] == who) & (on_basis["classifier"] == name)]
            for accuracy in own["accuracy_percent"]:
                axes.plot(accuracy, row, "d", color=MUTED, mfc=ALONE[who][1], markersize=6.5)
                above(axes, accuracy, row, f"{accuracy:.1f}")
    return figure


def _draw_teams(axes: Axes, table: pd.DataFrame, conditions: Sequence[str]) -> None:
    """A mark for each team, tied to the AI alone on the same basis."""
    alone = table[table["who"] == AI_ONLY].set_index("classifier")["accuracy_percent"]
    for row, (name, (colour, marker)) in enumerate(look_of(conditions).items()):
        for _, team in table[table["who"] == name].iterrows():
            accuracy, machine = team["accuracy_percent"], alone.get(team["classifier"])
            if machine is not None:
                axes.plot([accuracy, machine], [row, row], color=colour, linewidth=2, alpha=0.35)
                axes.plot(machine, row, "|", color=MUTED, markersize=9, mew=1.5)
            axes.plot(accuracy, row, marker, color=colour, markersize=6.5)
            above(axes, accuracy, row, f"{accuracy:.1f}")
