"""The parts of an export's study.toml that the report prints, as pydantic models."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from analysis.export.facts import Share
from analysis.problems import validation_problems


class StudyPart(BaseModel):
    """A table of study.toml of which the report needs a part."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class StudyTable(StudyPart):
    """`[study]`."""

    title: str = ""
    seed: int | None = None


class PhaseTable(StudyPart):
    """One of `[[phases]]`."""

    name: str


class AssignmentTable(StudyPart):
    """`[assignment]`: people of a condition whose data are to count; None takes in everybody."""

    quota: int | None = None


class ConditionTable(StudyPart):
    """One of `[[conditions]]`: the explainers that it shows beside the photo."""

    name: str = ""
    panels: tuple[str, ...] = ()


class QuestionTable(StudyPart):
    """One of `[[questions]]`; options are there where answers are chosen."""

    name: str
    text: str = ""
    kind: str = ""
    options: tuple[str, ...] = ()
    when: Literal["before", "after"] = "before"

    @property
    def label(self) -> str:
        """What the report calls it: its text, or its name where there is none."""
        return self.text or self.name


class ScaleTable(StudyPart):
    """One of `[[scales]]`: questions with ordered options that measure one thing together."""

    name: str
    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()


class StepResponse(StudyPart):
    """What a step asks: how many labels it offers, where it offers labels."""

    n: int = 4


class StepTable(StudyPart):
    """One of `[[trial.steps]]`."""

    name: str
    response: StepResponse = StepResponse()


class TrialTable(StudyPart):
    """`[trial]`."""

    steps: tuple[StepTable, ...] = ()


class BinsTable(StudyPart):
    """`[bins]`: the confidence bands, the paper's where the study file names none."""

    low_below: Share = 0.3
    medium: tuple[Share, Share] = (0.4, 0.6)
    high_from: Share = 0.8


class StudyFile(StudyPart):
    """study.toml, as far as the report prints it."""

    study: StudyTable = StudyTable()
    phases: tuple[PhaseTable, ...] = ()
    conditions: tuple[ConditionTable, ...] = ()
    assignment: AssignmentTable = AssignmentTable()
    trial: TrialTable = TrialTable()
    bins: BinsTable = BinsTable()
    questions: tuple[QuestionTable, ...] = ()
    scales: tuple[ScaleTable, ...] = ()

    @model_validator(mode="after")
    def _scales_have_items(self) -> Self:
        """Checked here too: `[[scales]]` may be added to the file of an export."""
        options = {q.name: len(q.options) for q in self.questions if q.kind == "scale"}
        problems = []
        for scale in self.scales:
            strangers = [n for n in (*scale.items, *scale.reversed) if n not in options]
            problems += [
                f"scales.{scale.name}: {name!r} is no question of the kind scale; correct it"
                for name in dict.fromkeys(strangers)
            ]
            if len({options[name] for name in scale.items if name in options}) > 1:
                problems.append(
                    f"scales.{scale.name}: its items have different numbers of options; part them"
                )
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def has_validation(self) -> bool:
        """Whether participants met validation trials, so that the gate can be applied."""
        return any(phase.name == "validation" for phase in self.phases)

    @property
    def labels_offered(self) -> dict[str, int]:
        """How many labels each step offers, by its name, if it offers labels."""
        return {step.name: step.response.n for step in self.trial.steps}

    def panels_of(self, conditions: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The explainers that each condition shows.

        A file that names no panels at all, as an import may write it, is taken to show in each
        condition the explainer of that name.
        """
        if not any(condition.panels for condition in self.conditions):
            return {name: (name,) for name in conditions}
        panels = {condition.name: condition.panels for condition in self.conditions}
        return {name: panels.get(name, ()) for name in conditions}


def read_study(path: Path) -> tuple[StudyFile | None, list[str]]:
    """Read study.toml; None and a line for each problem where that fails."""
    try:
        return StudyFile.model_validate(tomllib.loads(path.read_text("utf-8"))), []
    except OSError:
        return None, [f"{path.name}: cannot be read; export the study again"]
    except ValidationError as error:
        return None, validation_problems(error, file=path.name)
    except ValueError as error:  # not TOML, or not UTF-8
        return None, [f"{path.name}: is not TOML in UTF-8 ({error}); export the study again"]
