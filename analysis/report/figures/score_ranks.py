"""How scores rank explanations beside people, and how far families of scores agree."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.report.drawing import COLOURS, INK, MUTED, RULE, WIDTH, styled
from analysis.report.figures.scores import tinted
from analysis.report.listing import signed
from analysis.statistics.measures.score_ranks import EXPLANATION, PEOPLE

CELL = 0.3  # inches, of a row
GAP = 0.4  # between families, in columns
PALEST = 0.08  # share of the colour of the last rank
DARK = 0.75  # share of a colour from which on white letters are read on it
BLUE, RED = COLOURS[0], COLOURS[1]
LABELS = 1.35  # inches, of names of metrics, and of families below and above
KENDALL = "Kendall’s τ between families: mean over pairs of their scores"


@styled
def beside_people(ranks: pd.DataFrame, agreement: pd.DataFrame) -> Figure:
    """Above the rank that each score gives to each explanation, below the agreement of families.

    Args:
        ranks: as `score_ranks.ranks` returns it, with at least one row.
        agreement: as `score_ranks.agreement` returns it.
    """
    n_rows = len(ranks[EXPLANATION].drop_duplicates())
    families = list(dict.fromkeys(ranks["family"]))
    heights = CELL * n_rows + LABELS, CELL * len(families) + LABELS
    figure = Figure(figsize=(WIDTH, sum(heights)), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=heights)
    rank_cells(above, ranks)
    agreement_cells(below, agreement, families)
    return figure


def places(ranks: pd.DataFrame) -> dict[str, float]:
    """Where the column of each metric stands, with a gap before each family."""
    metrics = ranks.drop_duplicates("metric")
    gaps = (metrics["family"] != metrics["family"].shift()).cumsum() - 1
    columns = zip(metrics["metric"], gaps, strict=True)
    return {metric: place + GAP * gap for place, (metric, gap) in enumerate(columns)}


def rank_cells(axes: Axes, ranks: pd.DataFrame) -> None:
    """A row for each explanation, a column for each score, the best in the darkest colour."""
    column_of, names = places(ranks), explanation_names(ranks)
    row_of = {name: row for row, name in enumerate(dict.fromkeys(names))}
    last = ranks.groupby("metric")["rank"].transform("size")
    for name, (_, row), n in zip(names, ranks.iterrows(), last, strict=True):
        share = 1 - (1 - PALEST) * (row["rank"] - 1) / max(1, n - 1)
        colour = RED if row["family"] == PEOPLE else BLUE
        cell(axes, column_of[row["metric"]], row_of[name], f"{row['rank']:g}", colour, share)
    blank(axes, width=max(column_of.values()) + 1, height=len(row_of))
    axes.set_yticks([row + 0.5 for row in row_of.values()], list(row_of), color=INK)
    ticks = [place + 0.5 for place in column_of.values()]
    labels = ["accuracy" if m == PEOPLE else m.replace("_", " ") for m in column_of]
    axes.set_xticks(ticks, labels, rotation=55, ha="left")
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", pad=0)
    axes.set_title("Rank of each explanation, 1 is best", pad=12)
    for number, (family, own) in enumerate(ranks.groupby("family", sort=False)):
        start, end = (f(column_of[m] for m in own["metric"]) for f in (min, max))
        under(axes, str(family), start, end + 1, row=len(row_of), line=number % 2)


def under(axes: Axes, family: str, start: float, end: float, *, row: int, line: int) -> None:
    """The name of a family under its columns; neighbours on two lines, since names are long."""
    axes.plot([start + 0.05, end - 0.05], [row + 0.12] * 2, color=MUTED, linewidth=1, clip_on=False)
    axes.annotate(
        family,
        ((start + end) / 2, row + 0.12),
        xytext=(0, -4 - 11 * line),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=8,
        color=MUTED,
        annotation_clip=False,
    )


def agreement_cells(axes: Axes, agreement: pd.DataFrame, families: Sequence[str]) -> None:
    """The lower triangle, and on the diagonal what metrics of a family have in common."""
    known = agreement.set_index(["family_a", "family_b"])["tau"].to_dict()
    across = [family for family in families if family != PEOPLE]
    for row, b in enumerate(families):
        for column, a in enumerate(across[: row + 1]):
            tau = known.get((a, b))
            if tau is None:
                cell(axes, column, row, "–", INK, 0.03)
            else:
                cell(axes, column, row, signed(tau), RED if tau < 0 else BLUE, abs(tau))
    blank(axes, width=len(across), height=len(families))
    axes.set_yticks([row + 0.5 for row in range(len(families))], families, color=INK)
    axes.set_xticks([column + 0.5 for column in range(len(across))], across)
    axes.set_title(KENDALL)


def cell(axes: Axes, x: float, y: float, text: str, colour: str, share: float) -> None:
    """A square with its number; `share` of the colour, the rest white."""
    square = Rectangle((x, y), 1, 1, facecolor=tinted(colour, share), edgecolor="white", lw=1.5)
    axes.add_patch(square)
    letters = "white" if share > DARK else INK
    axes.text(x + 0.5, y + 0.52, text, ha="center", va="center", color=letters, fontsize=8)


def blank(axes: Axes, *, width: float, height: float) -> None:
    """Limits around the cells, from above, and no frame."""
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, color=RULE)


def explanation_names(ranks: pd.DataFrame) -> list[str]:
    """What each row is called: its condition, and the explainer where that has another name."""
    return [
        condition if explainer == condition or alone else f"{condition}: {explainer}"
        for condition, explainer, alone in zip(
            ranks["condition"], ranks["explainer"], shows_one(ranks), strict=True
        )
    ]


def shows_one(ranks: pd.DataFrame) -> pd.Series:
    """Whether the condition of a row shows nothing else that is ranked."""
    return ranks.groupby("condition")["explainer"].transform("nunique") == 1
