"""The parts of an export's study.toml that the report prints, as pydantic models.

People of one wave may have met several versions of it, such as simulated ones who came before the
words were changed: `versions/N.toml`. What was asked differently is another question.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
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

    def renamed(self, names: Mapping[str, str]) -> Self:
        """With other names of its questions, by those of now."""
        new = {
            "items": tuple(names.get(name, name) for name in self.items),
            "reversed": tuple(names.get(name, name) for name in self.reversed),
        }
        return self.model_copy(update=new)


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


def read_study(path: Path, *, name: str = "") -> tuple[StudyFile | None, list[str]]:
    """Read study.toml; None and a line for each problem where that fails.

    Args:
        name: what problems call the file; its own name if not given.
    """
    name = name or path.name
    try:
        return StudyFile.model_validate(tomllib.loads(path.read_text("utf-8"))), []
    except OSError:
        return None, [f"{name}: cannot be read; export the study again"]
    except ValidationError as error:
        return None, validation_problems(error, file=name)
    except ValueError as error:  # not TOML, or not UTF-8
        return None, [f"{name}: is not TOML in UTF-8 ({error}); export the study again"]


def read_versions(folder: Path, numbers: Sequence[int]) -> tuple[dict[int, StudyFile], list[str]]:
    """Read the versions of the study file with these numbers; a line for each problem."""
    versions, problems = {}, []
    for number in numbers:
        name = f"versions/{number}.toml"
        study, faults = read_study(folder / name, name=name)
        problems += faults
        if study is not None:
            versions[number] = study
    return versions, problems


def with_versions(
    study: StudyFile, versions: Mapping[int, StudyFile]
) -> tuple[StudyFile, dict[int, dict[str, str]]]:
    """A study with what any of its versions asked.

    A question or scale of a version that has the name of another one, and is not the same, is
    called by its name and the version. What not all versions have says which do.

    Args:
        study: study.toml.
        versions: those that people met, by number.

    Returns:
        The study, and for each version the new names of its questions by the old ones.
    """
    questions, scales = {q.name: q for q in study.questions}, {s.name: s for s in study.scales}
    renamed = {
        number: _added(version, number, questions, scales) for number, version in versions.items()
    }
    asked = {
        number: {renamed[number].get(q.name, q.name) for q in version.questions}
        for number, version in versions.items()
    }
    marked = tuple(_marked(question, asked) for question in questions.values())
    both = study.model_copy(update={"questions": marked, "scales": tuple(scales.values())})
    return both, renamed


def _added(
    version: StudyFile,
    number: int,
    questions: dict[str, QuestionTable],
    scales: dict[str, ScaleTable],
) -> dict[str, str]:
    """Add what a version asks to what others do; the new names of its questions."""
    renamed = {}
    for question in version.questions:
        if questions.setdefault(question.name, question) != question:
            name = renamed[question.name] = _of_version(question.name, number)
            questions[name] = question.model_copy(update={"name": name, "text": question.label})
    for scale in version.scales:
        own = scale.renamed(renamed)
        if scales.setdefault(scale.name, own) != own:
            name = _of_version(scale.name, number)
            scales[name] = own.model_copy(update={"name": name})
    return renamed


def _of_version(name: str, number: int) -> str:
    return f"{name} (version {number})"


def _marked(question: QuestionTable, asked: Mapping[int, Collection[str]]) -> QuestionTable:
    """A question whose label says which versions have it, unless all do."""
    numbers = [str(number) for number, names in asked.items() if question.name in names]
    if len(numbers) in (0, len(asked)):
        return question
    where = f"(version{'s' * (len(numbers) > 1)} {', '.join(numbers)})"
    return question.model_copy(update={"text": f"{question.label} {where}"})
