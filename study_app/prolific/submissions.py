"""Prolific's list of submissions (`prolific_export_….csv`), read by the names of its columns.

The set of columns changes from study to study and from year to year, so names are matched without
regard to case, and older spellings are known. A spreadsheet may have saved the list again, as long
as it left the ids. What is not about the submission itself is what people told Prolific of
themselves.
"""

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from stimuli.study import numbered_rows, text_of
from study_app.enums import SubmissionStatus
from study_app.errors import RefusalError

NAMES = {
    "submission id": ("submission id", "session id"),
    "participant id": ("participant id",),
    "status": ("status",),
    "completion code": ("completion code", "entered code"),
    "started at": ("started at", "started datetime"),
    "completed at": ("completed at", "completed date time"),
}
REQUIRED = ("submission id", "participant id", "status")
NOT_DEMOGRAPHIC = {
    *("custom study tncs accepted at", "reviewed at", "reviewed at datetime", "archived at"),
    *("time taken", "total approvals", "num approvals", "num rejections", "prolific score"),
}
# What a spreadsheet makes of an id that looks like a number.
AS_A_NUMBER = re.compile(r"[+-]?\d+([.,]\d*)?E[+-]\d+", re.IGNORECASE)
# What Prolific writes where there is nothing to tell, or no longer.
SENTINELS = {"", "DATA_EXPIRED", "CONSENT_REVOKED", "NOT APPLICABLE", "NOCODE"}


@dataclass(frozen=True, kw_only=True)
class ListedSubmission:
    """A row of the list.

    Attributes:
        demographics: by the name of the column, as Prolific writes it.
    """

    submission_id: str
    prolific_pid: str
    status: SubmissionStatus
    completion_code: str | None
    started_at: datetime | None
    completed_at: datetime | None
    demographics: Mapping[str, str]


def read_submissions(path: Path, names: Mapping[str, str]) -> list[ListedSubmission]:
    """The rows of a list of submissions.

    Args:
        names: headers in the file of those keys of `NAMES` that have a name of their own there.

    Raises:
        RefusalError: with everything that is wrong.
    """
    known = {s for spellings in NAMES.values() for s in spellings} | {*names.values()}
    (_, header), *rows = _table(path, {name.casefold().strip() for name in known})
    by_title = {_plain(title): n for n, title in reversed(list(enumerate(header)))}
    columns = {}  # the column of each name that the file has
    for name, spellings in NAMES.items():
        spellings = (_plain(names[name]),) if name in names else spellings
        if matches := [spelling for spelling in spellings if spelling in by_title]:
            columns[name] = by_title[matches[0]]
    problems = [
        f"has no column {name!r}, only {header}; name it with --column {name!r}=HEADER"
        for name in REQUIRED
        if name not in columns
    ]
    if problems:
        raise RefusalError(str(path), problems)
    problems += [p for line, row in rows for p in _row_problems(line, row, columns)]
    ids = [
        row[columns["submission id"]].strip() for _, row in rows if len(row) > max(columns.values())
    ]
    twice = [i for i in dict.fromkeys(ids) if ids.count(i) > 1]
    problems += [f"submission {i}: is listed more than once" for i in twice]
    if problems:
        raise RefusalError(str(path), problems)
    return [_submission(header, row, columns) for _, row in rows]


def _table(path: Path, known: Collection[str]) -> list[tuple[int, list[str]]]:
    """The rows that say something, each with its line; the heading first."""
    problems: list[str] = []
    spelt = {*known, *(name.replace(" ", "_") for name in known)}
    rows: list[tuple[int, list[str]]] = []
    if (text := text_of(path, path.name, problems)) is not None:
        try:
            rows = numbered_rows(text, spelt)
        except csv.Error as error:
            problems.append(f"is no CSV ({error}); look for a quotation mark without a partner")
    if not rows and not problems:
        problems.append("is no CSV file; download the demographic data of the study from Prolific")
    if problems:
        raise RefusalError(str(path), problems)
    return [(line, row) for line, row in rows if any(cell.strip() for cell in row)]


def _plain(title: str) -> str:
    return " ".join(title.replace("_", " ").lower().split())


def _row_problems(line: int, row: Sequence[str], columns: Mapping[str, int]) -> list[str]:
    if len(row) <= max(columns.values()):
        return [f"line {line}: has {len(row)} cells, fewer than its columns"]
    problems = [
        f"line {line}, {name}: is empty" for name in REQUIRED if not row[columns[name]].strip()
    ]
    problems += [
        f"line {line}, {name}: {row[columns[name]]!r} is what a spreadsheet makes of an id that "
        "looks like a number, and its digits are lost; download the list again, and do not save it"
        for name in ("submission id", "participant id")
        if AS_A_NUMBER.fullmatch(row[columns[name]].strip())
    ]
    status = row[columns["status"]].strip().upper()
    if status and status not in set(SubmissionStatus):
        problems.append(f"line {line}, status: {status!r} is none of {', '.join(SubmissionStatus)}")
    for name in ("started at", "completed at"):
        if (text := _cell(row, columns, name)) and _moment(text) is None:
            problems.append(
                f"line {line}, {name}: {text!r} is no time such as 2026-03-14T09:26:53Z"
            )
    return problems


def _submission(
    header: Sequence[str], row: Sequence[str], columns: Mapping[str, int]
) -> ListedSubmission:
    started, completed = (_cell(row, columns, name) for name in ("started at", "completed at"))
    return ListedSubmission(
        submission_id=row[columns["submission id"]].strip(),
        prolific_pid=row[columns["participant id"]].strip(),
        status=SubmissionStatus(row[columns["status"]].strip().upper()),
        completion_code=_cell(row, columns, "completion code"),
        started_at=_moment(started) if started else None,
        completed_at=_moment(completed) if completed else None,
        demographics={
            title.strip(): value.strip()
            for n, (title, value) in enumerate(zip(header, row, strict=False))
            if n not in columns.values() and _plain(title) not in NOT_DEMOGRAPHIC
            if value.strip().upper() not in SENTINELS
        },
    )


def _cell(row: Sequence[str], columns: Mapping[str, int], name: str) -> str | None:
    text = row[columns[name]].strip() if name in columns else ""
    return None if text.upper() in SENTINELS else text


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
