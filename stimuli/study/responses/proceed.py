"""Nothing to answer: somebody looks, and goes on."""

import random
from typing import ClassVar, Literal

from stimuli.study.responses.base import Button, Problem, Response, sentence


class Continue(Response):
    """`kind = "continue"`, of trials alone."""

    kind: Literal["continue"] = "continue"

    MISSING: ClassVar[str] = sentence("Please press Continue.")
    ASKED_IN: ClassVar[str] = "trials"

    @property
    def offered(self) -> tuple[str, ...]:
        """To go on."""
        return ("continue",)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The one that goes on."""
        return (Button(value="continue", words=sentence("Continue"), key="enter"),)

    def problem(self, text: str) -> Problem | None:
        """That another button was meant."""
        return None if text in self.offered else Problem(english=self.MISSING)

    def value(self, text: str) -> str:
        """As it is."""
        return text

    def invented(self, rng: random.Random) -> str:
        """To go on."""
        return "continue"


KIND = Continue
