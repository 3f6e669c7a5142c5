"""MAP.toml: which columns of a file say what, and what its texts mean (`docs/import.md`)."""

import codecs
import itertools
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from analysis.export.facts import Analysis
from analysis.export.imported import ClassifierTable
from analysis.export.strict_facts import Count, Facts
from analysis.export.study_file import BinsTable
from analysis.problems import validation_problems

Text = Annotated[str, Field(min_length=1)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
IDEAS = (
    ("right", "wrong"),
    ("accept", "reject"),
    ("yes", "no"),
    ("natural", "adversarial"),
    ("easy", "medium", "hard"),
    ("practice", "validation", "test"),
)
"""The words of `[values]` that exclude each other."""


def _texts(setting: object) -> object:
    # `right = 1` and `right = [true]` read as the texts that stand in the file.
    values = setting if isinstance(setting, list) else [setting]
    texts = {True: "true", False: "false"}
    return tuple(
        texts[value]
        if isinstance(value, bool)
        else str(value)
        if isinstance(value, int | float)
        else value
        for value in values
    )


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts), Field(min_length=1)]


class StudySettings(Facts):
    """`[study]`."""

    name: Text
    title: Text


class FileSettings(Facts):
    """`[file]`: how the file is written."""

    separator: Annotated[str, Field(min_length=1, max_length=1)] = ","
    decimal: Literal[".", ","] = "."
    encoding: str = "utf-8"

    @field_validator("separator")
    @classmethod
    def _separates(cls, separator: str) -> str:
        if separator in '"\r\n':
            raise ValueError("a quotation mark or a line break cannot separate cells")
        return separator

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, encoding: str) -> str:
        try:
            "".encode(encoding)
        except LookupError:  # unknown, or not of texts
            raise ValueError(f"{encoding!r} is not known; try utf-8, cp1252 or utf-16") from None
        return encoding

    @property
    def codec(self) -> str:
        """The encoding, which for UTF-8 is one that passes over a byte order mark."""
        name = codecs.lookup(self.encoding).name
        return "utf-8-sig" if name == "utf-8" else name


class ColumnSettings(Facts):
    """`[columns]`: the header of each column; None where the file has no such column."""

    participant: Text
    condition: Text
    stimulus: Text
    ai_right: Text
    decision: Text | None = None
    team_right: Text | None = None
    phase: Text | None = None
    kind: Text | None = None
    label: Text | None = None
    confidence: Text | None = None
    bin: Text | None = None
    decision_time: Text | None = None
    prior_knowledge: Text | None = None

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if (self.decision is None) == (self.team_right is None):
            raise ValueError(
                "name either decision (accepted or rejected) or team_right (whether the person "
                "was right), and only one: the other follows from it and ai_right"
            )
        return self

    @property
    def named(self) -> dict[str, str]:
        """The file's header of each of our columns that it has."""
        return {ours: str(theirs) for ours, theirs in self if theirs is not None}


class ValueSettings(Facts):
    """`[values]`: the texts that mean each word, whatever their case."""

    right: Texts = ("1", "1.0", "true", "right", "correct", "yes")
    wrong: Texts = ("0", "0.0", "false", "wrong", "incorrect", "no")
    accept: Texts = ("accept", "accepted", "yes", "1", "1.0", "true")
    reject: Texts = ("reject", "rejected", "no", "0", "0.0", "false")
    yes: Texts = ("yes", "1", "1.0", "true")
    no: Texts = ("no", "0", "0.0", "false")
    natural: Texts = ("natural",)
    adversarial: Texts = ("adversarial",)
    easy: Texts = ("easy",)
    medium: Texts = ("medium",)
    hard: Texts = ("hard",)
    practice: Texts = ("practice",)
    validation: Texts = ("validation",)
    test: Texts = ("test",)
    conditions: dict[str, Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]] = {}

    @model_validator(mode="after")
    def _no_text_means_two(self) -> Self:
        for words in IDEAS:
            for one, other in itertools.combinations(words, 2):
                both = sorted(set(self.words(one)) & set(self.words(other)))
                if both:
                    raise ValueError(
                        f"{both[0]!r} means both {one} and {other}; give the texts of both"
                    )
        return self

    def words(self, *words: str) -> dict[str, str]:
        """The word that each text means, by the text in lower case."""
        return {text.strip().casefold(): word for word in words for text in getattr(self, word)}

    @property
    def condition_names(self) -> dict[str, str]:
        """Our name of each condition that is mapped, by the file's text in lower case."""
        return {text.strip().casefold(): name for text, name in self.conditions.items()}


class ConfidenceSettings(Facts):
    """`[confidence]`: 1 for probabilities, 100 for per cent."""

    scale: Literal[1, 100] = 1


class TimeSettings(Facts):
    """`[decision_time]`."""

    unit: Literal["ms", "s"] = "ms"


class BandSettings(BinsTable):
    """`[bins]`: the confidence bands, where the file has no column of bins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low_below <= self.medium[0] <= self.medium[1] <= self.high_from:
            raise ValueError("the bands must not overlap: low_below <= medium <= high_from")
        return self


class ClassifierSettings(ClassifierTable):
    """`[classifier]`: the AI that everybody judged, and its threshold T* if one was chosen."""

    name: Text = "ai"

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if (self.threshold is None) != (self.chosen_on is None):
            raise ValueError(
                'threshold and chosen_on go together: say whether it was chosen on "val" '
                '(other images) or on the "pool" that the stimuli come from'
            )
        return self


class GateSettings(Facts):
    """`[gate]`: right validation answers that a person needs to be analysed."""

    min_correct: Count


class SideSettings(Facts):
    """How often each bin occurs in practice where the AI is right, or where it is wrong."""

    easy: Weight
    medium: Weight
    hard: Weight


class WeightSettings(Facts):
    """`[natural_weights]`, in any unit."""

    right: SideSettings
    wrong: SideSettings


class Settings(Facts):
    """MAP.toml."""

    study: StudySettings
    columns: ColumnSettings
    file: FileSettings = FileSettings()
    values: ValueSettings = ValueSettings()
    confidence: ConfidenceSettings = ConfidenceSettings()
    decision_time: TimeSettings = TimeSettings()
    bins: BandSettings = BandSettings()
    classifier: ClassifierSettings = ClassifierSettings()
    gate: GateSettings | None = None
    natural_weights: WeightSettings | None = None
    analysis: Analysis = Analysis()

    @model_validator(mode="after")
    def _gate_needs_validation(self) -> Self:
        if self.gate is not None and self.columns.phase is None:
            raise ValueError("a gate needs columns.phase, which tells validation from test")
        return self


def read_settings(path: Path) -> tuple[Settings | None, list[str]]:
    """Read MAP.toml; None and a line for each problem where that fails."""
    try:
        return Settings.model_validate(tomllib.loads(path.read_text("utf-8-sig"))), []
    except OSError:
        return None, [f"{path.name}: cannot be read; give the path of a map"]
    except ValidationError as error:
        return None, validation_problems(error, file=path.name)
    except ValueError as error:  # not TOML, or not UTF-8
        return None, [f"{path.name}: is not TOML in UTF-8 ({error}); correct it"]
