"""What every kind of response has in common, and what each says for itself."""

import abc
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import model_validator

from stimuli.study.offline import Facts, Name, Text


class When(StrEnum):
    """When questions are asked: before the instructions, or after the trials."""

    BEFORE = "before"
    AFTER = "after"


def sentence(english: str) -> str:
    """A sentence that participants read, as it is; this marks it for the app's catalogue."""
    return english


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A `sentence` with its facts, to be said in the study's language.

    Attributes:
        english: the sentence.
        facts: by name. An int is a count, a float a number as people may type it.
    """

    english: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Hint(Saying):
    """What an answer may be, told before one is given."""


class Problem(Saying):
    """What to do about an answer that cannot be one."""


@dataclass(frozen=True, kw_only=True)
class Button:
    """An answer of one press.

    Attributes:
        value: the answer.
        words: what stands on it, a `sentence` or the study file's own.
        key: of the keyboard, likewise; empty for none.
    """

    value: str
    words: str
    key: str = ""


class Response(Facts, abc.ABC):
    """What is asked, and what can be answered. Each kind is a module of this folder.

    A kind has a template of its name in `study_app/templates/responses`.

    Attributes:
        required: whether an answer must be given.
        MISSING: what to do where it was not.
        MISPLACED: what is wrong where another `{kind}` has this kind's settings.
        IS_FREE: whether people may write who they are, so that answers are exported apart.
        ASKED_IN: where it can be asked: "everywhere", or in "trials" alone.
    """

    name: Name
    text: Text
    kind: str
    required: bool = False
    when: When = When.BEFORE

    MISSING: ClassVar[str]
    MISPLACED: ClassVar[str] = ""
    IS_FREE: ClassVar[bool] = False
    ASKED_IN: ClassVar[str] = "everywhere"

    @classmethod
    def settings(cls) -> set[str]:
        """The keys of a study file that this kind has and not every other."""
        return cls.model_fields.keys() - Response.model_fields.keys()

    @property
    @abc.abstractmethod
    def offered(self) -> tuple[str, ...]:
        """The answers to choose from; none where people write their own."""

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Those that answer a step of a trial at once; none where a field has to be filled in."""
        return ()

    @property
    def names_classes(self) -> bool:
        """Whether the answers are names of classes, which depend on the picture."""
        return False

    @property
    def columns(self) -> tuple[str, ...]:
        """The options of a table that the question shares with its like; none if it is alone."""
        return ()

    @property
    def hint(self) -> Hint | None:
        """What can be answered; None where the page shows that anyway."""
        return None

    @abc.abstractmethod
    def problem(self, text: str) -> Problem | None:
        """What is wrong with an answer that is not empty; None if it can be taken."""

    @abc.abstractmethod
    def value(self, text: str) -> str:
        """A good answer as it is stored."""

    @abc.abstractmethod
    def invented(self, rng: random.Random) -> str:
        """What a simulated participant answers."""


class ClosedResponse(Response):
    """One of the answers that are offered.

    Attributes:
        options: two at least.
    """

    options: tuple[Text, ...] = ()

    MISSING: ClassVar[str] = sentence("Please choose an answer.")
    MISPLACED: ClassVar[str] = "options: a {kind} has none; remove them"

    @model_validator(mode="after")
    def _has_options(self) -> Self:
        if problems := option_problems(self.options):
            raise ValueError("\n".join(f"{self.name}.{problem}" for problem in problems))
        return self

    @property
    def offered(self) -> tuple[str, ...]:
        """The options."""
        return self.options

    @property
    def buttons(self) -> tuple[Button, ...]:
        """One for each option; the first nine have a digit as their key."""
        digits = [*map(str, range(1, 10)), *[""] * len(self.options)]
        pairs = zip(self.options, digits, strict=False)
        return tuple(Button(value=option, words=option, key=digit) for option, digit in pairs)

    def problem(self, text: str) -> Problem | None:
        """That it was not offered."""
        if text in self.options:
            return None
        return Problem(english=sentence("Please choose one of the answers."))

    def value(self, text: str) -> str:
        """As the study file words it."""
        return text

    def invented(self, rng: random.Random) -> str:
        """Any of the options."""
        return rng.choice(self.options)


def option_problems(options: Sequence[str]) -> list[str]:
    """What is wrong with the answers that are offered."""
    problems = [] if len(options) >= 2 else ["options: there must be two at least; add some"]
    duplicates = sorted({option for option in options if options.count(option) > 1})
    return problems + [f"options: {option!r} is there more than once" for option in duplicates]
