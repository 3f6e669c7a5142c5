"""Who is analysed: the rules, in order, and how many people each of them leaves out.

The rules are fixed before data are seen (Nguyen et al. 2021, section 2.4.2): a person completed
the study, and answered enough validation trials right. Simulated participants are left out once
a real person completed; before that, they are a rehearsal of the whole analysis.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.export.columns import OUTCOMES
from analysis.statistics.sample.gate import passes_gate

TURNED_AWAY = "turned_away"
STARTED = "started"
NOT_COMPLETED = "not_completed"
SIMULATED = "simulated"
BELOW_GATE = "below_gate"
ANALYSED = "analysed"
STEPS = (NOT_COMPLETED, SIMULATED, BELOW_GATE, ANALYSED)

NO_PLACE = ("quota_full", "duplicate")
"""Outcomes of people who, unless they had agreed, were turned away as they pressed Start."""

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
        first rule that left them out, or "analysed". Who was turned away never started; exports of
        before have a condition of theirs, which meant nothing.
    """
    table = participants[["participant_id", "condition", "simulated", "outcome"]].copy()
    table["condition"] = table["condition"].fillna(NOT_ASSIGNED)
    table["outcome"] = table["outcome"].fillna(UNDER_WAY)
    table["n_validation"] = participants["n_validation"]
    table["validation_right"] = participants["validation_right"]
    table["step"] = ANALYSED
    if min_correct is not None:
        table.loc[~passes_gate(table["validation_right"], min_correct), "step"] = BELOW_GATE
    if not is_rehearsal(participants):
        table.loc[table["simulated"].astype(bool), "step"] = SIMULATED
    table.loc[table["outcome"] != "completed", "step"] = NOT_COMPLETED
    n_answers = participants[["n_validation", "n_test"]].fillna(0).sum(axis=1)
    has_begun = participants["consented_at"].notna() | (n_answers > 0)  # imports tell no consent
    turned_away = table["outcome"].isin(NO_PLACE) & ~has_begun
    table.loc[turned_away, ["condition", "step"]] = [NOT_ASSIGNED, TURNED_AWAY]
    return table.sort_values(["condition", "participant_id"], ignore_index=True)


def n_analysed(participants: pd.DataFrame, conditions: Sequence[str]) -> pd.Series:
    """How many people are analysed in each condition, and at last in "All", by name.

    Args:
        participants: as `dispositions` returns them.
        conditions: in the order in which they are reported.
    """
    own = participants.loc[participants["step"] == ANALYSED, "condition"]
    counts = own.value_counts().reindex(list(conditions), fill_value=0)
    return pd.concat([counts, pd.Series({ALL: len(own)})])


def flow(participants: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Count people from started to analysed.

    Args:
        participants: as `dispositions` returns them.
        conditions: in the order in which they are reported.

    Returns:
        step, outcome (only in the rows that split "not_completed"; empty elsewhere), condition
        ("All" and, if needed, "Not assigned" beside the conditions) and n. In every condition,
        started = not_completed + simulated + below_gate + analysed; who was turned away stands
        before them, where there is anybody.
    """
    groups = [
        *conditions,
        *([NOT_ASSIGNED] if (participants["condition"] == NOT_ASSIGNED).any() else []),
    ]
    lost = participants[participants["step"] == NOT_COMPLETED]
    outcomes = [o for o in (*OUTCOMES, UNDER_WAY) if (lost["outcome"] == o).any()]
    turned_away = participants[participants["step"] == TURNED_AWAY]
    ends = [outcome for outcome in NO_PLACE if (turned_away["outcome"] == outcome).any()]
    steps = [
        *([(TURNED_AWAY, "", turned_away)] if len(turned_away) else []),
        *(
            (TURNED_AWAY, outcome, turned_away[turned_away["outcome"] == outcome])
            for outcome in ends
        ),
        (STARTED, "", participants[participants["step"] != TURNED_AWAY]),
        (NOT_COMPLETED, "", lost),
        *((NOT_COMPLETED, outcome, lost[lost["outcome"] == outcome]) for outcome in outcomes),
        *((step, "", participants[participants["step"] == step]) for step in STEPS[1:]),
    ]
    rows = []
    for step, outcome, members in steps:
        counts = members["condition"].value_counts()
        rows += [(step, outcome, group, int(counts.get(group, 0))) for group in groups]
        rows.append((step, outcome, ALL, len(members)))
    return pd.DataFrame(rows, columns=["step", "outcome", "condition", "n"])
