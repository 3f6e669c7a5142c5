"""Things in an order of people's own."""

import random
from typing import ClassVar, Literal

from stimuli.study.responses.base import ClosedResponse, Hint, Problem, sentence

BETWEEN = " | "  # in the answer as it is stored
TYPED = sentence("Type their numbers in your order, with a space between two, such as %(order)s.")


class Rank(ClosedResponse):
    """`kind = "rank"`: all options, the first place first. Nothing is in order before one moves.

    A form sends the places of the options in the study file, as "2 1 3"; stored are their words.
    """

    kind: Literal["rank"] = "rank"

    MISSING: ClassVar[str] = sentence("Please put these in your order.")

    @property
    def offered(self) -> tuple[()]:
        """None: there are too many orders."""
        return ()

    @property
    def buttons(self) -> tuple[()]:
        """None: an order takes more than one press."""
        return ()

    @property
    def hint(self) -> Hint:
        """How an order is written, for who cannot move the rows."""
        backwards = range(len(self.options), 0, -1)
        return Hint(english=TYPED, facts={"order": " ".join(map(str, backwards))})

    def problem(self, text: str) -> Problem | None:
        """That it is no order of all options, neither by their places nor in words."""
        places = [str(place) for place, _ in enumerate(self.options, 1)]
        is_order = sorted(text.split()) == sorted(places)
        is_worded = sorted(text.split(BETWEEN)) == sorted(self.options)
        return None if is_order or is_worded else Problem(english=self.MISSING)

    def value(self, text: str) -> str:
        """The options in that order, in words."""
        if sorted(text.split(BETWEEN)) == sorted(self.options):
            return text
        return BETWEEN.join(self.options[int(place) - 1] for place in text.split())

    def invented(self, rng: random.Random) -> str:
        """Any order, in words."""
        return BETWEEN.join(rng.sample(self.options, len(self.options)))


KIND = Rank
