"""Steps of trials whose numbers are known, as the statistics take them."""

from collections.abc import Sequence

import pandas as pd

from analysis.export.step_facts import StepFacts
from analysis.statistics.measures.steps.answered_steps import advised

COLUMNS = (
    *("participant_id", "condition", "phase", "trial_index", "stimulus_id", "step_index"),
    *("step", "kind", "shows", "value", "truth", "right", "advice", "revealed", "ai_right"),
)


def steps_of(trials: Sequence[Sequence[dict[str, object]]], **common: object) -> pd.DataFrame:
    """A row for each step of each trial, each trial of a person and with a stimulus of its own.

    What a step does not say is missing, or what `common` says; `right` follows from value and
    truth.
    """
    rows = []
    for who, trial in enumerate(trials):
        for index, step in enumerate(trial):
            facts = {
                "participant_id": f"p{who:03d}",
                "condition": "a",
                "phase": "test",
                "trial_index": 0,
                "stimulus_id": f"s{who:03d}",
                "step_index": index,
                "shows": "photo",
                "ai_right": True,
                **common,
                **step,
            }
            if facts.get("truth") is not None:
                facts["right"] = facts["value"] == facts["truth"]
            rows.append(facts)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.assign(advised=advised(table["shows"]), right=table["right"].astype("boolean"))


def step(name: str, kind: str, **facts: object) -> StepFacts:
    """A step as export.json tells it."""
    return StepFacts.model_validate({"name": name, "kind": kind, **facts})
