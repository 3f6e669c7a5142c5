"""A table of labels or classes as rows of cells, from whatever program wrote it.

Read are UTF-8, and UTF-16 with its mark; commas, semicolons and tabs; the ends of lines of every
system; headings in any case with white space around them; and lines that a spreadsheet left empty.
Any other encoding could only be guessed, so it is refused by name.
"""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from stimuli.problems import some_of

DELIMITERS = ",;\t"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAVE_AGAIN = "save it again as CSV UTF-8"

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
    rows: list[tuple[int, list[str]]] = []
    try:
        rows += numbered_rows(text, delimiter_of(text, columns))
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


def text_of(path: Path, table: str, problems: list[str]) -> str | None:
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.append(f"{table}: cannot be read ({error.strerror}); see to {path}")
        return None
    try:
        is_marked = content.startswith(UTF_16_MARKS)
        text = content.decode("utf-16" if is_marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.append(
            f"{table} line {line}: is not text in UTF-8, perhaps because of a letter with an "
            f"accent in another encoding; {SAVE_AGAIN}"
        )
        return None
    if "\0" in text:
        problems.append(f"{table}: is not text in UTF-8; {SAVE_AGAIN}")
        return None
    return text


def delimiter_of(text: str, columns: Collection[str]) -> str:
    """What divides the heading into the most columns that are known; a comma for none."""
    heading = text.partition("\n")[0].partition("\r")[0]

    def known(delimiter: str) -> int:
        names = {name.strip(' "').casefold() for name in heading.split(delimiter)}
        return len(names.intersection(columns))

    return max(DELIMITERS, key=known)


def numbered_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row and the line on which it begins: a cell in quotes may go over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    for cells in reader:
        yield start, cells
        start = reader.line_num + 1


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
