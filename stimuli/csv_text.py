"""A CSV file as numbered rows of cells, from whatever program wrote it.

Read are UTF-8, and UTF-16 with its mark; commas, semicolons and tabs, and a line such as `sep=;`
before the heading, by which spreadsheets are told; the ends of lines of every system. Any other
encoding could only be guessed, so it is refused by name.
"""

import csv
import io
import re
from collections.abc import Collection
from pathlib import Path

DELIMITERS = ",;\t"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAVE_AGAIN = "save it again as CSV UTF-8"
TOLD = re.compile(r'"?sep=([,;\t|])"?[,;\t]*(?=[\r\n]|$)', re.IGNORECASE)


def text_of(path: Path, table: str, problems: list[str]) -> str | None:
    """The text of a file; None where it has none, which is added to the problems.

    Args:
        table: what messages call the file.
    """
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


def numbered_rows(text: str, columns: Collection[str]) -> list[tuple[int, list[str]]]:
    """Each row and the line on which it begins: a cell in quotes may go over several.

    The first is the heading; what stands before it, empty or to tell what divides cells, is not.

    Args:
        columns: those that are known, in small letters.

    Raises:
        csv.Error: if it is no CSV.
    """
    told = TOLD.match(text)
    body = text[told.end() :] if told else text
    delimiter = told[1] if told else delimiter_of(text, columns)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    for cells in reader:
        if rows or any(cell.strip() for cell in cells):
            rows.append((start, cells))
        start = reader.line_num + 1
    return rows


def delimiter_of(text: str, columns: Collection[str]) -> str:
    """What divides the heading into the most columns that are known; a comma for none."""
    heading = text.lstrip().partition("\n")[0].partition("\r")[0]

    def known(delimiter: str) -> int:
        names = {name.strip(' "').casefold() for name in heading.split(delimiter)}
        return len(names.intersection(columns))

    return max(DELIMITERS, key=known)
