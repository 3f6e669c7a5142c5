"""Do people of a condition agree on which stimuli they get right? Fleiss' kappa (1971).

Where they do, stimuli are easy or hard for everybody; where they do not, a stimulus says little and
people, or chance, decide.
"""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.statistics.sample.coverage import ENOUGH


def per_condition(shares: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Kappa over the stimuli that two or more people judged.

    Args:
        shares: as `stimulus_answers.right_shares` returns them.
        conditions: a row for each, in this order.

    Returns:
        condition, n_stimuli and kappa (-1 to 1; missing without stimuli, or where all are right or
        all wrong).
    """
    known = shares[shares["n_people"] >= ENOUGH]
    rows = []
    for condition in conditions:
        own = known[known["condition"] == condition]
        rows.append((condition, len(own), fleiss_kappa(own["n_people"], own["n_right"])))
    return pd.DataFrame(rows, columns=["condition", "n_stimuli", "kappa"])


def fleiss_kappa(n_people: pd.Series, n_right: pd.Series) -> float:
    """(P - Pe) / (1 - Pe) of right and wrong (Fleiss 1971, equations 3 to 7).

    P is the mean over stimuli of the share of pairs of people who agree, Pe = p² + (1 - p)² with
    the share p of all right decisions. Deviation: stimuli may have different numbers of people, of
    which each makes its own pairs; with equal numbers it is Fleiss' own.

    Args:
        n_people: of each stimulus, two or more.
        n_right: how many of them were right.
    """
    n, k = n_people.astype("float64"), n_right.astype("float64")
    agree = (k * (k - 1) + (n - k) * (n - k - 1)) / (n * (n - 1))
    right = k.sum() / n.sum() if n.sum() else math.nan
    by_chance = right**2 + (1 - right) ** 2
    return float((agree.mean() - by_chance) / (1 - by_chance)) if by_chance < 1 else math.nan
