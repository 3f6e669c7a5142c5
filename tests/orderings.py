"""What the SAL paper says of its scenarios, as numbers of one run each, compared seed by seed."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from stimuli.sal.results.curves import aulc

Value = Callable[[pd.DataFrame], float]


def final(score: str) -> Value:
    """A score where all images are labelled."""
    return lambda run: float(run.sort_values("labelled_share")[score].iloc[-1])


def area_after_change(run: pd.DataFrame) -> float:
    """The area under the Dice curve from the change point on."""
    later = _after(run)
    return aulc(later["labelled_share"], later["dice"])


def slope_after_change(run: pd.DataFrame) -> float:
    """Dice gained per training set labelled, from the change point on, by least squares."""
    later = _after(run)
    return float(stats.linregress(later["labelled_share"], later["dice"]).slope)


def _after(run: pd.DataFrame) -> pd.DataFrame:
    change = run["change_point"].iloc[0] - 1e-9
    return run[run["labelled_share"] >= change].sort_values("labelled_share")


def by_seed(rounds: pd.DataFrame, value: Value) -> pd.DataFrame:
    """A value of every run: a row for each seed, a column for each scenario."""
    runs = rounds.groupby(["seed", "scenario"])
    return pd.Series({key: value(run) for key, run in runs}).unstack()


def difference(values: pd.DataFrame, one: str, other: str) -> tuple[float, float, float]:
    """The mean paired difference of two scenarios with its 95 % t interval over the seeds."""
    found = (values[one] - values[other]).to_numpy()
    error = stats.sem(found) * stats.t.ppf(0.975, len(found) - 1)
    return float(found.mean()), float(found.mean() - error), float(found.mean() + error)


def gaussian_map(side: int) -> np.ndarray:
    """(side, side): a bump in the middle of the image, a fifth of its side wide."""
    places = (np.arange(side) - (side - 1) / 2) / side
    return np.exp(-(places[:, None] ** 2 + places**2) / (2 * 0.2**2))
