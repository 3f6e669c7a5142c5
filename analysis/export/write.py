"""Answers that another tool collected, written as an export (`docs/export.md`).

An importer hands over tables and facts; here they become the folder that the report reads, whole
or not at all.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import tomlkit

from analysis.export.columns import TABLES
from analysis.export.facts import (
    AiOnly,
    Analysis,
    ConditionFacts,
    ExportFacts,
    Gate,
    ImportFacts,
    SourceFacts,
    WeightFacts,
)
from analysis.export.read import read_export
from analysis.problems import ExportError

COLUMNS = Path(__file__).with_name("columns.json")  # every column, described as the app does
PHASES = ("validation", "test")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an importer found.

    Attributes:
        command: that imports, such as "analysis.gorilla".
        sources: the files that were read.
        name: of the study.
        title: of the study, for people.
        conditions: in the order in which they are reported.
        gate: the threshold on validation; None where there was no validation.
        analysis: the primary test.
        ai_only: thresholds T*; at most one for each classifier.
        natural_weights: how often each bin occurs in practice; empty where nobody knows.
        bands: confidence bands as `[bins]` of a study file; empty for the paper's.
        tables: responses, participants, stimuli and predictions, and explanations and pool where
            there are any, with the columns of `columns.TABLES`; a column that is not there is
            empty. Flags are bool, times are datetime64 in UTC.
    """

    command: str
    sources: Sequence[Path]
    name: str
    title: str
    conditions: Sequence[ConditionFacts]
    gate: Gate | None
    analysis: Analysis
    ai_only: Sequence[AiOnly]
    natural_weights: Sequence[WeightFacts]
    bands: Mapping[str, object]
    tables: Mapping[str, pd.DataFrame]


def write_import(found: Imported, folder: Path) -> Path:
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
        _write_files(found, partial)
        read_export(partial)
        os.rename(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _write_files(found: Imported, folder: Path) -> None:
    rows = {name: _write_table(found.tables, name, folder) for name in TABLES}
    shutil.copyfile(COLUMNS, folder / "columns.json")
    (folder / "study.toml").write_text(_study_text(found), "utf-8")
    facts = _facts(found, rows).model_dump(mode="json")
    (folder / "export.json").write_text(
        json.dumps(facts, indent=2, ensure_ascii=False) + "\n", "utf-8"
    )


def _write_table(tables: Mapping[str, pd.DataFrame], name: str, folder: Path) -> int:
    table = tables.get(name, pd.DataFrame()).reindex(columns=list(TABLES[name]))
    text = pd.DataFrame({column: _cells(table[column]) for column in table})
    text.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    return len(table)


def _cells(values: pd.Series) -> pd.Series:
    cells: pd.Series = values
    if values.dtype in ("bool", "boolean"):
        cells = values.astype("Int64")
    elif pd.api.types.is_datetime64_any_dtype(values):
        # To the millisecond: %f has six digits.
        cells = values.dt.round("ms").dt.strftime("%Y-%m-%dT%H:%M:%S.%f").str[:-3] + "Z"
    return cells


def _study_text(found: Imported) -> str:
    phases = PHASES if found.gate is not None else PHASES[1:]
    study: dict[str, object] = {
        "study": {"name": found.name, "title": found.title},
        "phases": [{"name": phase} for phase in phases],
    }
    return tomlkit.dumps(study | ({"bins": dict(found.bands)} if found.bands else {}))


def _facts(found: Imported, rows: dict[str, int]) -> ExportFacts:
    return ExportFacts(
        schema_version=1,
        study=found.name,
        created_at=datetime.now(UTC),
        imported=ImportFacts(
            command=found.command,
            sources=tuple(_source(path) for path in found.sources),
        ),
        conditions=tuple(found.conditions),
        gate=found.gate or Gate(min_correct=0, live=False),
        analysis=found.analysis,
        ai_only=tuple(found.ai_only),
        bins=(),
        natural_weights=tuple(found.natural_weights),
        rows=rows,
    )


def _source(path: Path) -> SourceFacts:
    return SourceFacts(file=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
