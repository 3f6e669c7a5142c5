"""How much of the evidence was in view, trial by trial."""

import math

import numpy as np
import pandas as pd

WHOLE = 0.995  # the page rounds a share to three decimals


def share_in_view(trials: pd.DataFrame) -> pd.Series:
    """Of the photo and the panels, the share of the one of which least was in view.

    Args:
        trials: as in the export's responses.

    Returns:
        0 to 1, of the index of `trials`; missing where no page measured it.
    """
    if "photo_seen" not in trials:
        return pd.Series(math.nan, index=trials.index)
    photo, panels = trials["photo_seen"].astype("float64"), least(trials["panels_seen"])
    return panels.clip(upper=photo).fillna(photo)


def least(numbers: pd.Series) -> pd.Series:
    """The smallest of the numbers of a cell, which has a space between two; missing if empty."""
    codes, cells = pd.factorize(numbers)  # an empty cell is -1, the last of the values
    values = [min(map(float, str(cell).split())) for cell in cells] + [math.nan]
    return pd.Series(np.array(values)[codes], index=numbers.index)
