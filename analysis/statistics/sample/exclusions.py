"""Who is analysed: the rules, in order, and how many people each of them leaves out.

The rules are fixed before data are seen (Nguyen et al. 2021, section 2.4.2): a person completed
the study, and answered enough validation trials right. Simulated participants are left out once
a real person completed; before that, they are a rehearsal of the whole analysis.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.export.columns import OUTCOMES
from analysis.statistics.sample.gate import passes_gate

STARTED = "started"
NOT_COMPLETED = "not_completed"
SIMULATED = "simulated"
BELOW_GATE = "below_gate"
ANALYSED = "analysed"
STEPS = (NOT_COMPLETED, SIMULATED, BELOW_GATE, ANALYSED)

UNDER_WAY = "under_way"  # no outcome yet
ALL = "All"  # condition names are lower-case, so neither word can be one
NOT_ASSIGNED = "Not assigned"


def is_rehearsal(participants: pd.DataFrame) -> bool:
    """Whether simulated participants are analysed: some completed, and no real person did."""
    completed = participants["outcome"] == "completed"
    simulated = participants["simulated"].astype(bool)
    return bool((completed & simulated).any() and not (completed & ~simulated).any())


def dispositions(participants: pd.DataFrame, *, min_correct: int | None) -> pd.DataFrame:
    """The disposition of every participant: the step at which they left the analysis.

    Args:
        participants: as in the export.
        min_correct: right validation answers needed; None where there was no validation.

    Returns:
        participant_id, condition ("Not assigned" where they left before), simulated, outcome
        ("under_way" where there is none yet), n_validation, validation_right, and step: the
        first rule that left them out, or "analysed".
    """
    people = participants[["participant_id", "condition", "simulated", "outcome"]].copy()
    people["condition"] = people["condition"].fillna(NOT_ASSIGNED)
    people["outcome"] = people["outcome"].fillna(UNDER_WAY)
    people["n_validation"] = participants["n_validation"]
    people["validation_right"] = participants["validation_right"]
    people["step"] = ANALYSED
    if min_correct is not None:
        people.loc[~passes_gate(people["validation_right"], min_correct), "step"] = BELOW_GATE
    if not is_rehearsal(participants):
        people.loc[people["simulated"].astype(bool), "step"] = SIMULATED
    people.loc[people["outcome"] != "completed", "step"] = NOT_COMPLETED
    return people.sort_values(["condition", "participant_id"], ignore_index=True)


def flow(people: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Count people from started to analysed.

    Args:
        people: as `dispositions` returns them.
        conditions: in the order in which they are reported.

    Returns:
        step, outcome (only in the rows that split "not_completed"; empty elsewhere), condition
        ("All" and, if needed, "Not assigned" beside the conditions) and n. In every condition,
        started = not_completed + simulated + below_gate + analysed.
    """
    groups = [*conditions, *([NOT_ASSIGNED] if (people["condition"] == NOT_ASSIGNED).any() else [])]
    rows = []
    for step, outcome, chosen in _steps(people):
        counts = chosen["condition"].value_counts()
        rows += [(step, outcome, group, int(counts.get(group, 0))) for group in groups]
        rows.append((step, outcome, ALL, len(chosen)))
    return pd.DataFrame(rows, columns=["step", "outcome", "condition", "n"])


def _steps(people: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    left = people[people["step"] == NOT_COMPLETED]
    outcomes = [o for o in (*OUTCOMES, UNDER_WAY) if (left["outcome"] == o).any()]
    return [
        (STARTED, "", people),
        (NOT_COMPLETED, "", left),
        *((NOT_COMPLETED, outcome, left[left["outcome"] == outcome]) for outcome in outcomes),
        *((step, "", people[people["step"] == step]) for step in STEPS[1:]),
    ]
