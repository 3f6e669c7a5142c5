"""A number that people type."""

import random
import re
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from stimuli.study.responses.base import Hint, Problem, Response, sentence

NUMBER = re.compile(r"[+-]?\d{1,12}([.,]\d{1,6})?")
OUTSIDE = {  # by the bounds that a question has
    ("low", "high"): sentence("Please enter a number from %(low)s up to %(high)s."),
    ("low",): sentence("Please enter a number from %(low)s."),
    ("high",): sentence("Please enter a number up to %(high)s."),
}
RANGES = {  # likewise
    ("low", "high"): sentence("From %(low)s to %(high)s."),
    ("low",): sentence("%(low)s or more."),
    ("high",): sentence("%(high)s or less."),
}


class Number(Response):
    """`kind = "number"`.

    Attributes:
        low: the least number allowed.
        high: the greatest number allowed.
    """

    kind: Literal["number"] = "number"
    low: float | None = None
    high: float | None = None

    MISSING: ClassVar[str] = sentence("Please enter a number.")
    MISPLACED: ClassVar[str] = "low, high: only numbers and sliders have them; remove them"

    @model_validator(mode="after")
    def _bounds_leave_room(self) -> Self:
        if self.low is not None and self.high is not None and self.low >= self.high:
            problem = f"low: {self.low:g} must be below high, which is {self.high:g}"
            raise ValueError(f"{self.name}.{problem}")
        return self

    @property
    def offered(self) -> tuple[str, ...]:
        """None: people type."""
        return ()

    @property
    def bounds(self) -> dict[str, float]:
        """Those that it has, by name."""
        bounds = {"low": self.low, "high": self.high}
        return {name: n for name, n in bounds.items() if n is not None}

    @property
    def hint(self) -> Hint | None:
        """Its bounds, if it has any."""
        bounds = self.bounds
        return Hint(english=RANGES[tuple(bounds)], facts=bounds) if bounds else None

    def problem(self, text: str) -> Problem | None:
        """That it is no number, or lies outside the bounds."""
        if not NUMBER.fullmatch(text):
            return Problem(english=sentence("Please enter a number in digits, such as 34."))
        number, low, high = Decimal(self.value(text)), self.low, self.high
        if (low is None or number >= low) and (high is None or number <= high):
            return None
        return Problem(english=OUTSIDE[tuple(self.bounds)], facts=self.bounds)

    def value(self, text: str) -> str:
        """With a point, whatever mark was typed, and without zeros that say nothing."""
        number = Decimal(text.replace(",", ".")) + 0  # which makes -0 a 0
        return f"{number.normalize():f}"

    def invented(self, rng: random.Random) -> str:
        """A whole number within the bounds."""
        low = 0 if self.low is None else self.low
        high = low + 100 if self.high is None else self.high
        return f"{round(rng.uniform(low, high)):d}"


KIND = Number
