"""Gorilla's CSV files, read as they are: every row of every task, all cells as text."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.gorilla.map_file import SET, GorillaStudy

BEGIN, END = "BEGIN TASK", "END TASK"
LAST_LINE = "END OF FILE"
PERSON = "Participant Private ID"  # joins the tasks of a person
NEEDED = (
    "Event Index",
    "UTC Timestamp",
    PERSON,
    "Participant Status",
    "Task Name",
    "Spreadsheet Row",
    "Trial Number",
    "Screen Name",
    "Reaction Time",
    "Response",
    "display",
)


def read_rows(paths: Sequence[Path], study: GorillaStudy) -> tuple[pd.DataFrame, list[str]]:
    """Read task files.

    A file may be empty but for its byte order mark: nobody did that task yet. Where a header has
    a name twice, pandas calls the second NAME.1.

    Returns:
        All rows, in the order of the files, with the columns of the files and: condition, set
        (the number of the person's set of images, as text), event (their order in the task) and
        file. Person is still the private id. And a line for each problem.
    """
    sheets, problems = [], []
    for path in paths:
        sheet, own = _read(path)
        own += _missing(sheet, path, study)
        if not own and len(sheet):
            sheet = sheet.assign(condition=_conditions(sheet, study), file=path.name)
            sheet["set"], unclear = _sets(sheet, study)
            own += _unknown(sheet, path) + unclear
        problems += own
        sheets.append(sheet)
    if problems:
        return pd.DataFrame(), problems
    rows = pd.concat(sheets, ignore_index=True)
    if rows.empty:
        return rows, ["no file has a row; nobody has done the task"]
    return rows.fillna("").assign(event=pd.to_numeric(rows["Event Index"])), []


def _read(path: Path) -> tuple[pd.DataFrame, list[str]]:
    try:
        sheet = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except pd.errors.EmptyDataError:
        return pd.DataFrame(), []
    except (OSError, ValueError) as error:
        return pd.DataFrame(), [
            f"{path.name}: is no CSV file in UTF-8 ({error}); download it again"
        ]
    return sheet[sheet.iloc[:, 0] != LAST_LINE].fillna(""), []


def _missing(sheet: pd.DataFrame, path: Path, study: GorillaStudy) -> list[str]:
    """Columns that a file of rows must have; those of a phase only if it has rows of it."""
    if sheet.empty:
        return []
    needed = list(NEEDED)
    for phase in study.phases.values():
        if "display" in sheet and (sheet["display"] == phase.display).any():
            needed += [c for c in (phase.image, phase.answer, phase.label) if SET not in c]
    return [
        f"{path.name}: has no column {name!r}; is this a Gorilla task file of this study?"
        for name in needed
        if name not in sheet
    ]


def _conditions(sheet: pd.DataFrame, study: GorillaStudy) -> pd.Series:
    token = sheet["Task Name"].str.extract(study.task.name)["condition"]
    return token.map(study.conditions)


def _unknown(sheet: pd.DataFrame, path: Path) -> list[str]:
    names = sheet.loc[sheet["condition"].isna(), "Task Name"].unique()
    return [
        f"{path.name}: the task {name!r} is of no condition; correct [task] name or [conditions]"
        for name in names
    ]


def _sets(sheet: pd.DataFrame, study: GorillaStudy) -> tuple[pd.Series, list[str]]:
    columns = [c for c in sheet if pd.Series([c]).str.fullmatch(study.task.set).iloc[0]]
    given = sheet[columns].where(sheet[columns] != "")
    first = given.bfill(axis=1).iloc[:, 0] if columns else pd.Series("", sheet.index)
    several = sheet.loc[given.nunique(axis=1) > 1, ["file", PERSON]].drop_duplicates()
    problems = [
        f"{row['file']}: a person (private id {row[PERSON]}) has several sets; narrow [task] set"
        for _, row in several.iterrows()
    ]
    return first.fillna(""), problems
