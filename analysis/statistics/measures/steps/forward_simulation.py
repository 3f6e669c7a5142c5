"""Can people tell what the AI will say?

They see the picture, and what explains the AI, but not its answer (Kim et al., HIVE, ECCV 2022;
Colin et al., NeurIPS 2022). Where the AI is right, naming what the picture shows is predicting the
AI. Only where it is wrong is seen whether people know the AI, or the picture: there, how often they
name the true label stands beside how often they name the AI's.
"""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.export.step_facts import StepFacts
from analysis.statistics.measures.steps.clustered_means import groups_of, share_of

COLUMNS = (
    *("condition", "step", "ai_right", "n_participants", "n_trials", "n_right"),
    *("accuracy_percent", "low_percent", "high_percent", "chance_percent"),
    *("n_true_label", "true_label_percent", "true_label_low_percent", "true_label_high_percent"),
)


def is_prediction(step: StepFacts) -> bool:
    """Whether a step has people choose what the AI will say."""
    return step.truth == "ai_answer" and step.kind == "choice"


def predictions(
    steps: pd.DataFrame, declared: Sequence[StepFacts], true_labels: Mapping[str, str]
) -> pd.DataFrame:
    """What people chose as the AI's answer.

    Args:
        steps: as `answered_steps.of_the_test` returns them.
        declared: the steps of the study.
        true_labels: of each stimulus.

    Returns:
        participant_id, condition, stimulus_id, step, ai_right, right (the AI says it) and
        true_label (the picture shows it).
    """
    names = [step.name for step in declared if is_prediction(step)]
    rows = steps[steps["step"].isin(names)].dropna(subset=["right"])
    shown = rows["stimulus_id"].astype("object").map(dict(true_labels))
    columns = ["participant_id", "condition", "stimulus_id", "step", "ai_right", "right"]
    told = rows[columns].astype({"ai_right": "bool", "right": "bool", "step": "str"})
    return told.assign(true_label=rows["value"].astype("object") == shown)


def per_condition(
    guesses: pd.DataFrame, conditions: Sequence[str], n_options: Mapping[str, int | None]
) -> pd.DataFrame:
    """How often people predict the AI, over all trials, where it is right and where it is wrong.

    Args:
        guesses: as `predictions` returns them.
        conditions: in the order in which they are reported.
        n_options: how many answers a step has to choose from, by its name.

    Returns:
        condition, step, ai_right (missing in the row of both), n_participants, n_trials, n_right,
        accuracy_percent, low_percent, high_percent, chance_percent (by design, missing where it is
        not known), n_true_label, true_label_percent, true_label_low_percent and
        true_label_high_percent. Intervals as `clustered_means.share_of` has them.
    """
    rows = []
    for condition, (step,), group in groups_of(guesses, conditions, "step"):
        n = n_options.get(str(step))
        chance = 100 / n if n else math.nan
        for ai_right in (None, True, False):
            own = group if ai_right is None else group[group["ai_right"] == ai_right]
            if len(own):
                true_label = share_of(own, "true_label")[2:]
                rows.append(
                    (condition, step, ai_right, *share_of(own, "right"), chance, *true_label)
                )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"ai_right": "boolean"})
