"""How each stimulus was judged in each condition: how many people saw it, how many were right."""

from collections.abc import Sequence

import pandas as pd

from analysis.export.facts import ConditionFacts
from analysis.statistics.sample import coverage

PAIR = ["condition", "stimulus_id"]
DESCRIPTION = ["kind", "true_label", "debatable"]
PREDICTION = ["label", "confidence", "ai_right", "bin"]


def right_shares(trials: pd.DataFrame) -> pd.DataFrame:
    """How many people of each condition were right about each stimulus that they judged.

    Args:
        trials: as `accuracy.test_trials` returns them.

    Returns:
        condition, stimulus_id, n_people, n_right, right_percent. Who met a stimulus twice counts
        once, with the first answer.
    """
    answers = trials.drop_duplicates(["participant_id", "stimulus_id"])
    right = answers.assign(team_right=answers["team_right"].astype("int64"))
    shares = right.groupby(PAIR, observed=True)["team_right"].agg(["size", "sum"]).reset_index()
    shares.columns = pd.Index([*PAIR, "n_people", "n_right"])
    return shares.assign(right_percent=100 * shares["n_right"] / shares["n_people"])


def per_stimulus(
    trials: pd.DataFrame,
    stimuli: pd.DataFrame,
    predictions: pd.DataFrame,
    conditions: Sequence[ConditionFacts],
) -> pd.DataFrame:
    """A row for each test stimulus and condition, also where nobody judged it.

    Args:
        trials: as `accuracy.test_trials` returns them.
        stimuli: as in the export.
        predictions: as in the export.
        conditions: in the order in which they are reported.

    Returns:
        condition, classifier, stimulus_id, kind, true_label, debatable, label, confidence,
        ai_right, bin (the last four as the condition's classifier has them), n_people, n_right
        and right_percent (missing where n_people is 0); by condition and id.
    """
    classifiers = {condition.name: condition.classifier for condition in conditions}
    pairs = coverage.per_pair(trials, stimuli, predictions, conditions)[PAIR]
    pairs.insert(1, "classifier", pairs["condition"].map(classifiers))
    table = (
        pairs.merge(stimuli[["stimulus_id", *DESCRIPTION]], on="stimulus_id")
        .merge(
            predictions[["stimulus_id", "classifier", *PREDICTION]],
            on=["stimulus_id", "classifier"],
        )
        .merge(right_shares(trials), on=PAIR, how="left")
    )
    counts = table.fillna({"n_people": 0, "n_right": 0}).astype(
        {"n_people": "int64", "n_right": "int64"}
    )
    place = pd.Series(range(len(classifiers)), index=list(classifiers))
    order = counts.assign(place=counts["condition"].map(place))
    return order.sort_values(["place", "stimulus_id"], ignore_index=True).drop(columns="place")
