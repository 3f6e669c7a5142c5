"""Words of people's own."""

import random
from typing import ClassVar, Literal

from stimuli.study.responses.base import Hint, Problem, Response, sentence

MOST_LETTERS = 2000
REMARK = "A simulated remark."


class FreeText(Response):
    """`kind = "text"`.

    Attributes:
        MOST: letters of an answer.
    """

    kind: Literal["text"] = "text"

    MOST: ClassVar[int] = MOST_LETTERS
    MISSING: ClassVar[str] = sentence("Please write an answer.")
    IS_FREE: ClassVar[bool] = True

    @property
    def offered(self) -> tuple[str, ...]:
        """None: people write."""
        return ()

    @property
    def hint(self) -> Hint:
        """How long an answer may be."""
        return Hint(english=sentence("At most %(most)s characters."), facts={"most": self.MOST})

    def problem(self, text: str) -> Problem | None:
        """That it is too long."""
        if len(text) <= MOST_LETTERS:
            return None
        shorten = sentence("Please shorten this to %(most)s characters; it has %(now)s.")
        return Problem(english=shorten, facts={"most": MOST_LETTERS, "now": len(text)})

    def value(self, text: str) -> str:
        """As it was written."""
        return text

    def invented(self, rng: random.Random) -> str:
        """The same of everybody."""
        return REMARK


KIND = FreeText
