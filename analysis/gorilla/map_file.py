"""The TOML that says how one study's Gorilla files are read, as pydantic models."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError

from analysis.export.facts import Analysis, Bin, Gate
from analysis.export.imported import ClassifierTable
from analysis.export.strict_facts import Facts
from analysis.problems import ExportError, validation_problems

SET = "{set}"  # in a column's name: the number of the set of images that the person saw


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression ({error}); correct it") from error
    return text


def _with_groups(*needed: str) -> AfterValidator:
    def checked(text: str) -> str:
        missing = [name for name in needed if name not in re.compile(_pattern(text)).groupindex]
        if missing:
            raise ValueError(f"needs the group {', '.join(missing)}, written (?P<{missing[0]}>…)")
        return text

    return AfterValidator(checked)


Pattern = Annotated[str, AfterValidator(_pattern)]
PerCent = Annotated[int, Field(ge=0, le=100)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]


class StudyTable(Facts):
    """`[study]`."""

    name: Name
    title: str


class AiTable(ClassifierTable):
    """`[classifier]`; a threshold was chosen on other images unless the file says otherwise."""

    chosen_on: Literal["val", "pool"] = "val"


class TaskTable(Facts):
    """`[task]`: patterns of the task name and of the column that holds a person's set."""

    name: Annotated[str, _with_groups("condition")]
    set: Pattern


class PhaseTable(Facts):
    """`[validation]` or `[test]`: which rows belong to it, and which columns say what.

    The pattern of the image's name has the groups predicted, true and confidence (whole per
    cent), and adversarial, which matches only in names of adversarial pictures.
    """

    display: str
    decision_screen: str
    seen_screen: str = ""
    card_screen: str = ""
    image: str
    answer: str
    label: str
    pattern: Annotated[str, _with_groups("predicted", "true", "confidence")]

    @property
    def by_set(self) -> bool:
        """Whether the picture depends on the person's set."""
        return SET in self.image


class Words(Facts):
    """`[words]`: what the buttons say, and where the label stands in its column."""

    accept: str
    reject: str
    seen: str
    unseen: str
    label: Pattern


class Bands(Facts):
    """`[bands]`: the confidence bands in whole per cent as shown, both ends included."""

    low: tuple[PerCent, PerCent]
    medium: tuple[PerCent, PerCent]
    high: tuple[PerCent, PerCent]


class Weight(Facts):
    """One of `[[natural_weights]]`: how often a bin occurs in practice, in any unit."""

    bin: Bin
    right: bool
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class GorillaStudy(Facts):
    """The whole file. Without `[validation]` there is no gate."""

    study: StudyTable
    classifier: AiTable
    task: TaskTable
    conditions: Annotated[dict[str, Name], Field(min_length=1)]
    validation: PhaseTable | None = None
    test: PhaseTable
    words: Words
    bands: Bands
    gate: Gate
    analysis: Analysis
    natural_weights: tuple[Weight, ...] = ()

    @property
    def phases(self) -> dict[str, PhaseTable]:
        """The phases that are there, by our word for each."""
        before = {"validation": self.validation} if self.validation else {}
        return before | {"test": self.test}


def read_settings(path: Path) -> GorillaStudy:
    """Read the TOML file.

    Raises:
        ExportError: with every problem.
    """
    try:
        return GorillaStudy.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        problem = f"cannot be read ({error.strerror}); give the path of a TOML file"
        raise ExportError(str(path), [problem]) from error
    except ValidationError as error:
        raise ExportError(str(path), validation_problems(error, file=path.name)) from error
    except ValueError as error:
        raise ExportError(str(path), [f"is not TOML in UTF-8 ({error}); correct it"]) from error
