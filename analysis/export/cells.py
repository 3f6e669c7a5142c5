"""Cells to values: one column of text becomes a typed column, and every bad cell is reported.

Nothing is guessed. Texts stay texts, so a class that is called "NA", "None" or "01440764" keeps
its name; only an empty cell is missing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.export.column import Column
from analysis.export.csv_blocks import CodedColumn

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
    cells: CodedColumn, lines: np.ndarray, column: Column, *, imported: bool = False
) -> tuple[pd.Series, list[Fault]]:
    """Turn a column of text into values.

    Args:
        cells: as they were read.
        lines: (n,) the line of each.
        column: what they may hold.
        imported: whether the export was imported, so that more cells may be empty.

    Returns:
        The values, with what is empty or wrong missing: text and numbers (str; a category in
        alphabetical order where the column repeats), flag (boolean), count (Int64), number
        (float64), time (datetime64, UTC); and what is wrong.
    """
    texts = cells.texts  # each once: a column of a million cells may have two
    empty = (texts == "").to_numpy(dtype=bool)
    values = _values(texts.mask(empty) if empty.any() else texts, column)
    wrong = values.isna().to_numpy() & ~empty
    faults = _faults(cells, lines, wrong, f"must be {column}; correct it")
    if not column.may_be_empty(imported=imported):
        faults += _faults(cells, lines, empty, "must not be empty; fill it in")
    if column.repeats:
        values = values.astype("category")
    return pd.Series(values.array.take(cells.codes), copy=False), faults


def level_faults(cells: CodedColumn, lines: np.ndarray, levels: Sequence[str]) -> list[Fault]:
    """Cells that hold something else than the levels that columns.json lists."""
    wrong = ~cells.texts.isin(["", *levels]).to_numpy()
    rule = f"is none of the levels in columns.json ({', '.join(levels)}); correct one of them"
    return _faults(cells, lines, wrong, rule)


def one_per_rule(faults: Iterable[Fault]) -> list[Fault]:
    """One fault for each rule: the first cell, and how many there are in all."""
    by_rule: dict[str, Fault] = {}
    for fault in faults:
        first = by_rule.get(fault.rule)
        by_rule[fault.rule] = replace(first, n=first.n + fault.n) if first else fault
    return list(by_rule.values())


def _values(texts: pd.Series, column: Column) -> pd.Series:
    """What texts mean; missing where they are, or where the column may not hold them."""
    match column.kind:
        case "text":
            return _where(texts, texts.isin(column.levels)) if column.levels else texts
        case "flag":
            return texts.map({"0": False, "1": True}).astype("boolean")
        case "numbers":
            fits = [_are_numbers(text, column) for text in texts.tolist()]
            return _where(texts, pd.Series(fits, index=texts.index, dtype=bool))
        case "time":
            plain = _where(texts, _matches(texts, TIME))
            return pd.to_datetime(plain, format="ISO8601", utc=True, errors="coerce")
        case _:
            whole = column.kind == "count"
            numbers = pd.to_numeric(_plain(texts, whole=whole), errors="coerce")
            numbers = _where(numbers, numbers.between(column.low, column.high))
            return numbers.astype("Int64" if whole else "float64")


def _plain(texts: pd.Series, *, whole: bool) -> pd.Series:
    """Texts that are numbers as the export writes them, and perhaps some that are no numbers."""
    digits = r"[0-9]*" if whole else r"[0-9.]*"
    if re.fullmatch(digits, "".join(texts.dropna().tolist())):  # quicker than one by one
        return texts
    return _where(texts, _matches(texts, COUNT if whole else NUMBER))


def _where(values: pd.Series, fits: pd.Series) -> pd.Series:
    """`values.where(fits)`, which takes its time also where all fit, as they nearly always do."""
    return values if fits.all() else values.where(fits)


def _are_numbers(text: object, column: Column) -> bool:
    parts = text.split(" ") if isinstance(text, str) else [""]
    return all(
        NUMBER.fullmatch(part) and column.low <= float(part) <= column.high for part in parts
    )


def _matches(texts: pd.Series, pattern: re.Pattern[str]) -> pd.Series:
    matches = [isinstance(t, str) and pattern.fullmatch(t) is not None for t in texts.tolist()]
    return pd.Series(matches, index=texts.index, dtype=bool)


def _faults(cells: CodedColumn, lines: np.ndarray, wrong: np.ndarray, rule: str) -> list[Fault]:
    if not wrong.any():
        return []
    rows = np.flatnonzero(wrong[cells.codes])
    first = int(rows[0])
    text = str(cells.texts.iloc[cells.codes[first]])
    return [Fault(rule=rule, text=text, line=int(lines[first]), n=len(rows))]
