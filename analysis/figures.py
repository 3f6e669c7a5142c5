"""The figures of the report: a table in, a matplotlib figure out. No pyplot, no global state."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.columns import BINS
from analysis.drawing import INK, MUTED, RULE, WIDTH, look_of, per_cent_axis, styled
from analysis.team import AI_ONLY, BASES, SHOWN, SIX_BINS, WHOLE_POOL

DOT = 4.6  # points
SPREAD = 0.62  # of a row's height that tied dots may take
GAP = 0.11  # largest distance between two tied dots, as a share of a row's height
MEANS_AT = 0.44  # below a row's dots
KEY_CHARACTERS = 96  # fit side by side in a line of the key, five of them for each marker

BASIS_TITLES = {
    SHOWN: "Stimuli shown",
    SIX_BINS: "Six bins, natural weights",
    WHOLE_POOL: "Whole pool",
}


@styled
def per_user(users: pd.DataFrame, summary: pd.DataFrame) -> Figure:
    """A dot for each person, and under the dots the mean with its 95 % interval.

    Args:
        users: as `accuracy.per_user` returns them.
        summary: as `accuracy.per_condition` returns it.
    """
    names = list(summary["condition"])
    figure, axes = _rows(names, height=0.95)
    lowest = float(min([users["accuracy_percent"].min(), summary["low_percent"].min(), 50]))
    low = max(0, 10 * np.floor(lowest / 10) - 5) if np.isfinite(lowest) else 0
    per_cent_axis(axes, low=low, high=108, step=10)  # room for a label beside 100 %
    axes.axvline(50, color=MUTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    for row, (name, (colour, marker)) in enumerate(look_of(names).items()):
        accuracy = users.loc[users["condition"] == name, "accuracy_percent"].sort_values()
        heights = row - tie_offsets(accuracy.to_numpy(dtype="float64"))
        axes.plot(accuracy, heights, marker, color=colour, markersize=DOT, alpha=0.75, mew=0)
        _mean(axes, summary.iloc[row], row + MEANS_AT)
    axes.set_xlabel("Per-user accuracy; dashed: guessing")
    return figure


def tie_offsets(values: np.ndarray) -> np.ndarray:
    """Spread equal values evenly around 0, so that every dot is seen; no randomness."""
    values = values.round(6)
    sizes = {value: int((values == value).sum()) for value in values}
    step = min(GAP, SPREAD / max(sizes.values(), default=1))
    seen: dict[float, int] = {}
    offsets = []
    for value in values:
        rank = seen.get(value, 0)
        seen[value] = rank + 1
        offsets.append((rank - (sizes[value] - 1) / 2) * step)
    return np.array(offsets)


@styled
def by_bin(bins: pd.DataFrame, adversarial: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """Pooled accuracy with Wilson intervals: a panel where the AI is right, one where it is wrong.

    Args:
        bins: natural stimuli, as `accuracy.by_bin` returns them.
        adversarial: likewise; adds a third panel unless empty.
        conditions: in order.
    """
    panels = [
        ("AI right", bins[bins["ai_right"]]),
        ("AI wrong", bins[~bins["ai_right"].astype(bool)]),
        ("Adversarial, AI wrong", adversarial),
    ]
    panels = panels[: 3 if len(adversarial) else 2]
    figure = Figure(figsize=(WIDTH, 3.3), layout="constrained")
    for place, (title, rows) in enumerate(panels, start=1):
        axes = figure.add_subplot(1, len(panels), place)
        axes.set_title(title)
        per_cent_axis(axes, vertical=True, low=-3, high=103)
        axes.axhline(50, color=MUTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        axes.set_xlim(-0.5, len(BINS) - 0.5)
        axes.set_xticks(range(len(BINS)), [name.capitalize() for name in BINS], color=INK)
        axes.spines["bottom"].set_color(RULE)
        if place > 1:
            axes.set_yticklabels([])
        _bin_series(axes, rows, conditions)
    _key(figure, conditions)
    return figure


@styled
def acceptance(rates: pd.DataFrame) -> Figure:
    """How often a right and a wrong AI was accepted; the further apart, the better they judged.

    Args:
        rates: as `accuracy.acceptance` returns them.
    """
    names = list(dict.fromkeys(rates["condition"]))
    figure, axes = _rows(names, height=0.5)
    per_cent_axis(axes, low=-2, high=102)
    for row, (name, (colour, marker)) in enumerate(look_of(names).items()):
        own = rates[rates["condition"] == name].set_index("ai_right")["accepted_percent"]
        axes.plot([own[False], own[True]], [row, row], color=colour, linewidth=2, alpha=0.35)
        axes.plot(own[True], row, marker, color=colour, markersize=7)
        axes.plot(own[False], row, marker, color=colour, markersize=7, mfc="white", mew=1.5)
        if row == 0:
            for right, text in ((True, "AI right"), (False, "AI wrong")):
                if not np.isnan(own[right]):
                    _above(axes, own[right], row, text)
    axes.set_xlabel("Accepted, natural stimuli")
    return figure


@styled
def against_ai(table: pd.DataFrame, conditions: Sequence[str]) -> Figure:
    """Each team beside the AI alone, a panel for each basis.

    Args:
        table: as `team.against_ai` returns it.
        conditions: in order.
    """
    machines = list(table.loc[table["who"] == AI_ONLY, "classifier"].drop_duplicates())
    labels = [*conditions, *_machine_labels(machines)]
    figure = Figure(figsize=(WIDTH, 0.75 + 0.42 * len(labels)), layout="constrained")
    low = max(0.0, 10 * np.floor(float(table["accuracy_percent"].min()) / 10) - 5)
    for place, basis in enumerate(BASES, start=1):
        axes = figure.add_subplot(1, len(BASES), place)
        axes.set_title(BASIS_TITLES[basis])
        _label_rows(axes, labels if place == 1 else [""] * len(labels))
        per_cent_axis(axes, low=low if np.isfinite(low) else 0, high=104, step=20)
        _teams(axes, table[table["basis"] == basis], conditions, machines)
    return figure


def _machine_labels(machines: Sequence[str]) -> list[str]:
    return ["AI alone"] if len(machines) == 1 else [f"AI alone, {name}" for name in machines]


def _rows(names: Sequence[str], *, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, 0.6 + height * len(names)), layout="constrained")
    axes = figure.add_subplot()
    _label_rows(axes, names)
    return figure, axes


def _label_rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), list(names), color=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)


def _mean(axes: Axes, summary: pd.Series, at: float) -> None:
    mean, low, high = (summary[f"{name}_percent"] for name in ("mean", "low", "high"))
    if np.isnan(mean):
        return
    high = min(high, 101)  # an interval may pass 100 %; the table has it whole
    axes.plot([low, high], [at, at], color=INK, linewidth=1.4, solid_capstyle="butt")
    axes.plot(mean, at, "|", color=INK, markersize=9, mew=2)
    end = mean if np.isnan(high) else high
    axes.annotate(f"{mean:.1f}", (end, at), xytext=(6, 0), textcoords="offset points", va="center")


def _bin_series(axes: Axes, rows: pd.DataFrame, conditions: Sequence[str]) -> None:
    step = min(0.2, 0.66 / max(len(conditions), 1))
    for i, (name, (colour, marker)) in enumerate(look_of(conditions).items()):
        own = rows[rows["condition"] == name].set_index("bin").reindex(list(BINS))
        x = np.arange(len(BINS)) + (i - (len(conditions) - 1) / 2) * step
        share, low, high = (own[f"{c}_percent"] for c in ("accuracy", "low", "high"))
        axes.vlines(x, low, high, color=colour, linewidth=1.3, alpha=0.6)
        axes.plot(x, share, color=colour, linewidth=0.8, alpha=0.35)
        axes.plot(x, share, marker, color=colour, markersize=5.5, mec="white", mew=0.6)


def _key(figure: Figure, conditions: Sequence[str]) -> None:
    handles = [
        Line2D([], [], marker=marker, color=colour, linestyle="none", label=name)
        for name, (colour, marker) in look_of(conditions).items()
    ]
    figure.legend(
        handles=handles,
        loc="outside upper left",
        ncols=max(1, KEY_CHARACTERS // (5 + max(len(name) for name in conditions))),
        frameon=False,
        handletextpad=0.2,
        columnspacing=1.6,
        borderpad=0,
    )


def _teams(
    axes: Axes, rows: pd.DataFrame, conditions: Sequence[str], machines: Sequence[str]
) -> None:
    alone = rows[rows["who"] == AI_ONLY].set_index("classifier")["accuracy_percent"]
    for row, (name, (colour, marker)) in enumerate(look_of(conditions).items()):
        for _, team in rows[rows["who"] == name].dropna(subset=["accuracy_percent"]).iterrows():
            own, machine = team["accuracy_percent"], alone[team["classifier"]]
            axes.plot([own, machine], [row, row], color=colour, linewidth=2, alpha=0.35)
            axes.plot(machine, row, "|", color=MUTED, markersize=9, mew=1.5)
            axes.plot(own, row, marker, color=colour, markersize=6.5)
            _above(axes, own, row, f"{own:.1f}")
    for row, name in enumerate(machines, start=len(conditions)):
        if not np.isnan(alone[name]):
            axes.plot(alone[name], row, "d", color=MUTED, markersize=6.5)
            _above(axes, alone[name], row, f"{alone[name]:.1f}")


def _above(axes: Axes, x: float, row: float, text: str) -> None:
    axes.annotate(
        text,
        (x, row),
        xytext=(0, 6),
        textcoords="offset points",
        ha="center",
        fontsize=8,
    )
