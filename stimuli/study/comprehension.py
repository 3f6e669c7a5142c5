"""`[[comprehension]]`: whether the instructions were understood, asked after them with two chances.

Prolific lets a study end for whoever fails them twice, by asking for the submission back or paying
a fixed sum, and never lets it reject for that. They are of another type than attention checks, of
which alone grounds for a rejection are made.
"""

from typing import Self

from pydantic import model_validator

from stimuli.study.attention import Options
from stimuli.study.offline import Facts, Name, Text

CHANCES = 2


class ComprehensionCheck(Facts):
    """`[[comprehension]]`: a question on the instructions with one right answer.

    Attributes:
        expected: that of the options which the instructions say.
    """

    name: Name
    text: Text
    options: Options
    expected: Text

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if self.expected not in self.options:
            raise ValueError(f"{self.name}.expected: {self.expected!r} is none of the options")
        return self

    def passed_by(self, answer: str) -> bool:
        """Whether an answer is the right one."""
        return answer == self.expected
