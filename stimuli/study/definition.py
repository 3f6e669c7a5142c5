"""The tables of `study.toml` as one frozen model, and what they say together. Imports no torch.

The tables of `ONLINE_TABLES` describe what happens in the browser and in the analysis; the others
describe how the bundle is built, so changing one of those needs a new bundle, but for their
`ONLINE_KEYS`.
"""

from typing import Annotated

from pydantic import Field

from stimuli.study.analysis_settings import Analysis
from stimuli.study.attention import AttentionCheck, least_failed
from stimuli.study.comprehension import ComprehensionCheck
from stimuli.study.dataset_settings import DatasetSettings
from stimuli.study.explainer_settings import ExplainerSettings
from stimuli.study.offline import (
    AdversarialSettings,
    BinSettings,
    CardSettings,
    ClassifierSettings,
    Facts,
    PracticeSettings,
    RenderingSettings,
    ScoreSettings,
    StudySettings,
    ValidationSettings,
)
from stimuli.study.online import (
    Assignment,
    Condition,
    DeviceSettings,
    Gate,
    Pay,
    Phase,
    PhaseSettings,
    Prolific,
    Texts,
)
from stimuli.study.provider import Provider
from stimuli.study.recording import AWAY, HOW, INPUT, VIEWED, Behaviour
from stimuli.study.responses import AnyResponse, Response, When
from stimuli.study.scales import ScaleSettings
from stimuli.study.steps import OF_THE_AI, Part, Step, outcome_of
from stimuli.study.trial_settings import TrialSettings

ONLINE_TABLES = (
    *("conditions", "phases", "trial", "behaviour", "assignment", "device", "questions", "scales"),
    *("comprehension", "attention"),
    *("gate", "provider", "prolific", "pay", "texts", "words", "names", "analysis"),
)
ONLINE_KEYS = {
    "study": ("title", "ai_name", "language"),
    "practice": ("steps", "explain", "feedback"),
}


class StudyTables(Facts):
    """A whole study file, each table of which is valid by itself.

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
    scores: ScoreSettings = ScoreSettings()
    cards: CardSettings = CardSettings()
    practice: PracticeSettings = PracticeSettings()
    validation: ValidationSettings = ValidationSettings()
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    phases: Annotated[tuple[PhaseSettings, ...], Field(min_length=1)]
    trial: TrialSettings = TrialSettings()
    behaviour: Behaviour = Behaviour()
    assignment: Assignment = Assignment()
    questions: tuple[AnyResponse, ...] = ()
    scales: tuple[ScaleSettings, ...] = ()
    comprehension: tuple[ComprehensionCheck, ...] = ()
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

    def place_of(self, phase: Phase, trial_index: int) -> int:
        """How many validation and test trials come before one of theirs, as pages count it."""
        comes_first = phase is Phase.TEST and self.has_phase(Phase.VALIDATION)
        before = 0 if self.gate.interleaved or not comes_first else self.validation.items
        return before + trial_index

    @property
    def half_way(self) -> int:
        """How many validation and test trials are in the first half, which is the smaller one."""
        items = self.validation.items if self.has_phase(Phase.VALIDATION) else 0
        return (items + self.test_trials) // 2

    @property
    def least_failed(self) -> int:
        """How many attention checks somebody has to fail to end with `failed_attention`."""
        return least_failed(self.pay.minutes)

    @property
    def needs_ids(self) -> bool:
        """Whether nobody enters the main wave without an id of the provider."""
        if self.provider.ids is not None:
            return self.provider.ids == "required"
        return self.names_provider

    @property
    def names_provider(self) -> bool:
        """Whether the study file says where people come from."""
        return bool({"provider", "prolific"} & self.model_fields_set)

    def asked(self, when: When) -> tuple[Response, ...]:
        """The questions that are asked before the instructions, or after the trials."""
        return tuple(question for question in self.questions if question.when is when)

    def has_phase(self, phase: Phase) -> bool:
        """Whether participants meet this phase."""
        return any(p.name is phase for p in self.phases)

    def classifier_of(self, condition: Condition) -> str:
        """The name of the classifier whose answers the condition judges."""
        return condition.classifier or self.classifiers[0].name

    def steps_of(self, condition: Condition) -> tuple[Step, ...]:
        """The steps that a condition's people meet; none where the trial is the paper's.

        Steps of which nothing remains to be seen are left out. Whoever does not meet the AI revises
        and foresees nothing: those that show an earlier answer or ask for the AI's are left out.
        """
        hidden, meets_ai = self.hidden_from(condition), condition.shows_ai is not False
        return tuple(
            step
            for step in self.trial.steps
            if (meets_ai or (Part.OWN not in step.shows and step.truth != "ai_answer"))
            and (not step.shows or {*step.shows} - {*hidden})
        )

    def hidden_from(self, condition: Condition) -> tuple[Part, ...]:
        """The parts of steps that a condition's people do not see.

        Without the AI the card is that of a name whose description is part of the question, where
        that is to be accepted or rejected; else it would tell what the AI says.
        """
        hidden = [] if condition.panels else [Part.PANELS]
        hidden += [] if self.trial.show_confidence else [Part.CONFIDENCE]
        if condition.shows_ai == "answer":
            hidden += [Part.CONFIDENCE, Part.BEST]
        elif not condition.shows_ai:
            decides = any(step.response.kind == "decision" for step in self.trial.steps)
            hidden += [part for part in OF_THE_AI if not (decides and part is Part.CARD)]
        return tuple(dict.fromkeys(hidden))

    @property
    def shows_confidence(self) -> bool:
        """Whether people who meet the AI read its confidence anywhere in a trial."""
        shown = any(Part.CONFIDENCE in step.shows for step in self.trial.steps)
        return shown if self.trial.steps else self.trial.show_confidence

    def outcome_of(self, condition: Condition) -> Step | None:
        """The step that decides whether a trial was answered rightly, by `Study.steps_of`."""
        return outcome_of(self.steps_of(condition))

    @property
    def is_met_by_all(self) -> bool:
        """Whether no group is left without the AI."""
        return all(condition.shows_ai for condition in self.conditions)

    @property
    def shown_texts(self) -> Texts:
        """`[texts]` as participants read them, before and after their group is drawn."""
        return self.texts.fitting(*self._recorded, with_ai=self.is_met_by_all)

    @property
    def _recorded(self) -> tuple[str, ...]:
        """What is recorded of how people answer, as the consent says it."""
        if not self.behaviour.record:
            return (INPUT,)
        return (HOW, AWAY, VIEWED) if self.trial.record_view else (HOW, AWAY)

    @property
    def display_px(self) -> int:
        """The side of every picture as it is stored and shown, in pixels."""
        return self.rendering.display_px or self.dataset.crop_px

    def explainers_of(self, classifier: str) -> set[str]:
        """The explainers that conditions show beside a classifier's answers."""
        return {p for c in self.conditions if self.classifier_of(c) == classifier for p in c.panels}

    def offline(self) -> dict[str, object]:
        """The tables that a bundle depends on, as plain data."""
        tables = self.model_dump(mode="json", exclude=set(ONLINE_TABLES))
        for table, keys in ONLINE_KEYS.items():
            for key in keys:
                del tables[table][key]
        return tables
