"""The columns of the file that the map names, as texts."""

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.export.csv_blocks import Block, CodedColumn, read_blocks, read_header
from analysis.trials.map_file import Settings

SEPARATORS = {",": '","', ";": '";"', "\t": r'"\t"', "|": '"|"'}


@dataclass(frozen=True, kw_only=True)
class Source:
    """The rows of the file that are not empty.

    Attributes:
        file: its name, for messages.
        headers: the file's header of each of our columns that it has.
        columns: by our name; each distinct text once, without white space around it.
        lines: (n,) the line of the file that each row starts in.
    """

    file: str
    headers: Mapping[str, str]
    columns: Mapping[str, CodedColumn]
    lines: np.ndarray

    def where(self, column: str) -> str:
        """File and column, for messages."""
        return f"{self.file}, column {self.headers[column]}"


def read_source(path: Path, settings: Settings) -> tuple[Source | None, list[str]]:
    """Read the file.

    Returns:
        The rows, or None where they cannot be read; and a line for each problem.
    """
    file_settings = settings.file
    try:
        header = read_header(path, separator=file_settings.separator, encoding=file_settings.codec)
        problems = _header_problems(header, settings, path.name)
        if problems:
            return None, problems
        (block,) = read_blocks(
            path,
            set(settings.columns.named.values()),
            rows=sys.maxsize,
            separator=file_settings.separator,
            encoding=file_settings.codec,
        )
    except OSError as error:
        return None, [f"{path}: cannot be read ({error.strerror}); give the path of a CSV file"]
    except (csv.Error, ValueError) as error:
        rule = "correct it, or name another encoding in [file]"
        return None, [f"{path.name}: is no CSV in {file_settings.encoding} ({error}); {rule}"]
    ragged = [(line, n) for line, n in block.ragged if n]  # an empty line does no harm
    if ragged:
        (line, n), more = ragged[0], f" (and {len(ragged) - 1} rows more)" * (len(ragged) > 1)
        rule = f"has {n} cells{more}, the header has {len(header)}; correct it"
        problems = [f"{path.name}: line {line} {rule}"]
    elif not len(block.lines):
        problems = [f"{path.name}: has no row under the header"]
    return _source(block, settings, path.name), problems


def _header_problems(header: Sequence[str], settings: Settings, file: str) -> list[str]:
    if len(header) == 1:
        better = [sign for sign in SEPARATORS if sign in header[0]]
        more = f"; set separator = {SEPARATORS[better[0]]} in [file]" if better else ""
        split = f"when split at {settings.file.separator!r}"
        return [f"{file}: has only one column, {header[0]!r}, {split}{more}"]
    named = settings.columns.named
    missing = {ours: theirs for ours, theirs in named.items() if theirs not in header}
    return [
        *(
            f"{file}, column {theirs}: is not there, and columns.{ours} names it; the file has "
            + ", ".join(header)
            for ours, theirs in missing.items()
        ),
        *(
            f"{file}, column {theirs}: is there more than once; rename one"
            for theirs in dict.fromkeys(named.values())
            if header.count(theirs) > 1
        ),
    ]


def _source(block: Block, settings: Settings, file: str) -> Source:
    """The rows that hold anything, without white space around their texts."""
    headers = settings.columns.named
    columns, filled = {}, np.zeros(len(block.lines), dtype=bool)
    for name, header in headers.items():
        column = block.columns[header]
        places, stripped = pd.factorize(column.texts.str.strip())
        columns[name] = CodedColumn(
            texts=pd.Series(stripped, dtype="str"), codes=places[column.codes]
        )
        filled |= (columns[name].texts != "").to_numpy(dtype=bool)[columns[name].codes]
    for name, column in columns.items():
        codes, places = pd.factorize(column.codes[filled])
        texts = column.texts.take(places).reset_index(drop=True)
        columns[name] = CodedColumn(texts=texts, codes=codes)
    return Source(file=file, headers=headers, columns=columns, lines=block.lines[filled])
