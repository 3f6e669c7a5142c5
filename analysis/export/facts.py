"""The JSON files of an export as pydantic models: export.json and columns.json."""

from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    RootModel,
    ValidationError,
    model_validator,
)

from analysis.export.step_facts import HowOften, ShowsAi, StepFacts
from analysis.export.strict_facts import Count, Facts
from analysis.problems import validation_problems

Share = Annotated[float, Field(ge=0, le=1)]
Bin = Literal["easy", "medium", "hard"]
Pairing = Literal["system", "matched"]
Measure = Literal["accuracy", "over_reliance", "under_reliance", "d_prime", "criterion", "time"]
SHARES = ("accuracy", "over_reliance", "under_reliance")  # of trials, whose differences are points
Alternative = Literal["two-sided", "less", "greater"]
Model = TypeVar("Model", bound=BaseModel)


class ConditionFacts(Facts):
    """A condition, and the classifier whose answers its participants judged.

    Attributes:
        shows_ai: what its participants see of that classifier: all that the steps show, its
            "answer" alone, or nothing.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]  # as in study.toml
    classifier: str
    shows_ai: ShowsAi = True


class Gate(Facts):
    """Right answers needed in validation; `live` ended the session below it at once.

    Attributes:
        interleaved: whether the validation trials stood among those of the test.
    """

    min_correct: Count
    live: bool
    interleaved: bool = False


class TrialScreens(Facts):
    """Which screens a trial had, and how the AI's answer was put; as in `[trial]`."""

    ask_seen: HowOften
    show_card: HowOften
    wording: Literal["paper", "answer"]
    show_confidence: bool
    unlock: bool
    dwell_ms: Count
    record_view: bool
    pause: bool


class BehaviourFacts(Facts):
    """Whether it was recorded how people answered; as in `[behaviour]`."""

    record: bool


class PracticeFacts(Facts):
    """How the task was learnt; as in `[practice]`."""

    items: Count
    steps: Literal["trial", "paper"]
    explain: Literal["first", "each", "never"] = "never"
    feedback: Literal["full", "verdict"]


class Analysis(Facts):
    """The primary test; no pairs means all pairs.

    Attributes:
        measure: what is compared between conditions.
        pairs: pairs of conditions, the family of the test.
        alternative: the first of a pair against the second.
        secondary: measures that are compared too, in a family of their own.
        equivalence_points: how many points of a share a difference may have and still not matter.
        equivalence_because: why.
        looks: when the primary test is made, in shares of the people that are planned, the last
            of them 1; empty means once, at the end.
    """

    measure: Measure = "accuracy"
    pairs: tuple[tuple[str, str], ...] = ()
    alternative: Alternative = "two-sided"
    secondary: tuple[Measure, ...] = ()
    equivalence_points: Annotated[float, Field(gt=0, lt=100)] | None = None
    equivalence_because: str = ""
    looks: tuple[Annotated[float, Field(gt=0, le=1)], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _outcome_of_before(cls, table: object) -> object:
        if isinstance(table, dict) and table.get("outcome") == "accuracy":
            return {key: value for key, value in table.items() if key != "outcome"}
        return table

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.equivalence_points is None) != (not self.equivalence_because):
            raise ValueError("equivalence_points and equivalence_because belong together; add both")
        if self.equivalence_points is not None and self.measure not in SHARES:
            raise ValueError(f"equivalence_points are points of one of {', '.join(SHARES)}")
        if self.looks and (self.looks[-1] != 1 or list(self.looks) != sorted(set(self.looks))):
            raise ValueError("looks must increase up to 1, the last look; correct them")
        return self


class AiOnly(Facts):
    """A classifier's threshold T*, the split that it was chosen on, and its accuracy there.

    The accuracy is missing where the answers were imported and nobody said.
    """

    classifier: str
    threshold: Share
    chosen_on: Literal["val", "pool"]
    accuracy: Share | None = None


class BinFacts(Facts):
    """One of the six bins: how many images the pool has there, and how many are stimuli."""

    bin: Bin
    right: bool
    available: Count
    chosen: Count


class WeightFacts(Facts):
    """How often a bin occurs in practice, in any unit: given where there is no pool to count."""

    classifier: str
    bin: Bin
    right: bool
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class SourceFacts(Facts):
    """A file that was imported."""

    file: str
    sha256: str


