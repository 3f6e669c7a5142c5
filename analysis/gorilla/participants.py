"""The participants: when they began and ended, whether they completed, and new names for them."""

import pandas as pd

from analysis.gorilla.map_file import GorillaStudy
from analysis.gorilla.task_files import END, PERSON
from analysis.statistics.sample.gate import passes_gate


def people(
    rows: pd.DataFrame, answered: pd.DataFrame, study: GorillaStudy
) -> tuple[pd.DataFrame, list[str]]:
    """Everybody who began a task.

    A session's length is Gorilla's own: from the end of the last task back by its clock, which
    restarts when the page is reloaded. The authors report these times.

    Args:
        rows: as `sheets.read_rows` returns them.
        answered: the trials, with team_right.
        study: for the gate.

    Returns:
        private id, participant_id (a number in the order of the files), condition, outcome,
        started_at, finished_at, n_validation, validation_right and n_test. And a line for each
        person who is in two conditions.
    """
    table = rows.groupby(PERSON, sort=False).agg(
        condition=("condition", "first"), n_conditions=("condition", "nunique")
    )
    validation = answered[answered["phase"] == "validation"].groupby(PERSON)["team_right"]
    table["n_validation"] = validation.size()
    table["validation_right"] = validation.sum()
    table["n_test"] = answered[answered["phase"] == "test"].groupby(PERSON).size()
    counts = ["n_validation", "validation_right", "n_test"]
    table[counts] = table[counts].fillna(0).astype("int64")
    table = table.join(_times(rows))
    table["outcome"] = _outcomes(rows, table, study)
    table["finished_at"] = table["finished_at"].where(table["outcome"].notna())
    digits = max(3, len(str(len(table))))
    table["participant_id"] = [f"p{n:0{digits}d}" for n in range(1, len(table) + 1)]
    return table.reset_index(), _problems(table)


def _times(rows: pd.DataFrame) -> pd.DataFrame:
    stamp = pd.to_numeric(rows["UTC Timestamp"])
    ends = rows["Trial Number"] == END
    began = stamp - pd.to_numeric(rows["Reaction Time"], errors="coerce").where(ends, 0).fillna(0)
    spans = pd.DataFrame({PERSON: rows[PERSON], "end": stamp.where(ends), "any": stamp})
    spans["start"] = began.where(ends)
    found = spans.groupby(PERSON).agg({"start": "min", "any": "min", "end": "max"})
    moments = {"started_at": found["start"].fillna(found["any"]), "finished_at": found["end"]}
    return pd.DataFrame(
        {name: pd.to_datetime(at, unit="ms", utc=True) for name, at in moments.items()}
    )


def _outcomes(rows: pd.DataFrame, table: pd.DataFrame, study: GorillaStudy) -> pd.Series:
    """Completed: Gorilla says so, every task came to its end, and there are test answers."""
    status = rows.groupby(PERSON)["Participant Status"].last().reindex(table.index)
    ends = rows["Trial Number"] == END
    tasks = ends.groupby([rows[PERSON], rows["Task Name"]]).any()
    ended = tasks.groupby(PERSON).all().reindex(table.index)
    done = (status == "complete") & ended & (table["n_test"] > 0)
    outcome = pd.Series(pd.NA, table.index, dtype="object").mask(done, "completed")
    failed = ~done & (table["n_test"] == 0) & ended
    passed = passes_gate(table["validation_right"], study.gate.min_correct)
    return outcome.mask(failed & ~passed & study.gate.live, "failed_validation")


def _problems(table: pd.DataFrame) -> list[str]:
    return [
        f"a person (private id {person}) is in {n} conditions; leave out one of the files"
        for person, n in table["n_conditions"].items()
        if n > 1
    ]
