"""A table as the page shows it: which columns, under which words, with how many decimals.

The numbers themselves stay in the data frame, which is what the CSV file holds.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.export.formulas import quoted_frame

MISSING = "–"
MOST_ROWS = 500  # on the page; nobody reads more there, and a browser with 25,000 stutters
FLOAT_FORMAT = "%.10g"  # CSV files: more than any use needs, and the same on every machine


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """A column of the page.

    Attributes:
        column: of the data frame.
        header: above the column.
        digits: decimals; None for texts and whole numbers.
        to: a second column, the upper end of an interval that starts in `column`.
        of: a second column, the whole number that the value of `column` is counted out of.
        words: what stands for a value; a value that is not there is shown as it is.
        missing: what stands for a value that is missing.
        p: whether it holds p-values, of which small ones are shown as a bound.
    """

    column: str
    header: str
    digits: int | None = None
    to: str = ""
    of: str = ""
    words: tuple[tuple[object, str], ...] = ()
    missing: str = MISSING
    p: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of the page.

    Attributes:
        text: what stands there.
        under: what stands under it, in smaller letters.
        number: whether it is one.
        span: the rows that it spans; 0 where a cell above spans this row too.
    """

    text: str
    under: str = ""
    number: bool = False
    span: int = 1


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A table of the page.

    Attributes:
        name: of its CSV file.
        title: above the table.
        frame: what the CSV file holds.
        headers: of the shown columns.
        rows: the shown cells.
        grouped: whether equal neighbours in the first column are shown once.
    """

    name: str
    title: str
    frame: pd.DataFrame
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    grouped: bool = False

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers; its header stands over their right edge."""
        return any(row[column].number for row in self.rows)

    @property
    def n_more(self) -> int:
        """Rows that are in the file and not on the page."""
        return max(0, len(self.frame) - MOST_ROWS)

    @property
    def csv(self) -> str:
        """The CSV file: as in the export, missing is empty, yes and no are 1 and 0."""
        flags = {c: "Int64" for c in self.frame if self.frame[c].dtype in ("bool", "boolean")}
        plain = quoted_frame(self.frame.astype(flags) if flags else self.frame)
        return plain.to_csv(index=False, lineterminator="\n", float_format=FLOAT_FORMAT)


def listing(
    name: str, title: str, frame: pd.DataFrame, columns: Sequence[TableColumn], *, grouped: int = 0
) -> Listing:
    """Lay out a data frame.

    Args:
        name: of the CSV file.
        title: above the table.
        frame: a row for each row of the page, of which long ones show the first only.
        columns: what is shown, from left to right; a column of dashes alone is left out.
        grouped: of how many columns, from the left, equal neighbours are shown once.
    """
    silent = [c for c in columns if c.missing == MISSING and frame[c.column].isna().all()]
    columns = [column for column in columns if frame.empty or column not in silent]
    first_rows = frame.head(MOST_ROWS).to_dict("records")
    rows = [[cell_of(row, column) for column in columns] for row in first_rows]
    for depth in range(grouped):
        # From the bottom up: a cell that equals the one above, under equal groups, joins it.
        for below, above in zip(reversed(rows), list(reversed(rows))[1:], strict=False):
            if [c.text for c in below[: depth + 1]] == [c.text for c in above[: depth + 1]]:
                above[depth] = replace(above[depth], span=below[depth].span + 1)
                below[depth] = Cell(text=below[depth].text, span=0)
    return Listing(
        name=name,
        title=title,
        frame=frame,
        headers=tuple(column.header for column in columns),
        rows=tuple(tuple(row) for row in rows),
        grouped=grouped > 0,
    )


def p_text(p: float) -> str:
    """A p-value with three decimals, or a bound."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def signed(value: float, digits: int = 2) -> str:
    """A number that may be negative, in words and figures: a true minus, and no minus before 0."""
    return f"{value:z.{digits}f}".replace("-", "−")


def cell_of(row: Mapping[Hashable, Any], column: TableColumn) -> Cell:
    """What a column shows of a row, which has a value for each column of the frame."""
    value = row[column.column]
    if pd.isna(value):
        return Cell(text=column.missing, number=column.missing == MISSING)
    words = dict(column.words)
    if value in words:
        return Cell(text=words[value])
    if column.p:
        return Cell(text=p_text(float(value)), number=True)
    if isinstance(value, str):
        return Cell(text=value)
    text = _number(value, column.digits)
    if column.to:
        text = f"{text} to {_number(row[column.to], column.digits)}"
    if column.of:
        text = f"{text}/{_number(row[column.of], None)}"
    return Cell(text=text, number=True)


def _number(value: float, digits: int | None) -> str:
    return f"{value:z,.{digits or 0}f}".replace("-", "−")
