"""Accuracy and agreement with the AI at each step: two things, neither inferred from the other.

Who agrees with a right AI is right, whether it was followed or not; who agreed before it was shown
did not follow it. So both are counted, of each step, also of steps and people that were shown no
answer: their agreement is what advice starts from.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.export.step_facts import ShowsAi, StepFacts
from analysis.statistics.measures.steps.judgements import judging
from analysis.statistics.measures.steps.pooled import both_intervals

KEYS = ["condition", "step"]
ENDS = ["people_low_percent", "people_high_percent", "low_percent", "high_percent"]


def accuracy_and_agreement(
    rows: pd.DataFrame, steps: Sequence[StepFacts], shows_ai: Mapping[str, ShowsAi]
) -> pd.DataFrame:
    """Both at each step of each condition, on natural stimuli.

    Args:
        rows: as `judgements` returns them.
        steps: of export.json.
        shows_ai: what the people of each condition see of the AI; a row for each of its steps.

    Returns:
        condition, step, shown (whether it shows the AI's answer), measure ("accuracy" or
        "agreement"), n_participants, n_trials, n_true, percent and the ends of both intervals, as
        `pooled.both_intervals` has them. Agreement is missing where the AI cannot say what people
        do.
    """
    known = {
        "accuracy": both_intervals(rows, KEYS, "right"),
        "agreement": both_intervals(rows[rows["agrees"].notna()], KEYS, "agrees"),
    }
    grid = [
        {"condition": name, "step": step.name, "shown": step.shows_advice(shown), "measure": what}
        for name, shown in shows_ai.items()
        for step in judging(steps, shown)
        for what in known
    ]
    columns = [*KEYS, "shown", "measure"]
    table = pd.DataFrame(grid, columns=columns)
    parts = [part.assign(measure=what) for what, part in known.items()]
    numbers = ["n_participants", "n_trials", "n_true"]
    joined = table.merge(pd.concat(parts), on=[*KEYS, "measure"], how="left")
    joined[numbers] = joined[numbers].fillna(0).astype("int64")
    return joined[[*columns, *numbers, "percent", *ENDS]]
