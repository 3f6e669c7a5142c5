"""A place in the photo."""

import random
import re
from typing import ClassVar, Literal

from stimuli.study.responses.base import Hint, Problem, Response, sentence

PLACE = re.compile(r"(0(\.\d{1,4})?|1(\.0{1,4})?) (0(\.\d{1,4})?|1(\.0{1,4})?)")

TYPED = sentence("Two numbers from 0 to 1, such as 0.25 0.7: how far across, and how far down.")


class Click(Response):
    """`kind = "click"`, of trials alone: shares of the photo's width and height, from top left."""

    kind: Literal["click"] = "click"

    MISSING: ClassVar[str] = sentence("Please mark a place in the photo.")
    ASKED_IN: ClassVar[str] = "trials"

    @property
    def offered(self) -> tuple[str, ...]:
        """None: any place may be marked."""
        return ()

    @property
    def hint(self) -> Hint:
        """How a place is written, for who can neither click nor move a mark."""
        return Hint(english=TYPED)

    def problem(self, text: str) -> Problem | None:
        """That it is no place in the photo."""
        return None if PLACE.fullmatch(text) else Problem(english=self.MISSING)

    def value(self, text: str) -> str:
        """Both shares, to three digits."""
        return " ".join(f"{float(share):.3f}" for share in text.split())

    def invented(self, rng: random.Random) -> str:
        """Any place."""
        return f"{rng.random():.3f} {rng.random():.3f}"


KIND = Click
