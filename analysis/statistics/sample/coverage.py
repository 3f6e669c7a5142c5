"""How many people judged each pair of a test stimulus and a condition.

Nguyen et al. 2021, section 2.4, wanted at least two for every pair; with one or none, a result
per image rests on a single person or on nobody.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.export.facts import ConditionFacts

ENOUGH = 2  # people for a pair


def per_pair(
    trials: pd.DataFrame,
    stimuli: pd.DataFrame,
    predictions: pd.DataFrame,
    conditions: Sequence[ConditionFacts],
) -> pd.DataFrame:
    """Count the people of every pair, also of the pairs that nobody judged.

    Args:
        trials: as `accuracy.test_trials` returns them.
        stimuli: as in the export.
        predictions: as in the export; a test stimulus belongs to a condition where it has a
            prediction of the condition's classifier.
        conditions: in the order in which they are reported.

    Returns:
        condition, stimulus_id, n_viewers.
    """
    test = stimuli.loc[stimuli["phase"] == "test", "stimulus_id"]
    test_predictions = predictions.loc[
        predictions["stimulus_id"].isin(test), ["classifier", "stimulus_id"]
    ]
    names = [(condition.name, condition.classifier) for condition in conditions]
    pairs = pd.DataFrame(names, columns=["condition", "classifier"]).merge(
        test_predictions, on="classifier"
    )
    keys = ["condition", "stimulus_id"]
    distinct = trials[[*keys, "participant_id"]].drop_duplicates()
    viewers = distinct.groupby(keys, observed=True).size().rename("n_viewers").reset_index()
    pairs = pairs[keys].merge(viewers, on=keys, how="left")
    return pairs.fillna({"n_viewers": 0}).astype({"n_viewers": "int64"})


def per_condition(pairs: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How many pairs of each condition had nobody, one person, and enough people.

    Args:
        pairs: as `per_pair` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, n_pairs (= n_unseen + n_once + n_enough), n_unseen, n_once, n_enough (two or
        more people), min_viewers, median_viewers, max_viewers (missing without pairs).
    """
    rows = []
    for condition in conditions:
        n = pairs.loc[pairs["condition"] == condition, "n_viewers"]
        counts = (len(n), int((n == 0).sum()), int((n == 1).sum()), int((n >= ENOUGH).sum()))
        rows.append((condition, *counts, n.min(), n.median(), n.max()))
    columns = ["condition", "n_pairs", "n_unseen", "n_once", "n_enough"]
    measures = [f"{name}_viewers" for name in ("min", "median", "max")]
    table = pd.DataFrame(rows, columns=[*columns, *measures])
    return table.astype({"min_viewers": "Int64", "max_viewers": "Int64"})
