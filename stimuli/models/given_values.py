"""What the cells of a file of answers hold: numbers from 0 to 1, and labels."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from stimuli.datasets.folder.class_names import folded
from stimuli.datasets.folder.label_table import Cells
from stimuli.problems import some_of

LABEL = "label"
PER_CENT = "write numbers from 0 to 1: divide per cents by 100"

Lines = Sequence[tuple[int, Cells]]
"""The rows of a file: the line on which each begins, and its cells by column."""


def numbers(rows: Lines, columns: Sequence[str], table: str, problems: list[str]) -> np.ndarray:
    """(n, columns) in [0, 1]; NaN where a cell holds none, which is a problem of its row."""
    values = np.array([[number(cells[c]) for c in columns] for _, cells in rows], dtype=np.float64)
    checks: tuple[tuple[Callable[[np.ndarray], np.ndarray], str], ...] = (
        (lambda v: ~np.isfinite(v), "is no number, such as 0.93; correct it"),
        (lambda v: v < 0, "is below 0; correct it"),
        (lambda v: (v > 1) & np.isfinite(v), f"is above 1; {PER_CENT}"),
    )
    for is_wrong, reason in checks:
        for row in np.flatnonzero(is_wrong(values).any(1)).tolist():
            (line, cells), wrong = rows[row], np.flatnonzero(is_wrong(values[row]))
            found = some_of([f"{columns[c]} {cells[columns[c]]!r}" for c in wrong.tolist()])
            problems.append(f"{table} line {line}: {found} {reason}")
    values[(values < 0) | (values > 1)] = np.nan
    return values


def number(cell: str) -> float:
    """Of a cell; NaN of any other text."""
    try:
        return float(cell)
    except ValueError:
        return np.nan


def labels_of(rows: Lines, names: Sequence[str], table: str, problems: list[str]) -> np.ndarray:
    """(n,) class indices; -1 where there is no such class, which is a problem of the file."""
    index_of: Mapping[str, int] = {folded(name): index for index, name in enumerate(names)}
    labels = [index_of.get(folded(cells[LABEL]), -1) for _, cells in rows]
    unknown = Counter(c[LABEL] for (_, c), i in zip(rows, labels, strict=True) if i < 0)
    if unknown:
        counted = some_of([f"{label!r} of {n} rows" for label, n in unknown.items()])
        problems.append(
            f"{table}: the label {counted} is no class of the data set; the classes are "
            f"{some_of([*map(repr, names)])}; correct it, ask the AI to choose among "
            "these, or take these pictures out of the data set"
        )
    return np.array(labels, dtype=np.int64)
