"""The study definition: `study.toml` read into one frozen model. Imports no torch.

The tables of `ONLINE_TABLES` describe what happens in the browser and in the analysis; the others
describe how the bundle is built, so changing one of those needs a new bundle. Only `ONLINE_KEYS` of
`[study]` do not.
"""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from stimuli.dataset_settings import DatasetSettings
from stimuli.online_settings import (
    Analysis,
    Assignment,
    Condition,
    DeviceSettings,
    Gate,
    Outcome,
    Pay,
    Phase,
    PhaseSettings,
    Prolific,
    Returning,
    Texts,
)
from stimuli.problems import ProblemsError, validation_problems
from stimuli.provider import Provider
from stimuli.questions import (
    AttentionCheck,
    Instructed,
    Nonsensical,
    Question,
    When,
    least_failed,
)
from stimuli.settings import (
    AdversarialSettings,
    BinSettings,
    CardSettings,
    ClassifierSettings,
    ExplainerSettings,
    Facts,
    PracticeSettings,
    RenderingSettings,
    StudySettings,
    ValidationSettings,
)

__all__ = [
    "Assignment",
    "AttentionCheck",
    "Condition",
    "DeviceSettings",
    "Gate",
    "Instructed",
    "Nonsensical",
    "ONLINE_TABLES",
    "Outcome",
    "Pay",
    "Phase",
    "ProblemsError",
    "Prolific",
    "Returning",
    "Provider",
    "Question",
    "Study",
    "StudyError",
    "Texts",
    "When",
    "digest_of",
    "parse_study",
    "read_study",
    "read_study_text",
]

ONLINE_TABLES = (
    *("conditions", "phases", "assignment", "device", "questions", "attention", "gate"),
    *("provider", "prolific", "pay", "texts", "words", "names", "analysis"),
)
ONLINE_KEYS = ("title", "ai_name", "language")
# What the last screen asks, whose answers are exported beside those of `[[questions]]`.
TAKEN_NAMES = ("comments",)


class StudyError(ProblemsError):
    """A study file that cannot be used."""


