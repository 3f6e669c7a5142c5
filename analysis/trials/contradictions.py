"""Does the file say two things of one person or one stimulus, or one thing twice?"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analysis.export.csv_blocks import CodedColumn
from analysis.trials.meaning import Meaning
from analysis.trials.source_file import Source

OF_A_STIMULUS = ("ai_right", "confidence", "bin", "kind", "label", "phase")


def contradictions(source: Source, meanings: Mapping[str, Meaning]) -> Iterator[str]:
    """A line for each column of which a person or a stimulus has several values, and for answers
    that are there twice. Cells that mean nothing are left out: they are reported already."""
    rule = "a person has one; give each person and condition an id of their own"
    yield from _several(source, meanings, "participant", "condition", rule)
    rule = "a stimulus is one picture with one answer of the AI; give each an id of its own"
    for column in OF_A_STIMULUS:
        if column in meanings:
            yield from _several(source, meanings, "stimulus", column, rule)
    answer = "decision" if "decision" in meanings else "team_right"
    has_answer = meanings[answer].values.notna().to_numpy(dtype=bool)[source.columns[answer].codes]
    participants, stimuli = source.columns["participant"], source.columns["stimulus"]
    known = (
        meanings["participant"].good[participants.codes] & meanings["stimulus"].good[stimuli.codes]
    )
    rows = np.flatnonzero(has_answer & known)
    pairs = pd.Series(
        participants.codes[rows].astype("int64") * len(stimuli.texts) + stimuli.codes[rows]
    )
    again = pairs.duplicated().to_numpy()
    if not again.any():
        return
    row = rows[again][0]
    before = rows[(pairs == pairs[again].iloc[0]).to_numpy()][0]
    yield (
        f"{source.file}: participant {_text(participants, row)!r} answers stimulus "
        f"{_text(stimuli, row)!r} in line {source.lines[before]} and in line {source.lines[row]}"
        f"{_more(int(again.sum()), 'answer')}; what is pooled over trials would count it twice: "
        "keep one of the rows, or give pictures that differ ids of their own"
    )


def _several(
    source: Source, meanings: Mapping[str, Meaning], of: str, column: str, rule: str
) -> Iterator[str]:
    owners, cells = source.columns[of], source.columns[column]
    good = meanings[column].good[cells.codes] & meanings[of].good[owners.codes]
    rows = np.flatnonzero(good)
    same, _ = pd.factorize(meanings[column].values, use_na_sentinel=False)
    values, owner = same[cells.codes], owners.codes
    first = np.zeros(len(owners.texts), dtype="int64")
    first[owner[rows[::-1]]] = rows[::-1]  # the last assignment to a place holds
    other = rows[values[rows] != values[first[owner[rows]]]]
    if not other.size:
        return
    row, n = other[0], len(np.unique(owner[other]))
    before = first[owner[row]]
    yield (
        f"{source.where(column)}: {of} {_text(owners, row)!r} has {_text(cells, before)!r} in "
        f"line {source.lines[before]} and {_text(cells, row)!r} in line {source.lines[row]}"
        f"{_more(n, of)}; {rule}"
    )


def _text(column: CodedColumn, row: int) -> str:
    return str(column.texts.iloc[column.codes[row]])


def _more(n: int, of: str) -> str:
    plural = {"participant": "participants", "stimulus": "stimuli", "answer": "answers"}[of]
    return f" ({n} {plural} in all)" if n > 1 else ""
