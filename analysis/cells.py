"""Cells to values: one column of text becomes a typed column, and every bad cell is reported.

Nothing is guessed. Texts stay texts, so a class that is called "NA", "None" or "01440764" keeps
its name; only an empty cell is missing.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.columns import Column

# As the export writes numbers; Python and pandas would also take "nan", "inf" and "1_000".
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
COUNT = re.compile(r"\d+")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
FIRST_ROW_LINE = 2  # line 1 is the header


def typed(
    text: pd.Series, column: Column, *, where: str, imported: bool = False
) -> tuple[pd.Series, list[str]]:
    """Turn a column of text into values.

    Args:
        text: the cells as they were read.
        column: what they may hold.
        where: file and column, for the messages.
        imported: whether the export was imported, so that more cells may be empty.

    Returns:
        The values, with what is empty or wrong missing: text (str), flag (boolean), count
        (Int64), number (float64), time (datetime64, UTC); and a line for each sort of problem.
    """
    empty = text == ""
    wrong = ~empty & ~_fits(text, column)
    problems = _problems(text, wrong, f"must be {_allowed(column)}; correct it", where)
    if not column.may_be_empty(imported=imported):
        problems += _problems(text, empty, "must not be empty; fill it in", where)
    return _converted(text.mask(empty | wrong), column), problems


def level_problems(text: pd.Series, levels: Sequence[str], *, where: str) -> list[str]:
    """A line where cells hold something else than the levels that columns.json lists."""
    wrong = (text != "") & ~text.isin(list(levels))
    rule = f"is none of the levels in columns.json ({', '.join(levels)}); correct one of them"
    return _problems(text, wrong, rule, where)


def _fits(text: pd.Series, column: Column) -> pd.Series:
    match column.kind:
        case "text":
            return text.isin(column.levels) if column.levels else text.notna()
        case "flag":
            return text.isin(["0", "1"])
        case "time":
            return _matches(text, TIME) & _times(text.where(_matches(text, TIME))).notna()
        case _:
            plain = _matches(text, COUNT if column.kind == "count" else NUMBER)
            return plain & pd.to_numeric(text.where(plain)).between(column.low, column.high)


def _matches(text: pd.Series, pattern: re.Pattern[str]) -> pd.Series:
    return text.map(lambda cell: pattern.fullmatch(cell) is not None).astype(bool)


def _times(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text, format="ISO8601", utc=True, errors="coerce")


def _allowed(column: Column) -> str:
    bounds = ""
    if np.isfinite(column.low):
        bounds = (
            f" from {column.low:g} to {column.high:g}"
            if np.isfinite(column.high)
            else f" of {column.low:g} or more"
        )
    return {
        "text": f"one of {', '.join(column.levels)}",
        "flag": "1 or 0",
        "count": f"a whole number{bounds}",
        "number": f"a number{bounds}",
        "time": "a time in UTC such as 2026-03-14T09:26:53.589Z",
    }[column.kind]


def _converted(text: pd.Series, column: Column) -> pd.Series:
    match column.kind:
        case "text":
            return text
        case "flag":
            return text.map({"0": False, "1": True}).astype("boolean")
        case "count":
            return pd.to_numeric(text).astype("Int64")
        case "number":
            return pd.to_numeric(text).astype("float64")
        case "time":
            return _times(text)


def _problems(text: pd.Series, wrong: pd.Series, rule: str, where: str) -> list[str]:
    rows = np.flatnonzero(wrong.to_numpy(dtype=bool))
    if not rows.size:
        return []
    first = int(rows[0])
    more = f" (and {rows.size - 1} more)" if rows.size > 1 else ""
    return [f"{where}: {text.iloc[first]!r} in line {first + FIRST_ROW_LINE}{more} {rule}"]