class Study(Facts):
    """A whole study file.

    Attributes:
        words: the pages' own sentences, by the English ones.
        names: what a bundle says (names and descriptions of classes, rationales), by the words
            that stand in the bundle.
    """

    study: StudySettings
    dataset: DatasetSettings
    classifiers: Annotated[tuple[ClassifierSettings, ...], Field(min_length=1)]
    bins: BinSettings = BinSettings()
    adversarial: AdversarialSettings | None = None
    explainers: ExplainerSettings = ExplainerSettings()
    rendering: RenderingSettings = RenderingSettings()
    cards: CardSettings = CardSettings()
    practice: PracticeSettings = PracticeSettings()
    validation: ValidationSettings = ValidationSettings()
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    phases: Annotated[tuple[PhaseSettings, ...], Field(min_length=1)]
    assignment: Assignment = Assignment()
    questions: tuple[Question, ...] = ()
    attention: tuple[AttentionCheck, ...] = ()
    device: DeviceSettings = DeviceSettings()
    gate: Gate = Gate()
    provider: Provider = Provider()
    prolific: Prolific = Prolific()
    pay: Pay = Pay()
    texts: Texts = Texts()
    words: dict[str, str] = Field(default_factory=dict)
    names: dict[str, str] = Field(default_factory=dict)
    analysis: Analysis = Analysis()

    @model_validator(mode="after")
    def _tables_agree(self) -> Self:
        problems = [
            *self._name_problems(),
            *self._phase_problems(),
            *self._interleaving_problems(),
            *self._attention_problems(),
            *self._pair_problems(),
            *self._unmatched_problems(),
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _name_problems(self) -> list[str]:
        classifiers = [c.name for c in self.classifiers]
        named = {
            "classifiers": classifiers,
            "conditions": [c.name for c in self.conditions],
            "questions": [q.name for q in self.questions],
            "attention": [check.name for check in self.attention],
        }
        problems = [
            f"{table}: the name {name!r} is used more than once; rename one"
            for table, names in named.items()
            for name in sorted({n for n in names if names.count(n) > 1})
        ]
        problems += [
            f"questions.{name}: is what the last screen is called; rename the question"
            for name in named["questions"]
            if name in TAKEN_NAMES
        ]
        for condition in self.conditions:
            where = f"conditions.{condition.name}"
            if condition.classifier not in (None, *classifiers):
                problems.append(
                    f"{where}.classifier: {condition.classifier!r} is none of {classifiers}"
                )
            problems += [
                f"{where}.panels: {panel!r} has no table [explainers.{panel}]; add it"
                for panel in condition.panels
                if panel not in self.explainers.names
            ]
        return problems

    def _phase_problems(self) -> list[str]:
        names = [phase.name for phase in self.phases]
        problems = []
        if names != [phase for phase in Phase if phase in names]:
            problems.append(f"phases: must follow the order {', '.join(Phase)}, each at most once")
        for required in (Phase.CONSENT, Phase.INSTRUCTIONS, Phase.TEST, Phase.DEBRIEF):
            if required not in names:
                problems.append(f"phases: {required.value!r} is missing; add it")
        for phase in self.phases:
            if phase.name is Phase.TEST and phase.trials is None:
                problems.append("phases.test.trials: is missing; say how many trials there are")
            if phase.name is not Phase.TEST and phase.trials is not None:
                problems.append(
                    f"phases.{phase.name}.trials: only the test phase has it; "
                    "[practice] and [validation] say their own number of items"
                )
        trials = sum(phase.trials or 0 for phase in self.phases if phase.name is Phase.TEST)
        groups = self.assignment.groups
        if groups and trials and sum(groups.values()) != trials:
            problems.append(
                f"assignment: {sum(groups.values())} right, wrong and adversarial trials, but the "
                f"test phase has {trials}; make them agree"
            )
        if Phase.VALIDATION in names and self.gate.min_correct > self.validation.items:
            problems.append(
                f"gate.min_correct: {self.gate.min_correct} of {self.validation.items} "
                "validation items cannot be reached; lower it"
            )
        return problems

    def _interleaving_problems(self) -> list[str]:
        if not self.gate.interleaved:
            return []
        problems = []
        if not self.has_phase(Phase.VALIDATION):
            problems.append(
                "gate.interleaved: there are no validation trials to mix among those of the test; "
                'add [[phases]] name = "validation" before the test, or remove it'
            )
        if any(phase.name is Phase.TEST and phase.trials == 1 for phase in self.phases):
            problems.append(
                "phases.test.trials: 1, but interleaved validation trials stand between two test "
                "trials; raise it, or remove gate.interleaved"
            )
        if Outcome.FAILED_VALIDATION in self.pay.partial:
            problems.append(
                "pay.partial.failed_validation: no session ends so where the validation is "
                "interleaved, everybody may go on to the end; remove it"
            )
        return problems

    def _attention_problems(self) -> list[str]:
        trials = self.counted_trials
        problems = [
            f"attention.{check.name}.after_trial: {check.after_trial}, but there are {trials} "
            f"{'test and validation' if self.gate.interleaved else 'test'} trials; lower it"
            for check in self.attention
            if trials and check.after_trial > trials
        ]
        if self.attention and len(self.attention) < self.least_failed:
            problems.append(
                f"attention: a study of {self.pay.minutes} minutes needs {self.least_failed} "
                f"checks, since nobody may be rejected for fewer; there is {len(self.attention)}"
            )
        return problems

    def _pair_problems(self) -> list[str]:
        known = [condition.name for condition in self.conditions]
        return [
            f"analysis.pairs: {name!r} is none of the conditions {known}"
            for pair in self.analysis.pairs
            for name in pair
            if name not in known
        ]

    def _unmatched_problems(self) -> list[str]:
        if self.bins.pairing == "matched":
            return []
        judged = {condition.name: self.classifier_of(condition) for condition in self.conditions}
        return [
            f"analysis.pairs: {a!r} and {b!r} judge different classifiers ({judged[a]!r} and "
            f"{judged[b]!r}), so that a difference would be one of AI and explanation together; "
            'remove the pair, or set pairing = "matched" in [bins]'
            for a, b in self.analysis.pairs
            if a in judged and b in judged and judged[a] != judged[b]
        ]

    @property
    def test_trials(self) -> int:
        """Trials in the test phase."""
        return next(p.trials for p in self.phases if p.name is Phase.TEST and p.trials)

    def counted_in(self, phase: Phase) -> Phase:
        """The phase in which pages count a trial: an interleaved validation passes for the test."""
        hidden = self.gate.interleaved and phase is Phase.VALIDATION
        return Phase.TEST if hidden else phase

    @property
    def counted_trials(self) -> int:
        """Trials that pages count in the test."""
        tested = sum(phase.trials or 0 for phase in self.phases if phase.name is Phase.TEST)
        return tested + (self.validation.items if self.gate.interleaved else 0)

    @property
    def least_failed(self) -> int:
        """How many attention checks somebody has to fail to end with `failed_attention`."""
        return least_failed(self.pay.minutes)

    def asked(self, when: When) -> tuple[Question, ...]:
        """The questions that are asked before the instructions, or after the trials."""
        return tuple(question for question in self.questions if question.when is when)

    def has_phase(self, phase: Phase) -> bool:
        """Whether participants meet this phase."""
        return any(p.name is phase for p in self.phases)

    def classifier_of(self, condition: Condition) -> str:
        """The name of the classifier whose answers the condition judges."""
        return condition.classifier or self.classifiers[0].name

    def explainers_of(self, classifier: str) -> set[str]:
        """The explainers that conditions show beside a classifier's answers."""
        return {p for c in self.conditions if self.classifier_of(c) == classifier for p in c.panels}

    def offline(self) -> dict[str, object]:
        """The tables that a bundle depends on, as plain data."""
        tables = self.model_dump(mode="json", exclude=set(ONLINE_TABLES))
        return tables | {"study": self.study.model_dump(mode="json", exclude=set(ONLINE_KEYS))}


def parse_study(text: str, *, subject: str) -> Study:
    """Read the text of a study file.

    Raises:
        StudyError: with every problem, if it is not a valid study.
    """
    try:
        return Study.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise StudyError(subject, [f"is not TOML: {error}"]) from None
    except ValidationError as error:
        lines = [line for p in validation_problems(error) for line in p.splitlines()]
        raise StudyError(subject, lines) from None


def read_study_text(path: Path) -> str:
    """The text of a study file.

    Raises:
        StudyError: if there is no such text file.
    """
    if not path.is_file():
        raise StudyError(str(path), ["there is no such file; give the path of a study.toml"])
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise StudyError(str(path), [f"is not UTF-8 text: {error}"]) from None


def read_study(path: Path) -> Study:
    """Read a study file; errors as in `parse_study`."""
    return parse_study(read_study_text(path), subject=str(path))


def digest_of(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
