"""What was computed before the study: power.csv and ceiling.csv, with a JSON file of facts each."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from analysis.export.facts import Share, read_json
from analysis.problems import ExportError, validation_problems

# An empty cell says that there is no such number, such as of too few stimuli.
Known = Annotated[float | None, BeforeValidator(lambda cell: None if cell == "" else cell)]


class PlanningRow(BaseModel):
    """A row, of which some columns are needed."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class PowerRow(PlanningRow):
    """How likely so many people find what is there.

    Attributes:
        low, high: 95 % interval of the power.
        cost: in the study's currency, without the provider's fee.
        in_sentence: whether it is power for the claim that the report's sentence makes.
    """

    question: Literal["difference", "equivalence", "interaction"]
    effect_points: float
    n_per_condition: int
    power: Share
    low: Share
    high: Share
    cost: Known
    in_sentence: bool = True


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


class PowerFacts(PlanningRow):
    """power.json: of which study, under which assumptions."""

    study_digest: str
    assumptions: dict[str, float | str | None]


class CeilingFacts(PlanningRow):
    """ceiling.json: of which bundle."""

    bundle_digest: str


Row = TypeVar("Row", PowerRow, CeilingRow)


@dataclass(frozen=True, kw_only=True)
class Power:
    """Power for several numbers of people."""

    facts: PowerFacts
    rows: tuple[PowerRow, ...]


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """The ceiling of each condition."""

    facts: CeilingFacts
    rows: tuple[CeilingRow, ...]


def read_power(folder: Path, *, study_digest: str) -> Power:
    """Read power.csv and power.json, which must be of this study.

    Raises:
        ExportError: with every problem.
    """
    facts, problems = read_json(folder / "power.json", PowerFacts)
    rows, row_problems = _rows(folder, "power.csv", PowerRow)
    if facts is not None and facts.study_digest != study_digest:
        problems.append(
            f"power.json, study_digest: {facts.study_digest[:12]} is another study file than "
            f"{study_digest[:12]}; run `python -m analysis.power` again"
        )
    if facts is None or problems or row_problems:
        raise ExportError(str(folder), [*problems, *row_problems])
    return Power(facts=facts, rows=rows)


def read_ceiling(folder: Path, *, bundle_digest: str) -> Ceiling:
    """Read ceiling.csv and ceiling.json, which must be of this bundle, where one is given.

    Raises:
        ExportError: with every problem.
    """
    facts, problems = read_json(folder / "ceiling.json", CeilingFacts)
    rows, row_problems = _rows(folder, "ceiling.csv", CeilingRow)
    if facts is not None and bundle_digest not in ("", facts.bundle_digest):
        problems.append(
            f"ceiling.json, bundle_digest: {facts.bundle_digest[:12]} is another bundle than "
            f"{bundle_digest[:12]}; run `python -m stimuli ceiling` again"
        )
    if facts is None or problems or row_problems:
        raise ExportError(str(folder), [*problems, *row_problems])
    return Ceiling(facts=facts, rows=rows)


def _rows(folder: Path, name: str, model: type[Row]) -> tuple[tuple[Row, ...], list[str]]:
    """The rows of a table that lies in the folder or in its `tables`, and what is wrong."""
    path = folder / name if (folder / name).is_file() else folder / "tables" / name
    rows, problems = [], []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, cells in enumerate(csv.DictReader(file), start=2):
                try:
                    rows.append(model.model_validate(cells))
                except ValidationError as error:
                    problems += validation_problems(error, file=f"{name}, line {number}")
    except (OSError, UnicodeDecodeError):
        problems.append(f"{name}: cannot be read; give the folder that it was written to")
    if not rows and not problems:
        problems.append(f"{name}: has no rows; make it again")
    return tuple(rows), problems
