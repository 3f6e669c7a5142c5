"""One CSV file of an export, read strictly: header, row lengths, cells and the key."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from analysis.export.cells import Fault, level_faults, one_per_rule, typed
from analysis.export.columns import KEYS, OPTIONAL, TABLES
from analysis.export.csv_blocks import Block, CodedColumn, read_header
from analysis.export.facts import ColumnFacts
from analysis.export.formulas import unquoted_texts
from analysis.export.plain_rows import read_rows


def read_table(
    folder: Path,
    name: str,
    descriptions: Mapping[str, ColumnFacts] | None,
    *,
    imported: bool = False,
) -> tuple[pd.DataFrame, list[str]]:
    """Read `name`.csv.

    Args:
        folder: the export.
        name: a key of `columns.TABLES`.
        descriptions: what columns.json says of its columns; None where that cannot be read.
        imported: whether the export was imported, as `cells.typed` takes it.

    Returns:
        The table with those of its columns that the file has, typed as in `cells.typed`; and
        its problems. One of `columns.OPTIONAL` that is not there is empty.
    """
    path = folder / f"{name}.csv"
    if name in OPTIONAL and not path.exists():
        return empty_table(name), []
    problems = _description_problems(name, descriptions) if descriptions is not None else []
    levels = {column: facts.level_names for column, facts in (descriptions or {}).items()}
    reading = _Reading(name=name, levels=levels, imported=imported)
    try:
        header = read_header(path)
        for block in read_rows(path, TABLES[name]):
            reading.add(block)
    except OSError:
        return pd.DataFrame(), [f"{path.name}: is missing; export the study again", *problems]
    except (csv.Error, ValueError) as error:  # broken quotes, not UTF-8, or not even a header
        unread = f"{path.name}: is no CSV in UTF-8 ({error}); export it again"
        return pd.DataFrame(), [unread, *problems]
    table = reading.table()
    return table, reading.problems(header) + problems + _key_problems(table, name)


def empty_table(name: str) -> pd.DataFrame:
    """A table without rows, with all its columns, typed."""
    nothing = CodedColumn(texts=pd.Series([], dtype="str"), codes=np.arange(0))
    columns = TABLES[name].items()
    return pd.DataFrame({c: typed(nothing, nothing.codes, column)[0] for c, column in columns})


@dataclass(kw_only=True)
class _Reading:
    """A table while its blocks come in; columns without levels in columns.json have ()."""

    name: str
    levels: Mapping[str, Sequence[str]]
    imported: bool
    parts: list[dict[str, pd.Series]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    n_ragged: int = 0

    def add(self, block: Block) -> None:
        values = {}
        for name, column in TABLES[self.name].items():
            if name not in block.columns:
                continue
            cells = block.columns[name]
            if column.kind == "text":
                cells = replace(cells, texts=unquoted_texts(cells.texts))
            values[name], faults = typed(cells, block.lines, column, imported=self.imported)
            if not faults and self.levels.get(name):
                faults = level_faults(cells, block.lines, self.levels[name])
            self.faults[name] = one_per_rule([*self.faults.get(name, []), *faults])
        self.parts.append(values)
        self.n_ragged += len(block.ragged)

    def table(self) -> pd.DataFrame:
        """All rows; column by column, so that a large table is never there twice."""
        columns = {}
        for name in list(self.parts[0]):
            parts = [part.pop(name) for part in self.parts]
            if len(parts) == 1:
                columns[name] = parts[0]
            elif TABLES[self.name][name].repeats:
                columns[name] = pd.Series(union_categoricals(parts, sort_categories=True))
            else:
                columns[name] = pd.concat(parts, ignore_index=True)
        return pd.DataFrame(columns, copy=False)

    def problems(self, header: Sequence[str]) -> list[str]:
        file = f"{self.name}.csv"
        missing, unknown = _missing_and_unknown(header, self.name)
        repeated = sorted({name for name in header if header.count(name) > 1})
        rule = f"do not have the {len(header)} cells of the header; export it again"
        return [
            *(f"{file}, column {c}: is missing; add it" for c in missing),
            *(
                f"{file}, column {c}: is not known; remove it or correct its spelling"
                for c in unknown
            ),
            *(f"{file}, column {c}: is there more than once; remove one" for c in repeated),
            *([f"{file}: {self.n_ragged} rows {rule}"] if self.n_ragged else []),
            *(
                f"{file}, column {c}: {fault}"
                for c, faults in self.faults.items()
                for fault in faults
            ),
        ]


def _description_problems(name: str, descriptions: Mapping[str, ColumnFacts]) -> list[str]:
    file = f"columns.json, {name}.csv"
    missing, unknown = _missing_and_unknown(list(descriptions), name)
    return [
        *(f"{file}: does not describe the column {c}; add it" for c in missing),
        *(f"{file}: describes {c}, which is no column; remove it" for c in unknown),
    ]


def _missing_and_unknown(columns: Sequence[str], name: str) -> tuple[list[str], list[str]]:
    missing = [c for c, column in TABLES[name].items() if not column.recent and c not in columns]
    return missing, [c for c in dict.fromkeys(columns) if c not in TABLES[name]]


def _key_problems(table: pd.DataFrame, name: str) -> list[str]:
    key = list(KEYS[name])
    if not set(key) <= set(table.columns):
        return []
    repeated = table.loc[table[key].notna().all(axis=1) & table.duplicated(key), key]
    if repeated.empty:
        return []
    first = ", ".join(f"{column} {value}" for column, value in repeated.iloc[0].items())
    return [f"{name}.csv: {len(repeated)} rows repeat the key of another ({first}); remove them"]
