"""A CSV file as columns of text, read strictly and block by block.

Answers repeat: a million rows name a few hundred stimuli. So a column is kept as its distinct
texts and, for each row, which of them it has; unless nearly every row has a text of its own, as
with times, where looking for repetitions would take longest and find none.
"""

import csv
import itertools
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

BLOCK = 100_000  # rows that are turned into values together
SAMPLE = 10_000  # rows after which is told whether the texts of a column repeat
STRIP = 500  # rows that are split into cells together: few enough for the processor's cache

LINE_END = re.compile(r"\r\n|\r|\n")

Strip = tuple[list[list[str]], np.ndarray]  # rows of cells, and the line that each starts in


@dataclass(frozen=True, kw_only=True)
class CodedColumn:
    """A column.

    Attributes:
        texts: (k,) in some order; distinct, or nearly, as the case may be.
        codes: (n,) the place of each row's text among them.
    """

    texts: pd.Series
    codes: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Block:
    """Neighbouring rows.

    Attributes:
        columns: by header, of the rows that are as long as it; the first of equal headers.
        lines: (n,) the line of the file that each of those rows starts in, from 1.
        ragged: line and number of cells of each row of another length; an empty line has none.
    """

    columns: Mapping[str, CodedColumn]
    lines: np.ndarray
    ragged: Sequence[tuple[int, int]]


def read_header(path: Path, *, separator: str = ",", encoding: str = "utf-8-sig") -> list[str]:
    """The first row.

    Raises:
        OSError: if the file cannot be read.
        csv.Error, ValueError: if it is no CSV in this encoding, or is empty.
    """
    with path.open(encoding=encoding, newline="") as lines:
        return _header(lines, separator)[0]


def read_blocks(
    path: Path,
    columns: Collection[str],
    *,
    rows: int = BLOCK,
    separator: str = ",",
    encoding: str = "utf-8-sig",
) -> Iterator[Block]:
    """The rows under the header; at least one block, which may be empty.

    Args:
        path: of the file.
        columns: those that are wanted; one that the file does not have is left out.
        rows: of a block, roughly; the last may have fewer.
        separator: between cells.
        encoding: of the file.

    Raises:
        OSError: if the file cannot be read.
        csv.Error, ValueError: if it is no CSV in this encoding; perhaps after some blocks.
    """
    with path.open(encoding=encoding, newline="") as lines:
        header, line = _header(lines, separator)
        yield from blocks_of(lines, header, columns, line=line, rows=rows, separator=separator)


def blocks_of(
    lines: Iterable[str],
    header: Sequence[str],
    columns: Collection[str],
    *,
    line: int,
    rows: int = BLOCK,
    separator: str = ",",
) -> Iterator[Block]:
    """The rows of lines of text; at least one block, which may be empty.

    Args:
        lines: with their ends.
        header: of the file that they come from.
        columns: as `read_blocks` takes them.
        line: the number of the first in that file, from 1.
        rows: as `read_blocks` takes it.
        separator: between cells.

    Raises:
        csv.Error: as `read_blocks` does.
    """
    places = places_of(columns, header)
    strips = _strips(lines, separator, line)
    n_strips = math.ceil(rows / STRIP)
    first: Strip = next(strips, ([], np.arange(0)))
    for strip in itertools.chain([first], strips):
        more = itertools.islice(strips, n_strips - 1)
        yield _block(itertools.chain([strip], more), header, places)


def places_of(columns: Collection[str], header: Sequence[str]) -> dict[str, int]:
    """Where in a row each of the columns is that the header has."""
    return {column: header.index(column) for column in header if column in columns}


def _header(lines: Iterable[str], separator: str) -> tuple[list[str], int]:
    """The first row, and the line that the next one starts in."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    for row in reader:
        return row, reader.line_num + 1
    raise ValueError("it is empty")


def _strips(lines: Iterable[str], separator: str, first: int) -> Iterator[Strip]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    before = first - 1
    while rows := list(itertools.islice(reader, STRIP)):
        starts = np.arange(first, first + len(rows))
        if before + reader.line_num != starts[-1]:  # cells have line ends of their own
            ends = [sum(len(LINE_END.findall(cell)) for cell in row) for row in rows]
            starts[1:] += np.cumsum(ends)[:-1]
        first = before + reader.line_num + 1
        yield rows, starts


class _Texts(dict[str, int]):
    """The place of each distinct text, in order of first appearance."""

    def __missing__(self, text: str) -> int:
        place = self[text] = len(self)
        return place


class _Column:
    """A column while its strips come in."""

    def __init__(self) -> None:
        self.texts = _Texts()
        self.codes = [_codes(())]
        self.n = 0  # rows that were looked at for repetitions
        self.rest: list[str] = []

    def add(self, cells: Sequence[str]) -> None:
        if self.n >= SAMPLE and 2 * len(self.texts) > self.n:
            self.rest += cells
            return
        self.n += len(cells)
        if cells and cells[0] == cells[-1] and cells.count(cells[0]) == len(cells):
            self.codes.append(np.full(len(cells), self.texts[cells[0]], dtype="int32"))
        else:
            self.codes.append(_codes(map(self.texts.__getitem__, cells)))

    def coded(self) -> CodedColumn:
        texts = [*self.texts, *self.rest]
        rest = np.arange(len(self.texts), len(texts), dtype="int32")
        codes = np.concatenate([*self.codes, rest])
        return CodedColumn(texts=pd.Series(texts, dtype="str"), codes=codes)


def _block(strips: Iterable[Strip], header: Sequence[str], places: Mapping[str, int]) -> Block:
    columns = {column: _Column() for column in places}
    lines = []
    ragged: list[tuple[int, int]] = []
    for rows, starts in strips:
        lengths = np.fromiter(map(len, rows), dtype="int64")
        fits = lengths == len(header)
        if not fits.all():
            rows = list(itertools.compress(rows, fits))
            ragged += zip(starts[~fits].tolist(), lengths[~fits].tolist(), strict=True)
        cells = list(zip(*rows, strict=True)) or [()] * len(header)
        for column, place in places.items():
            columns[column].add(cells[place])
        lines.append(starts[fits])
    coded = {name: column.coded() for name, column in columns.items()}
    return Block(columns=coded, lines=np.concatenate(lines), ragged=ragged)


def _codes(places: Iterable[int]) -> np.ndarray:
    return np.fromiter(places, dtype="int32")
