"""Do conditions show the same mix of stimuli? If not, accuracies do not stand on the same basis.

Per-user accuracy counts every stimulus alike, so a condition whose people met more easy ones is
ahead before anybody decides. The paper's sets were drawn without balancing (16 to 25 of 30
stimuli natural).
"""

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, kw_only=True)
class Imbalance:
    """A sort of stimulus that two conditions showed in different shares of their trials.

    Attributes:
        points: by how much.
        sort: kind, AI right or wrong, and bin, in words; empty where there are no two conditions.
        more: the condition that showed more of it.
        less: the one that showed less.
    """

    points: float = 0.0
    sort: str = ""
    more: str = ""
    less: str = ""


def largest_difference(shares: pd.DataFrame) -> Imbalance:
    """The largest difference of a share between two conditions that have trials.

    Args:
        shares: as `mix` returns them.
    """
    wide = shares.pivot(index=CELL, columns="condition", values="share_percent").dropna(axis=1)
    if wide.shape[1] < 2:
        return Imbalance()
    spread = wide.max(axis=1) - wide.min(axis=1)
    place = int(spread.to_numpy().argmax())
    kind, ai_right, name = wide.index[place]
    level = "outside the bands" if name == UNBINNED else str(name)
    return Imbalance(
        points=float(spread.max()),
        sort=f"{kind}, AI {'right' if ai_right else 'wrong'}, {level}",
        more=str(wide.iloc[place].idxmax()),
        less=str(wide.iloc[place].idxmin()),
    )
