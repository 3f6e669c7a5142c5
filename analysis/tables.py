"""One CSV file of an export, read strictly: header, row lengths, cells and the key."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.cells import level_problems, typed
from analysis.columns import KEYS, TABLES
from analysis.facts import ColumnFacts


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
    file = f"{name}.csv"
    text, problems = _read_text(folder / file)
    known = [column for column in TABLES[name] if column in text]
    values = {}
    for column in known:
        where = f"{file}, column {column}"
        values[column], bad = typed(
            text[column], TABLES[name][column], where=where, imported=imported
        )
        facts = described.get(column) if described is not None else None
        if not bad and facts is not None and facts.level_names:
            bad = level_problems(text[column], facts.level_names, where=where)
        problems += bad
    table = pd.DataFrame(values, columns=known)
    if text.columns.size:
        problems = _header_problems(text, name) + problems
    if described is not None:
        problems += _description_problems(name, described)
    return table, problems + _key_problems(table, name)


def _read_text(path: Path) -> tuple[pd.DataFrame, list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header, *rows = csv.reader(lines, strict=True)
    except OSError:
        return pd.DataFrame(), [f"{path.name}: is missing; export the study again"]
    except (csv.Error, ValueError) as error:  # broken quotes, not UTF-8, or not even a header
        return pd.DataFrame(), [f"{path.name}: is no CSV in UTF-8 ({error}); export it again"]
    whole = [row for row in rows if len(row) == len(header)]
    text = pd.DataFrame(whole, columns=pd.Index(header, dtype="str"), dtype="str")
    problems = _shape_problems(header, len(rows) - len(whole), path.name)
    return text.loc[:, ~text.columns.duplicated()], problems


def _shape_problems(header: list[str], n_ragged: int, file: str) -> list[str]:
    repeated = sorted({name for name in header if header.count(name) > 1})
    problems = [f"{file}, column {name}: is there more than once; remove one" for name in repeated]
    if n_ragged:
        rule = f"do not have the {len(header)} cells of the header"
        problems.append(f"{file}: {n_ragged} rows {rule}; export it again")
    return problems


def _header_problems(text: pd.DataFrame, name: str) -> list[str]:
    expected, found = TABLES[name], list(text.columns)
    return [
        *(f"{name}.csv, column {c}: is missing; add it" for c in expected if c not in found),
        *(
            f"{name}.csv, column {c}: is not known; remove it or correct its spelling"
            for c in found
            if c not in expected
        ),
    ]


def _description_problems(name: str, described: Mapping[str, ColumnFacts]) -> list[str]:
    expected = TABLES[name]
    return [
        *(
            f"columns.json, {name}.csv: does not describe the column {c}; add it"
            for c in expected
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
