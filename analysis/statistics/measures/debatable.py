"""Stimuli whose true label a reviewer found debatable, before people saw them.

On these a decision that counts as wrong may be right, so every primary number is computed with and
without them. (Nguyen et al. 2021, section 3.4, found debatable labels in about 63 % of the medium
images that 3-NN teams misjudged, after the study.)
"""

from collections.abc import Sequence

import pandas as pd

from analysis.export.columns import BINS
from analysis.export.facts import Analysis
from analysis.statistics.looks import Look
from analysis.statistics.measures import accuracy
from analysis.statistics.measures.compared import primary
from analysis.statistics.pairs import Pair

ALL_STIMULI = "all"
WITHOUT_DEBATABLE = "without debatable"
HALF = 0.5  # share of right decisions up to which a stimulus counts as misjudged


def on_debatable(trials: pd.DataFrame, stimuli: pd.DataFrame) -> pd.Series:
    """Whether each trial shows a debatable stimulus; not where nobody said so, as in an import.

    Args:
        trials: as `accuracy.test_trials` returns them.
        stimuli: as in the export.
    """
    is_marked = stimuli["debatable"].fillna(value=False).astype(bool)
    return trials["stimulus_id"].isin(stimuli.loc[is_marked, "stimulus_id"])


def accuracy_of_both(
    trials: pd.DataFrame, debatable: pd.Series, conditions: Sequence[str]
) -> pd.DataFrame:
    """Per-user accuracy with and without debatable stimuli.

    Args:
        trials: as `accuracy.test_trials` returns them.
        debatable: as `on_debatable` returns it.
        conditions: in the order in which they are reported.

    Returns:
        condition, stimuli ("all" or "without debatable"), n_trials, then as
        `accuracy.per_condition`. A person who judged debatable stimuli only is left out without
        them.
    """
    parts = []
    for stimuli, rows in _both(trials, debatable):
        part = accuracy.per_condition(accuracy.per_user(rows), conditions)
        part.insert(1, "stimuli", stimuli)
        counts = rows["condition"].value_counts()
        part.insert(2, "n_trials", [int(counts.get(name, 0)) for name in conditions])
        parts.append(part)
    order = pd.concat(parts).sort_index(kind="stable")
    return order.reset_index(drop=True)


def differences_of_both(
    trials: pd.DataFrame,
    debatable: pd.Series,
    pairs: Sequence[Pair],
    settings: Analysis,
    look: Look | None = None,
) -> pd.DataFrame:
    """The primary comparison with and without debatable stimuli, each with its own Holm adjustment.

    Args:
        trials: as `accuracy.test_trials` returns them.
        debatable: as `on_debatable` returns it.
        pairs: as `compared.primary` takes them.
        settings: likewise.
        look: likewise.

    Returns:
        The columns of `compared.primary`, and third, stimuli.
    """
    parts = []
    for stimuli, rows in _both(trials, debatable):
        part = primary(rows, pairs, settings, look=look)
        part.insert(2, "stimuli", stimuli)
        parts.append(part)
    order = pd.concat(parts).sort_index(kind="stable")
    return order.reset_index(drop=True)


def misjudged(
    trials: pd.DataFrame, debatable: pd.Series, conditions: Sequence[str]
) -> pd.DataFrame:
    """How many of the natural stimuli that most people misjudged are debatable, by bin.

    Args:
        trials: as `accuracy.test_trials` returns them.
        debatable: as `on_debatable` returns it.
        conditions: in the order in which they are reported.

    Returns:
        condition, bin, n_stimuli (that at least half of those who judged them in the condition
        misjudged), n_debatable of them and debatable_percent; missing where there are none.
    """
    answers = trials.assign(debatable=debatable, right=trials["team_right"].astype("float64"))
    natural = answers[answers["kind"] == "natural"]
    of_stimulus = natural.groupby(["condition", "bin", "stimulus_id"], observed=True)
    stimuli = of_stimulus.agg({"right": "mean", "debatable": "first"}).reset_index()
    wrong = stimuli[stimuli["right"] <= HALF]
    keys = ["condition", "bin"]
    grid = pd.MultiIndex.from_product([conditions, BINS], names=keys)
    counts = wrong.groupby(keys, observed=True)["debatable"].agg(["size", "sum"])
    counts = counts.reindex(grid, fill_value=0).astype("int64").reset_index()
    counts.columns = pd.Index([*keys, "n_stimuli", "n_debatable"])
    known = counts["n_stimuli"].where(counts["n_stimuli"] > 0)
    return counts.assign(debatable_percent=100 * counts["n_debatable"] / known)


def _both(trials: pd.DataFrame, debatable: pd.Series) -> tuple[tuple[str, pd.DataFrame], ...]:
    return (ALL_STIMULI, trials), (WITHOUT_DEBATABLE, trials[~debatable])
