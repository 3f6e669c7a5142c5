"""Do conditions show the same mix of stimuli? If not, accuracies do not stand on the same basis.

Per-user accuracy counts every stimulus alike, so a condition whose people met more easy ones is
ahead before anybody decides. The paper's sets were drawn without balancing (16 to 25 of 30
stimuli natural).
"""

from collections.abc import Sequence

import pandas as pd

CELL = ["kind", "ai_right", "bin"]
UNBINNED = "none"


def mix(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """What share of a condition's trials each sort of stimulus has.

    Args:
        trials: as `accuracy.test_trials` returns them.
        conditions: a row for each with each sort that anybody met.

    Returns:
        kind, ai_right, bin ("none" outside the bands), condition, n_trials and share_percent
        (over the trials of the condition; missing where there are none).
    """
    cells = trials.assign(bin=trials["bin"].fillna(UNBINNED))
    counts = cells.groupby([*CELL, "condition"], observed=True).size().unstack("condition")
    counts = counts.reindex(columns=list(conditions)).fillna(0).astype("int64")
    shares = 100 * counts / counts.sum().where(counts.sum() > 0)
    columns = {"n_trials": counts.stack(), "share_percent": shares.stack(future_stack=True)}
    return pd.DataFrame(columns).reset_index()


def largest_difference(shares: pd.DataFrame) -> tuple[float, str, str]:
    """The largest difference of a share between two conditions that have trials.

    Args:
        shares: as `mix` returns them.

    Returns:
        The difference in points, the condition with more and the one with less; 0 and empty
        names where there are no two conditions.
    """
    wide = shares.pivot(index=CELL, columns="condition", values="share_percent").dropna(axis=1)
    if wide.shape[1] < 2:
        return 0.0, "", ""
    spread = wide.max(axis=1) - wide.min(axis=1)
    row = wide.iloc[int(spread.to_numpy().argmax())]
    return float(spread.max()), str(row.idxmax()), str(row.idxmin())
