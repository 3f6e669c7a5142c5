"""What was computed before the study: power.json; ceiling.csv with its facts in ceiling.json."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from analysis.export.facts import read_json
from analysis.power.power_file import POWER, PowerFile, read_power
from analysis.problems import ExportError, validation_problems

# An empty cell says that there is no such number, such as of too few stimuli.
Known = Annotated[float | None, BeforeValidator(lambda cell: None if cell == "" else cell)]


class PlanningRow(BaseModel):
    """A row, of which some columns are needed."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class CeilingRow(PlanningRow):
    """How well a reader of what a condition shows tells whether the AI is right."""

    condition: str
    shows: str
    reader: str
    population: str
    kind: str
    bin: str
    n: int
    measure: str
    value: Known
    low: Known
    high: Known


class CeilingFacts(PlanningRow):
    """ceiling.json: of which bundle."""

    bundle_digest: str


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """The ceiling of each condition."""

    facts: CeilingFacts
    rows: tuple[CeilingRow, ...]


def read_power_of(study_digest: str, folder: Path) -> PowerFile:
    """Read power.json, which must be of the study file with this digest.

    Raises:
        ExportError: with every problem.
    """
    power = read_power(folder / POWER)
    if power.study_digest != study_digest:
        problem = (
            f"study_digest: {power.study_digest[:12]} is another study file than "
            f"{study_digest[:12]}; run `python -m analysis.power` again"
        )
        raise ExportError(str(folder / POWER), [problem])
    return power


def read_ceiling(folder: Path, *, bundle_digest: str) -> Ceiling:
    """Read ceiling.csv and ceiling.json, which must be of this bundle, where one is given.

    Raises:
        ExportError: with every problem.
    """
    facts, problems = read_json(folder / "ceiling.json", CeilingFacts)
    rows, row_problems = _ceiling_rows(folder / "ceiling.csv")
    if facts is not None and bundle_digest not in ("", facts.bundle_digest):
        problems.append(
            f"ceiling.json, bundle_digest: {facts.bundle_digest[:12]} is another bundle than "
            f"{bundle_digest[:12]}; run `python -m stimuli ceiling` again"
        )
    if facts is None or problems or row_problems:
        raise ExportError(str(folder), [*problems, *row_problems])
    return Ceiling(facts=facts, rows=rows)


def _ceiling_rows(path: Path) -> tuple[tuple[CeilingRow, ...], list[str]]:
    rows, problems = [], []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, cells in enumerate(csv.DictReader(file), start=2):
                try:
                    rows.append(CeilingRow.model_validate(cells))
                except ValidationError as error:
                    problems += validation_problems(error, file=f"{path.name}, line {number}")
    except (OSError, UnicodeDecodeError):
        problems.append(f"{path.name}: cannot be read; give the folder that it was written to")
    if not rows and not problems:
        problems.append(f"{path.name}: has no rows; make it again")
    return tuple(rows), problems
