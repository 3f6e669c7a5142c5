"""power.json: what was computed, of what, under which assumptions."""

import json
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import ValidationError

from analysis.export.facts import Alternative, Measure, Share
from analysis.export.strict_facts import Facts
from analysis.problems import ExportError, validation_problems

POWER = "power.json"


class PowerRow(Facts):
    """Power of a question with so many people.

    Attributes:
        effect_points: the true difference; 0 for equivalence.
        claim: whom it holds for.
        in_sentence: whether the report's sentence makes this claim.
        low: 95 % interval of the simulation, or with a pilot the range over likely assumptions.
        cost: of the whole study, without the provider's fee; None without a reward.
    """

    question: Literal["difference", "equivalence", "interaction"]
    effect_points: float
    claim: str
    in_sentence: bool
    n_per_condition: int
    power: Share
    low: Share
    high: Share
    n_started: int
    n_paid: int
    cost: float | None


class NeededRow(Facts):
    """The fewest people of a condition for a power; None where `MOST_PEOPLE` are too few."""

    question: Literal["difference", "equivalence", "interaction"]
    effect_points: float
    claim: str
    in_sentence: bool
    target: float
    n_per_condition: int | None
    n_started: int | None
    cost: float | None


class LeastRow(Facts):
    """The least differences in points that so many people find with power .8 and .9."""

    n_per_condition: int
    claim: str
    least_80: float | None
    least_90: float | None
    cost: float | None


class PowerFile(Facts):
    """What was computed.

    Attributes:
        study_digest: of the text of the study file.
        bundle_digest: empty without one.
        pilot: the folder's name; empty without one.
        pairs: the family of Holm's adjustment.
        assumptions: by name; a pilot's best.
        cautions: what the numbers do not allow for; none in files of before.
    """

    schema_version: Literal[1] = 1
    study: str
    study_digest: str
    bundle_digest: str = ""
    pilot: str = ""
    seed: int
    n_studies: int
    measure: Measure
    alternative: Alternative
    pairs: tuple[tuple[str, str], ...]
    margin: float | None
    n_stimuli: int
    trials: float
    currency: str
    assumptions: dict[str, float]
    cautions: tuple[str, ...] = ()
    rows: tuple[PowerRow, ...]
    needed: tuple[NeededRow, ...]
    least_effects: tuple[LeastRow, ...]


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of a table with None for what is missing."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def as_json(power: PowerFile) -> bytes:
    """The content of the file."""
    return (json.dumps(power.model_dump(mode="json"), indent=1) + "\n").encode()


def read_power(path: Path) -> PowerFile:
    """Read power.json.

    Raises:
        ExportError: with every problem, if it is none.
    """
    try:
        return PowerFile.model_validate_json(path.read_bytes())
    except OSError:
        raise ExportError(str(path), ["cannot be read; run `python -m analysis.power`"]) from None
    except ValidationError as error:
        raise ExportError(str(path), validation_problems(error, file=path.name)) from None
