"""An export folder, read and checked (`docs/export.md`). Problems come all in one go."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.export.columns import TABLES
from analysis.export.consistency import (
    facts_problems,
    look_problems,
    table_problems,
    unread_tables,
)
from analysis.export.csv_table import empty_table, read_table
from analysis.export.facts import ColumnsFile, ExportFacts, read_json
from analysis.export.step_consistency import step_problems
from analysis.export.study_file import StudyFile, read_study, read_versions, with_versions
from analysis.problems import ExportError


@dataclass(frozen=True, kw_only=True)
class Export:
    """A checked export. The tables have the columns of `docs/export.md`, typed as in `cells`.

    `study` and `questionnaire` have the questions of all versions that people met, as
    `study_file.with_versions` calls them.
    """

    folder: Path
    facts: ExportFacts
    study: StudyFile
    responses: pd.DataFrame
    steps: pd.DataFrame
    participants: pd.DataFrame
    questionnaire: pd.DataFrame
    comprehension: pd.DataFrame
    attention: pd.DataFrame
    stimuli: pd.DataFrame
    predictions: pd.DataFrame
    explanations: pd.DataFrame
    pool: pd.DataFrame
    demographics: pd.DataFrame

    @property
    def min_correct(self) -> int | None:
        """Right validation answers that are needed; None where there was no validation."""
        return self.facts.gate.min_correct if self.study.has_validation else None


def read_export(folder: Path) -> Export:
    """Read an export.

    Raises:
        ExportError: with every problem, if it cannot be used.
    """
    if not folder.is_dir():
        raise ExportError(str(folder), ["there is no such folder; give the path of an export"])
    facts, problems = read_json(folder / "export.json", ExportFacts)
    study, study_problems = read_study(folder / "study.toml")
    columns, column_problems = read_json(folder / "columns.json", ColumnsFile)
    problems += study_problems + column_problems
    imported = facts is not None and facts.imported is not None
    tables = {}
    unread = unread_tables(facts)
    for name in TABLES:
        if name in unread:
            tables[name] = empty_table(name)
            continue
        descriptions = columns.of(name) if columns is not None else None
        tables[name], file_problems = read_table(folder, name, descriptions, imported=imported)
        problems += file_problems
    problems += table_problems(tables)
    if facts is not None:
        problems += facts_problems(tables, facts)
        problems += step_problems(tables["steps"], tables["responses"], facts)
    if facts is not None and study is not None:
        problems += look_problems(facts, study)
    met = _met(tables["participants"])
    versions, version_problems = read_versions(folder, sorted(met.unique()))
    problems += version_problems
    if problems or facts is None or study is None:
        raise ExportError(str(folder), problems)
    study, renamed = with_versions(study, versions)
    tables["questionnaire"] = _renamed(tables["questionnaire"], met, renamed)
    return Export(folder=folder, facts=facts, study=study, **tables)


def _met(participants: pd.DataFrame) -> pd.Series:
    """The version that each person with a condition met, by participant_id, where it is noted."""
    needed = ["participant_id", "condition", "version"]
    if not set(needed) <= set(participants.columns):
        return pd.Series([], dtype="int64")
    known = participants.dropna(subset=needed)
    return known.set_index("participant_id")["version"].astype("int64")


def _renamed(
    questionnaire: pd.DataFrame, met: pd.Series, renamed: Mapping[int, Mapping[str, str]]
) -> pd.DataFrame:
    """Answers under the names that their questions have over all versions."""
    if not any(renamed.values()):
        return questionnaire
    numbers = questionnaire["participant_id"].map(met)
    names = [
        renamed.get(number, {}).get(name, name)
        for number, name in zip(numbers, questionnaire["name"], strict=True)
    ]
    return questionnaire.assign(name=pd.Series(names, index=questionnaire.index, dtype="str"))


def newest_export(exports: Path) -> Path:
    """The export that was created last.

    Raises:
        ExportError: if the folder holds none.
    """
    dated = []
    for path in sorted(exports.glob("*/export.json")):
        # Only the date: whether the newest one can be used is for `read_export` to say.
        try:
            created = pd.Timestamp(json.loads(path.read_text("utf-8"))["created_at"])
            dated.append((created.tz_convert("UTC"), path.parent))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    if not dated:
        raise ExportError(
            str(exports),
            ["there is no export; run `flask --app study_app study export DIR`, or give a path"],
        )
    return max(dated)[1]
