"""A CSV file as columns of text, read strictly and block by block.

Answers repeat: a million rows name a few hundred stimuli. So a column is kept as its distinct
texts and, for each row, which of them it has; unless nearly every row has a text of its own, as
with times, where looking for repetitions would take longest and find none.
"""

import csv
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

BLOCK = 200_000  # rows that are turned into values together
SAMPLE = 10_000  # rows after which is told whether the texts of a column repeat
STRIP = 500  # rows that are split into cells together: few enough for the processor's cache

Row = tuple[int, list[str]]  # the line that it starts in, and its cells


@dataclass(frozen=True, kw_only=True)
class CodedColumn:
    """A column.

    Attributes:
        texts: (k,) in order of first appearance; distinct, or nearly, as the case may be.
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
        for _, header in _numbered(lines, separator):
            return header
    raise ValueError("it is empty")


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
        numbered = _numbered(lines, separator)
        _, header = next(numbered)
        places = {column: header.index(column) for column in header if column in columns}
        more: list[Row] = list(itertools.islice(numbered, STRIP))
        yield _block(itertools.chain(more, itertools.islice(numbered, rows)), header, places)
        while more := list(itertools.islice(numbered, STRIP)):
            yield _block(itertools.chain(more, itertools.islice(numbered, rows)), header, places)


def _numbered(lines: Iterable[str], separator: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


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
        else:
            self.codes.append(_codes(map(self.texts.__getitem__, cells)))
            self.n += len(cells)

    def coded(self) -> CodedColumn:
        texts = [*self.texts, *self.rest]
        rest = np.arange(len(self.texts), len(texts), dtype="int32")
        codes = np.concatenate([*self.codes, rest])
        return CodedColumn(texts=pd.Series(texts, dtype="str"), codes=codes)


def _block(rows: Iterator[Row], header: Sequence[str], places: Mapping[str, int]) -> Block:
    columns = {column: _Column() for column in places}
    lines = [np.array([], dtype="int64")]
    ragged: list[tuple[int, int]] = []
    while strip := list(itertools.islice(rows, STRIP)):
        starts, split = zip(*strip, strict=True)
        lengths = np.fromiter(map(len, split), dtype="int64")
        fits = lengths == len(header)
        cells = list(zip(*itertools.compress(split, fits), strict=True)) or [()] * len(header)
        for column, place in places.items():
            columns[column].add(cells[place])
        numbers = np.array(starts)
        lines.append(numbers[fits])
        ragged += zip(numbers[~fits].tolist(), lengths[~fits].tolist(), strict=True)
    coded = {name: column.coded() for name, column in columns.items()}
    return Block(columns=coded, lines=np.concatenate(lines), ragged=ragged)


def _codes(places: Iterable[int]) -> np.ndarray:
    return np.fromiter(places, dtype="int32")
