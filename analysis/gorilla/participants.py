"""The participants: when they began and ended, whether they completed, and new names for them."""

import pandas as pd

from analysis.gorilla.map_file import GorillaStudy
from analysis.gorilla.task_files import END, PERSON
from analysis.statistics.sample.gate import passes_gate


def list_participants(
    rows: pd.DataFrame, answers: pd.DataFrame, study: GorillaStudy
) -> tuple[pd.DataFrame, list[str]]:
    """Everybody who began a task.

    A session's length is Gorilla's own: from the end of the last task back by its clock, which
    restarts when the page is reloaded. The authors report these times.

    Args:
        rows: as `task_files.read_rows` returns them.
        answers: the trials, with team_right.
        study: for the gate.

    Returns:
        private id, participant_id (a number in the order of the files), condition, outcome,
        started_at, finished_at, n_validation, validation_right and n_test. And a line for each
        person who is in two conditions.
    """
    table = rows.groupby(PERSON, sort=False).agg(
        condition=("condition", "first"), n_conditions=("condition", "nunique")
    )
    validation = answers[answers["phase"] == "validation"].groupby(PERSON)["team_right"]
    table["n_validation"] = validation.size()
    table["validation_right"] = validation.sum()
    table["n_test"] = answers[answers["phase"] == "test"].groupby(PERSON).size()
    counts = ["n_validation", "validation_right", "n_test"]
    table[counts] = table[counts].fillna(0).astype("int64")
    table = table.join(_times(rows))
    table["outcome"] = _outcomes(rows, table, study)
    table["finished_at"] = table["finished_at"].where(table["outcome"].notna())
    digits = max(3, len(str(len(table))))
    table["participant_id"] = [f"p{n:0{digits}d}" for n in range(1, len(table) + 1)]
    problems = [
        f"a person (private id {person}) is in {n} conditions; leave out one of the files"
        for person, n in table["n_conditions"].items()
        if n > 1
    ]
    return table.reset_index(), problems


def _times(rows: pd.DataFrame) -> pd.DataFrame:
    timestamps = pd.to_numeric(rows["UTC Timestamp"])
    ends = rows["Trial Number"] == END
    began = timestamps - pd.to_numeric(rows["Reaction Time"], errors="coerce").where(
        ends, 0
    ).fillna(0)
    spans = pd.DataFrame({PERSON: rows[PERSON], "end": timestamps.where(ends), "any": timestamps})
    spans["start"] = began.where(ends)
    limits = spans.groupby(PERSON).agg({"start": "min", "any": "min", "end": "max"})
    moments = {"started_at": limits["start"].fillna(limits["any"]), "finished_at": limits["end"]}
    return pd.DataFrame(
        {name: pd.to_datetime(at, unit="ms", utc=True) for name, at in moments.items()}
    )


def _outcomes(rows: pd.DataFrame, table: pd.DataFrame, study: GorillaStudy) -> pd.Series:
    """Completed: Gorilla says so, every task came to its end, and there are test answers."""
    status = rows.groupby(PERSON)["Participant Status"].last().reindex(table.index)
    ends = rows["Trial Number"] == END
    tasks = ends.groupby([rows[PERSON], rows["Task Name"]]).any()
    ended = tasks.groupby(PERSON).all().reindex(table.index)
    completed = (status == "complete") & ended & (table["n_test"] > 0)
    outcome = pd.Series(pd.NA, table.index, dtype="object").mask(completed, "completed")
    failed = ~completed & (table["n_test"] == 0) & ended
    passed = passes_gate(table["validation_right"], study.gate.min_correct)
    return outcome.mask(failed & ~passed & study.gate.live, "failed_validation")
