"""A number that people set on a line."""

import random
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from stimuli.study.offline import Text
from stimuli.study.responses.base import Hint, Problem, Response, sentence
from stimuli.study.responses.number import RANGES


class Slider(Response):
    """`kind = "slider"`: whole numbers. Nothing is set before somebody touches the line.

    Attributes:
        low: the number at its left end.
        high: the number at its right end.
        ends: what both mean, in words; the numbers where nothing is said.
    """

    kind: Literal["slider"] = "slider"
    low: int = 0
    high: int = 100
    ends: tuple[Text, Text] | None = None

    MISSING: ClassVar[str] = sentence("Please set the mark on the line.")
    MISPLACED: ClassVar[str] = "low, high, ends: a {kind} has none; remove them"

    @model_validator(mode="after")
    def _ends_differ(self) -> Self:
        if self.low >= self.high:
            problem = f"low: {self.low} must be below high, which is {self.high}"
            raise ValueError(f"{self.name}.{problem}")
        return self

    @property
    def offered(self) -> tuple[str, ...]:
        """None: there are too many."""
        return ()

    @property
    def hint(self) -> Hint:
        """Its bounds, which the line shows to eyes."""
        return Hint(english=RANGES["low", "high"], facts={"low": self.low, "high": self.high})

    def problem(self, text: str) -> Problem | None:
        """That it is no place on the line."""
        try:
            is_there = self.low <= int(text) <= self.high
        except ValueError:
            is_there = False
        return None if is_there else Problem(english=self.MISSING)

    def value(self, text: str) -> str:
        """The number in digits."""
        return str(int(text))

    def invented(self, rng: random.Random) -> str:
        """Any place on the line."""
        return str(rng.randint(self.low, self.high))


KIND = Slider
