"""How often a right and a wrong AI was accepted."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.report.drawing import look_of, per_cent_axis, styled
from analysis.report.figures.parts import above, labelled_rows


@styled
def acceptance(rates: pd.DataFrame) -> Figure:
    """How often a right and a wrong AI was accepted; the further apart, the better they judged.

    Args:
        rates: as `accuracy.acceptance` returns them.
    """
    names = list(dict.fromkeys(rates["condition"]))
    figure, axes = labelled_rows(names, height=0.5)
    per_cent_axis(axes, low=-2, high=102)
    for row, (name, (colour, marker)) in enumerate(look_of(names).items()):
        apart = rates[(rates["condition"] == name) & rates["ai_right"].notna()]
        percent = apart.set_index(apart["ai_right"].astype(bool))["accepted_percent"]
        axes.plot(
            [percent[False], percent[True]], [row, row], color=colour, linewidth=2, alpha=0.35
        )
        axes.plot(percent[True], row, marker, color=colour, markersize=7)
        axes.plot(percent[False], row, marker, color=colour, markersize=7, mfc="white", mew=1.5)
        if row == 0:
            for right, text in ((True, "AI right"), (False, "AI wrong")):
                if not np.isnan(percent[right]):
                    above(axes, percent[right], row, text)
    axes.set_xlabel("Accepted, natural stimuli")
    return figure
