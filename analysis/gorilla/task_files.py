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
        sheet, file_problems = _read_sheet(path, study)
        if not file_problems and len(sheet):
            sheet, file_problems = _assigned(sheet, path, study)
        problems += file_problems
        sheets.append(sheet)
    if problems:
        return pd.DataFrame(), problems
    rows = pd.concat(sheets, ignore_index=True)
    if rows.empty:
        return rows, ["no file has a row; nobody has done the task"]
    return rows.fillna("").assign(event=pd.to_numeric(rows["Event Index"])), []


def _read_sheet(path: Path, study: GorillaStudy) -> tuple[pd.DataFrame, list[str]]:
    try:
        sheet = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except pd.errors.EmptyDataError:
        return pd.DataFrame(), []
    except (OSError, ValueError) as error:
        return pd.DataFrame(), [
            f"{path.name}: is no CSV file in UTF-8 ({error}); download it again"
        ]
    sheet = sheet[sheet.iloc[:, 0] != LAST_LINE].fillna("")
    if sheet.empty:
        return sheet, []
    needed = list(NEEDED)
    for phase in study.phases.values():  # its columns are needed only where it has rows
        if "display" in sheet and (sheet["display"] == phase.display).any():
            needed += [c for c in (phase.image, phase.answer, phase.label) if SET not in c]
    return sheet, [
        f"{path.name}: has no column {name!r}; is this a Gorilla task file of this study?"
        for name in needed
        if name not in sheet
    ]


def _assigned(
    sheet: pd.DataFrame, path: Path, study: GorillaStudy
) -> tuple[pd.DataFrame, list[str]]:
    """The rows with their condition, their set of images and their file."""
    condition = sheet["Task Name"].str.extract(study.task.name)["condition"].map(study.conditions)
    columns = [c for c in sheet if pd.Series([c]).str.fullmatch(study.task.set).iloc[0]]
    sets = sheet[columns].where(sheet[columns] != "")
    first = sets.bfill(axis=1).iloc[:, 0] if columns else pd.Series("", sheet.index)
    several = sheet.loc[sets.nunique(axis=1) > 1, PERSON].drop_duplicates()
    problems = [
        f"{path.name}: the task {name!r} is of no condition; correct [task] name or [conditions]"
        for name in sheet.loc[condition.isna(), "Task Name"].unique()
    ]
    problems += [
        f"{path.name}: a person (private id {person}) has several sets; narrow [task] set"
        for person in several
    ]
    return sheet.assign(condition=condition, file=path.name, set=first.fillna("")), problems
