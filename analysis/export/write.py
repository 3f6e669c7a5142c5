"""Answers that another tool collected, written as an export (`docs/export.md`).

An importer hands over tables and facts; here they become the folder that the report reads, whole
or not at all.
"""

import json
import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import tomlkit

from analysis.export.columns import OPTIONAL, TABLES
from analysis.export.digest import sha256_of
from analysis.export.facts import ExportFacts, Gate, ImportFacts, SourceFacts
from analysis.export.formulas import quoted_frame
from analysis.export.imported import ImportedStudy
from analysis.export.read import read_export
from analysis.problems import ExportError


def write_import(study: ImportedStudy, folder: Path) -> Path:
    """Write an import as a new export folder, and return it.

    Raises:
        ExportError: if the folder is there already, or if what was found is no valid export;
            then nothing is left behind.
    """
    if folder.exists():
        raise ExportError(str(folder), ["is there already; name a folder that is not"])
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)  # of an import that was cut off
    partial.mkdir(parents=True)
    try:
        written = [name for name in TABLES if name in study.tables or name not in OPTIONAL]
        rows = {name: _write_table(study.tables, name, partial) for name in written}
        _write_json(partial / "columns.json", column_descriptions())
        phases = ("validation", "test") if study.gate is not None else ("test",)
        study_file: dict[str, object] = {
            "study": {"name": study.name, "title": study.title},
            "phases": [{"name": phase} for phase in phases],
        }
        if study.bands:
            study_file["bins"] = dict(study.bands)
        (partial / "study.toml").write_text(tomlkit.dumps(study_file), "utf-8")
        _write_json(partial / "export.json", _facts(study, rows).model_dump(mode="json"))
        read_export(partial)
        os.rename(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def column_descriptions() -> dict[str, dict[str, dict[str, object]]]:
    """What columns.json says: for each file and column, its description, unit and levels."""
    return {
        f"{table}.csv": {name: column.facts() for name, column in columns.items()}
        for table, columns in TABLES.items()
    }


def _write_table(tables: Mapping[str, pd.DataFrame], name: str, folder: Path) -> int:
    table = tables.get(name, pd.DataFrame()).reindex(columns=list(TABLES[name]))
    cells = {}
    for column in table:
        values = table[column]
        if values.dtype in ("bool", "boolean"):
            values = values.astype("Int64")
        elif pd.api.types.is_datetime64_any_dtype(values):
            # To the millisecond: %f has six digits.
            values = values.dt.round("ms").dt.strftime("%Y-%m-%dT%H:%M:%S.%f").str[:-3] + "Z"
        cells[column] = values
    text = quoted_frame(pd.DataFrame(cells))
    text.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    return len(table)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _facts(study: ImportedStudy, rows: dict[str, int]) -> ExportFacts:
    return ExportFacts(
        schema_version=2,
        study=study.name,
        created_at=datetime.now(UTC),
        imported=ImportFacts(
            command=study.command,
            sources=tuple(
                SourceFacts(file=path.name, sha256=sha256_of(path)) for path in study.sources
            ),
        ),
        conditions=tuple(study.conditions),
        gate=study.gate or Gate(min_correct=0, live=False),
        analysis=study.analysis,
        ai_only=tuple(study.ai_only),
        bins=(),
        natural_weights=tuple(study.natural_weights),
        rows=rows,
    )
