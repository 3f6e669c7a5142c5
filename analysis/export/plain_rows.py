"""Rows as our export writes them, without quotes: pandas splits them twice as fast as the strict
reader, which takes over where the first other row comes."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Collection, Hashable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from analysis.export.csv_blocks import (
    SAMPLE,
    Block,
    CodedColumn,
    blocks_of,
    places_of,
    read_blocks,
    read_header,
)

PIECE = 2**24  # bytes that are split together
SHORT = 1_000  # rows that are read sooner than looked at for repetitions
NEVER_PLAIN = (b'"', b"\r", b"\0")

Dtypes = Mapping[Hashable, Literal["str", "category"]]  # of columns, by their place in a row


def read_rows(path: Path, columns: Collection[str], *, size: int = PIECE) -> Iterator[Block]:
    """What `read_blocks` gives of a file in UTF-8 with commas, in other blocks.

    Args:
        path: of the file.
        columns: those that are wanted.
        size: bytes of a block, roughly.

    Raises:
        OSError, csv.Error, ValueError: as `read_blocks` does.
    """
    header = read_header(path)
    places = places_of(columns, header)
    with path.open("rb") as file:
        if not (_is_plain(file.readline(), len(header)) and places):
            yield from read_blocks(path, columns)
            return
        line, start, dtypes = 2, file.tell(), None
        while _is_plain(piece := file.read(size) + file.readline(), len(header)):
            dtypes = dtypes or _dtypes(piece, places)
            yield (block := _split(piece, places, dtypes, line))
            line, start = line + len(block.lines), file.tell()
        if piece or line == 2:
            file.seek(start)
            lines = io.TextIOWrapper(file, "utf-8", newline="")
            yield from blocks_of(lines, header, columns, line=line)


def _is_plain(piece: bytes, n_cells: int) -> bool:
    """Whether every line is a row of so many cells that stand there as they are.

    A line without a comma may be a row of one cell or an empty one, and a mark of byte order a part
    of its cell or none of it: that is not told here.
    """
    if not piece or n_cells == 1 or piece.startswith(BOM_UTF8):
        return False
    if any(sign in piece for sign in NEVER_PLAIN):
        return False
    signs = np.frombuffer(piece if piece.endswith(b"\n") else piece + b"\n", dtype=np.uint8)
    commas, ends = np.flatnonzero(signs == ord(",")), np.flatnonzero(signs == ord("\n"))
    until = np.searchsorted(commas, ends)
    return bool((np.diff(until, prepend=0) == n_cells - 1).all())


def _dtypes(piece: bytes, places: Mapping[str, int]) -> Dtypes:
    """Which columns repeat their texts, by the first rows; of a short file it does not matter."""
    if piece.count(b"\n") <= SHORT:
        return dict.fromkeys(places.values(), "str")
    first = _texts(piece, dict.fromkeys(places.values(), "str"), n_rows=SAMPLE)
    n_texts = first.nunique().items()
    return {place: "str" if 2 * n > len(first) else "category" for place, n in n_texts}


def _split(piece: bytes, places: Mapping[str, int], dtypes: Dtypes, line: int) -> Block:
    piece.isascii() or piece.decode("utf-8")  # in the other columns, too
    texts = _texts(piece, dtypes)
    columns = {name: _coded(texts[place]) for name, place in places.items()}
    return Block(columns=columns, lines=np.arange(line, line + len(texts)), ragged=())


def _texts(piece: bytes, dtypes: Dtypes, n_rows: int | None = None) -> pd.DataFrame:
    # Categories that all look like numbers would become numbers, and 007 would be 7.
    n_cells = piece.partition(b"\n")[0].count(b",") + 1
    no_number = b",".join([b"a"] * n_cells) + b"\n"
    cells = pd.read_csv(
        io.BytesIO(no_number + piece),
        header=None,
        usecols=list(dtypes),
        dtype=dtypes,
        nrows=n_rows and n_rows + 1,
        na_filter=False,
        quoting=csv.QUOTE_NONE,
        skip_blank_lines=False,
        low_memory=False,
    )
    return cells.iloc[1:].reset_index(drop=True)


def _coded(cells: pd.Series) -> CodedColumn:
    if isinstance(cells.dtype, pd.CategoricalDtype):
        cells = cells.cat.remove_unused_categories()
        texts = pd.Series(cells.cat.categories, dtype="str")
        return CodedColumn(texts=texts, codes=cells.cat.codes.to_numpy(dtype="int32"))
    return CodedColumn(texts=cells, codes=np.arange(len(cells), dtype="int32"))