class ImportFacts(Facts):
    """Which command turned which files of another tool into the export."""

    command: str
    sources: Annotated[tuple[SourceFacts, ...], Field(min_length=1)]


class ExportFacts(Facts):
    """export.json. The digests are those of our own studies; an import has none.

    An export holds one wave, such as main, pilot or invited; an import knows none.

    Of several classifiers, `pairing` says whether each kept its own answers ("system", as in an
    export that does not say) or only pictures count of which all say the same ("matched").
    `steps` are those of a trial, in order; an import and an export of before have none.
    `language` is that of the participants' pages; an import knows none. `trial` and `practice` are
    missing in an import, and in exports of before they could differ; `practice` also where a study
    has none. `exported_before` says when the wave was exported before this time, the first time
    first; it is missing where nobody noted that, and `behaviour` where it was always recorded.
    """

    schema_version: Literal[1, 2]
    study: str
    language: str = ""
    created_at: AwareDatetime
    imported: ImportFacts | None = None
    bundle_digest: str = ""
    bundle_study_digest: str = ""
    study_digest: str = ""
    wave: str = ""
    exported_before: tuple[AwareDatetime, ...] | None = None
    conditions: Annotated[tuple[ConditionFacts, ...], Field(min_length=1)]
    pairing: Pairing = "system"
    trial: TrialScreens | None = None
    behaviour: BehaviourFacts | None = None
    practice: PracticeFacts | None = None
    steps: tuple[StepFacts, ...] = ()
    gate: Gate
    analysis: Analysis
    ai_only: tuple[AiOnly, ...]
    bins: tuple[BinFacts, ...]
    natural_weights: tuple[WeightFacts, ...] = ()
    rows: dict[str, Count]

    @model_validator(mode="after")
    def _digests_of_our_own(self) -> Self:
        digests = (self.bundle_digest, self.bundle_study_digest, self.study_digest)
        if self.imported is None and not all(digests):
            raise ValueError("a digest is missing, and nothing was imported; export again")
        return self

    @property
    def fixed_before(self) -> bool:
        """Whether `[analysis]` is known to be as it was when the stimuli were built."""
        return self.imported is None and self.study_digest == self.bundle_study_digest

    @property
    def condition_names(self) -> tuple[str, ...]:
        """The conditions in the order of the study file."""
        return tuple(condition.name for condition in self.conditions)

    @property
    def classifier_of(self) -> dict[str, str]:
        """The classifier of each condition."""
        return {condition.name: condition.classifier for condition in self.conditions}

    @property
    def shows_ai(self) -> dict[str, ShowsAi]:
        """What the people of each condition see of its AI."""
        return {condition.name: condition.shows_ai for condition in self.conditions}

    @property
    def without_ai(self) -> tuple[str, ...]:
        """The conditions whose people see nothing of the AI."""
        return tuple(name for name, shown in self.shows_ai.items() if shown is False)

    @property
    def classifiers(self) -> tuple[str, ...]:
        """The classifiers that conditions judged, in the order of the conditions."""
        return tuple(dict.fromkeys(self.classifier_of.values()))


class ColumnFacts(Facts):
    """What columns.json says of one column. Levels may come with a description each."""

    description: Annotated[str, Field(min_length=1)]
    unit: str | None = None
    levels: tuple[str | int, ...] | dict[str, str] | None = None

    @property
    def level_names(self) -> tuple[str, ...]:
        """The levels as they stand in the cells; empty where none are listed."""
        return tuple(str(level) for level in self.levels or ())


class ColumnsFile(RootModel[dict[str, dict[str, ColumnFacts]]]):
    """columns.json: file, then column. A file may be called `responses.csv` or `responses`."""

    def of(self, table: str) -> dict[str, ColumnFacts]:
        """The columns that are described for a table."""
        return self.root.get(f"{table}.csv", self.root.get(table, {}))


def read_json(path: Path, model: type[Model]) -> tuple[Model | None, list[str]]:
    """Read a JSON file into a model; None and a line for each problem where that fails."""
    try:
        return model.model_validate_json(path.read_bytes()), []
    except OSError:
        return None, [f"{path.name}: cannot be read; export the study again"]
    except ValidationError as error:
        return None, validation_problems(error, file=path.name)
