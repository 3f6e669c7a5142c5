"""Whether the AI is right: its answer accepted or rejected."""

import random
from typing import ClassVar, Literal

from stimuli.study.responses.base import Button, ClosedResponse, sentence


class Decision(ClosedResponse):
    """`kind = "decision"`, of trials alone: Yes accepts what the question names, No rejects it."""

    kind: Literal["decision"] = "decision"
    options: tuple[Literal["accept"], Literal["reject"]] = ("accept", "reject")

    ASKED_IN: ClassVar[str] = "trials"

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Yes and No, with the keys of their letters."""
        return (
            Button(value="accept", words=sentence("Yes"), key=sentence("Y")),
            Button(value="reject", words=sentence("No"), key=sentence("N")),
        )

    def invented(self, rng: random.Random) -> str:
        """Either."""
        return rng.choice(self.options)


KIND = Decision
