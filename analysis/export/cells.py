"""Cells to values: one column of text becomes a typed column, and every bad cell is reported.

Nothing is guessed. Texts stay texts, so a class that is called "NA", "None" or "01440764" keeps
its name; only an empty cell is missing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.export.columns import Column
from analysis.export.csv_blocks import Coded

# As the export writes numbers; Python and pandas would also take "nan", "inf" and "1_000".
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
COUNT = re.compile(r"\d+")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Cells of a column that break the same rule.

    Attributes:
        rule: what they must be, and what to do.
        text: the first of them.
        line: of that one.
        n: how many there are.
    """

    rule: str
    text: str
    line: int
    n: int

    def __str__(self) -> str:
        more = f" (and {self.n - 1} more)" if self.n > 1 else ""
        return f"{self.text!r} in line {self.line}{more} {self.rule}"


def typed(
    cells: Coded, lines: np.ndarray, column: Column, *, imported: bool = False
) -> tuple[pd.Series, list[Fault]]:
    """Turn a column of text into values.

    Args:
        cells: as they were read.
        lines: (n,) the line of each.
        column: what they may hold.
        imported: whether the export was imported, so that more cells may be empty.

    Returns:
        The values, with what is empty or wrong missing: text (str), flag (boolean), count
        (Int64), number (float64), time (datetime64, UTC); and what is wrong.
    """
    text = cells.texts  # each once: a column of a million cells may have two
    empty = text == ""
    wrong = ~empty & ~_fits(text, column)
    faults = _faults(cells, lines, wrong, f"must be {_allowed(column)}; correct it")
    if not column.may_be_empty(imported=imported):
        faults += _faults(cells, lines, empty, "must not be empty; fill it in")
    values = _converted(text.mask(empty | wrong), column)
    return values.take(cells.codes).reset_index(drop=True), faults


def level_faults(cells: Coded, lines: np.ndarray, levels: Sequence[str]) -> list[Fault]:
    """Cells that hold something else than the levels that columns.json lists."""
    wrong = (cells.texts != "") & ~cells.texts.isin(list(levels))
    rule = f"is none of the levels in columns.json ({', '.join(levels)}); correct one of them"
    return _faults(cells, lines, wrong, rule)


def together(faults: Iterable[Fault]) -> list[Fault]:
    """One fault for each rule: the first cell, and how many there are in all."""
    found: dict[str, Fault] = {}
    for fault in faults:
        first = found.get(fault.rule)
        found[fault.rule] = replace(first, n=first.n + fault.n) if first else fault
    return list(found.values())


def _fits(text: pd.Series, column: Column) -> pd.Series:
    match column.kind:
        case "text":
            return text.isin(column.levels) if column.levels else text.notna()
        case "flag":
            return text.isin(["0", "1"])
        case "time":
            plain = _matches(text, TIME)
            return plain & _times(text.where(plain)).notna()
        case _:
            plain = _matches(text, COUNT if column.kind == "count" else NUMBER)
            return plain & pd.to_numeric(text.where(plain)).between(column.low, column.high)


def _matches(text: pd.Series, pattern: re.Pattern[str]) -> pd.Series:
    found = [match is not None for match in map(pattern.fullmatch, text.tolist())]
    return pd.Series(found, index=text.index, dtype=bool)


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


def _faults(cells: Coded, lines: np.ndarray, wrong: pd.Series, rule: str) -> list[Fault]:
    if not wrong.any():
        return []
    rows = np.flatnonzero(wrong.to_numpy(dtype=bool)[cells.codes])
    first = int(rows[0])
    text = str(cells.texts.iloc[cells.codes[first]])
    return [Fault(rule=rule, text=text, line=int(lines[first]), n=len(rows))]
