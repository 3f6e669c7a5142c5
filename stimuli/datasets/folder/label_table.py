"""A table of labels or classes as rows of cells, from whatever program wrote it.

Headings count in any case and with white space around them; lines that a spreadsheet left empty do
not. `csv_text` says which files are read.
"""

import csv
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from stimuli.csv_text import numbered_rows, text_of
from stimuli.problems import some_of

Cells = dict[str, str]


def read_cells(
    path: Path,
    table: str,
    problems: list[str],
    *,
    columns: Collection[str],
    required: Sequence[str],
    others: bool = False,
) -> list[tuple[int, Cells]]:
    """The line and the cells, by column, of each row that says something.

    Args:
        table: what messages call the file.
        problems: what is wrong is added here; then some or all rows are missing.
        columns: those that are known.
        others: whether there may be more.
    """
    text = text_of(path, table, problems)
    if text is None:
        return []
    try:
        rows = numbered_rows(text, columns)
    except csv.Error as error:
        problems.append(
            f"{table}: is no CSV ({error}); look for a quotation mark without a partner"
        )
        return []
    heading = [name.strip().casefold() for name in rows[0][1]] if rows else []
    rows = [(line, cells) for line, cells in rows[1:] if any(cell.strip() for cell in cells)]
    unknown = set() if others else {*heading} - {*columns, ""}
    wrong = [
        *(f"has no column {name!r}; add it" for name in required if name not in heading),
        *(f"column {name!r} is not known; remove or rename it" for name in sorted(unknown)),
        *heading_problems(heading, [cells for _, cells in rows]),
    ]
    problems += [f"{table}: {problem}" for problem in wrong]
    return [] if wrong else by_column(heading, rows, table, problems)


def heading_problems(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns that are there twice, or that have cells and no name."""
    filled = {place for cells in rows for place, cell in enumerate(cells) if cell.strip()}
    return [
        *(
            f"column {place + 1} has no name; add one, or remove it"
            for place, name in enumerate(heading)
            if not name and place in filled
        ),
        *(
            f"column {name!r} is there {count} times; keep one"
            for name, count in Counter(heading).items()
            if name and count > 1
        ),
    ]


def by_column(
    heading: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    table: str,
    problems: list[str],
) -> list[tuple[int, Cells]]:
    """Rows by column; those with more cells than there are columns are a problem."""
    n = len(heading)
    longer = [line for line, cells in rows if any(cell.strip() for cell in cells[n:])]
    if longer:
        where = f"{table} line {some_of([*map(str, longer)])}"
        problems.append(
            f"{where}: more cells than the {n} columns; put quotation marks around a cell that "
            "holds what divides cells"
        )
    named = []
    for line, cells in rows:
        if line in longer:
            continue
        given = dict(zip(heading, (cell.strip() for cell in cells), strict=False))
        named.append((line, {name: given.get(name, "") for name in heading if name}))
    return named
