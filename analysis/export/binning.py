"""The bins of imported answers: easy, medium and hard (Nguyen et al. 2021, section 2.4.3)."""

import pandas as pd


def bins_of(low: pd.Series, medium: pd.Series, high: pd.Series, ai_right: pd.Series) -> pd.Series:
    """The bin of each answer of the AI; missing between the bands.

    Easy is right with high or wrong with low confidence, hard the reverse.

    Args:
        low: whether the confidence lies in the low band.
        medium: likewise.
        high: likewise.
        ai_right: whether the answer is right.
    """
    bins = pd.Series(pd.NA, index=ai_right.index, dtype="str")
    bins[medium] = "medium"
    bins[(high & ai_right) | (low & ~ai_right)] = "easy"
    bins[(low & ai_right) | (high & ~ai_right)] = "hard"
    return bins
