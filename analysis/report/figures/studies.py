"""Per-user accuracy of several studies (Figure 1b of the paper): a panel for each."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from analysis.report.drawing import MUTED, WIDTH, styled
from analysis.report.figures.parts import label_rows
from analysis.report.figures.users import AXIS, draw_people, lowest_shown

MAX_COLUMNS = 3  # panels in a line; more leave no room for a label of the axis
ROW = 0.85  # inches of a condition
GAP = 0.06  # between panels, as a share of their width: for the last and the first tick


@styled
def beside_each_other(
    users: Mapping[str, pd.DataFrame],
    summaries: Mapping[str, pd.DataFrame],
    conditions: Sequence[str],
) -> Figure:
    """A panel for each study, all with the same axis and the same row for a condition.

    Args:
        users: by study, as `accuracy.per_user` returns them.
        summaries: by study, as `accuracy.per_condition` returns them.
        conditions: of all studies, in order; a study leaves the row of one that it lacks empty.
    """
    columns = min(len(users), MAX_COLUMNS)
    lines = math.ceil(len(users) / columns)
    height = lines * (0.6 + ROW * len(conditions))
    figure = Figure(figsize=(WIDTH, height), layout=ConstrainedLayoutEngine(wspace=GAP))
    start = lowest_shown(list(users.values()), list(summaries.values()))
    for place, study in enumerate(users, start=1):
        axes = figure.add_subplot(lines, columns, place)
        axes.set_title(study)
        is_first = (place - 1) % columns == 0
        label_rows(axes, conditions if is_first else [""] * len(conditions))
        rows = summaries[study].set_index("condition").reindex(list(conditions)).reset_index()
        draw_people(axes, users[study], rows, start=start, step=25)
    figure.supxlabel(AXIS, color=MUTED, fontsize=9)
    return figure
