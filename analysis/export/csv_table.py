"""One CSV file of an export, read strictly: header, row lengths, cells and the key."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.export.cells import Fault, level_faults, together, typed
from analysis.export.columns import KEYS, TABLES
from analysis.export.csv_blocks import Block, Coded, read_blocks, read_header
from analysis.export.facts import ColumnFacts


def read_table(
    folder: Path, name: str, described: Mapping[str, ColumnFacts] | None, *, imported: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Read `name`.csv.

    Args:
        folder: the export.
        name: a key of `columns.TABLES`.
        described: what columns.json says of its columns; None where that cannot be read.
        imported: whether the export was imported, as `cells.typed` takes it.

    Returns:
        The table with those of its columns that the file has, typed as in `cells.typed`; and
        its problems.
    """
    path = folder / f"{name}.csv"
    problems = _description_problems(name, described) if described is not None else []
    reading = _Reading(name=name, levels=_levels(described or {}), imported=imported)
    try:
        header = read_header(path)
        for block in read_blocks(path, TABLES[name]):
            reading.add(block)
    except OSError:
        return pd.DataFrame(), [f"{path.name}: is missing; export the study again", *problems]
    except (csv.Error, ValueError) as error:  # broken quotes, not UTF-8, or not even a header
        unread = f"{path.name}: is no CSV in UTF-8 ({error}); export it again"
        return pd.DataFrame(), [unread, *problems]
    table = pd.concat(reading.parts, ignore_index=True)
    problems = _header_problems(header, name) + reading.problems(header) + problems
    return table, problems + _key_problems(table, name)


def _levels(described: Mapping[str, ColumnFacts]) -> dict[str, tuple[str, ...]]:
    return {column: facts.level_names for column, facts in described.items() if facts.level_names}


@dataclass(kw_only=True)
class _Reading:
    """A table while its blocks come in."""

    name: str
    levels: Mapping[str, Sequence[str]]
    imported: bool
    parts: list[pd.DataFrame] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    n_ragged: int = 0

    def add(self, block: Block) -> None:
        known = [column for column in TABLES[self.name] if column in block.columns]
        values = {c: self._typed(c, block.columns[c], block.lines) for c in known}
        self.parts.append(pd.DataFrame(values, columns=known))
        self.n_ragged += len(block.ragged)

    def _typed(self, column: str, cells: Coded, lines: np.ndarray) -> pd.Series:
        facts = TABLES[self.name][column]
        values, faults = typed(cells, lines, facts, imported=self.imported)
        if not faults and column in self.levels:
            faults = level_faults(cells, lines, self.levels[column])
        self.faults[column] = together([*self.faults.get(column, []), *faults])
        return values

    def problems(self, header: Sequence[str]) -> list[str]:
        file = f"{self.name}.csv"
        bad = [
            f"{file}, column {c}: {fault}" for c, found in self.faults.items() for fault in found
        ]
        return _shape_problems(header, self.n_ragged, file) + bad


def _shape_problems(header: Sequence[str], n_ragged: int, file: str) -> list[str]:
    repeated = sorted({name for name in header if header.count(name) > 1})
    problems = [f"{file}, column {name}: is there more than once; remove one" for name in repeated]
    if n_ragged:
        rule = f"do not have the {len(header)} cells of the header"
        problems.append(f"{file}: {n_ragged} rows {rule}; export it again")
    return problems


def _header_problems(found: Sequence[str], name: str) -> list[str]:
    expected = TABLES[name]
    needed = _needed(name)
    return [
        *(f"{name}.csv, column {c}: is missing; add it" for c in needed if c not in found),
        *(
            f"{name}.csv, column {c}: is not known; remove it or correct its spelling"
            for c in dict.fromkeys(found)
            if c not in expected
        ),
    ]


def _needed(name: str) -> list[str]:
    return [column for column, facts in TABLES[name].items() if not facts.recent]


def _description_problems(name: str, described: Mapping[str, ColumnFacts]) -> list[str]:
    expected = TABLES[name]
    return [
        *(
            f"columns.json, {name}.csv: does not describe the column {c}; add it"
            for c in _needed(name)
            if c not in described
        ),
        *(
            f"columns.json, {name}.csv: describes {c}, which is no column; remove it"
            for c in described
            if c not in expected
        ),
    ]


def _key_problems(table: pd.DataFrame, name: str) -> list[str]:
    key = list(KEYS[name])
    if not set(key) <= set(table.columns):
        return []
    repeated = table.loc[table[key].notna().all(axis=1) & table.duplicated(key), key]
    if repeated.empty:
        return []
    first = ", ".join(f"{column} {value}" for column, value in repeated.iloc[0].items())
    return [f"{name}.csv: {len(repeated)} rows repeat the key of another ({first}); remove them"]
