"""`[[attention]]`: checks that have a right answer, unlike the questions of `responses`.

They are of the only two kinds that Prolific accepts as a reason to reject somebody. Trials of the
validation are no such checks.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from stimuli.study.offline import Count, Facts, Name, Text
from stimuli.study.responses.base import option_problems

# Prolific lets nobody be rejected for one failed check where a study takes this long or longer.
LONG_MINUTES = 5
# How the middle of a scale is worded: an answer that is on no side is neither right nor wrong.
NEUTRAL = ("neither", "neutral", "not sure", "unsure", "undecided", "don't know", "do not know")


def _check_options(options: tuple[str, ...]) -> tuple[str, ...]:
    if problems := option_problems(options):
        raise ValueError("\n".join(problem.removeprefix("options: ") for problem in problems))
    return options


Options = Annotated[tuple[Text, ...], AfterValidator(_check_options)]


class Instructed(Facts):
    """`[[attention]]`, `kind = "instructed"`: the text itself says which option to choose.

    Attributes:
        after_trial: the trial that it follows, as pages count those of the test, from 1.
    """

    kind: Literal["instructed"]
    name: Name
    text: Text
    options: Options
    expected: Text
    after_trial: Count

    @model_validator(mode="after")
    def _tells_the_answer(self) -> Self:
        problems = []
        if self.expected not in self.options:
            problems.append(f"expected: {self.expected!r} is none of the options")
        if self.expected not in self.text:
            problems.append(
                f"text: does not say {self.expected!r}; an instructed check tells which option to "
                "choose, so that nobody needs to know anything"
            )
        if problems:
            raise ValueError("\n".join(f"{self.name}.{problem}" for problem in problems))
        return self

    def passed_by(self, answer: str) -> bool:
        """Whether an answer shows attention."""
        return answer == self.expected


class Nonsensical(Facts):
    """`[[attention]]`, `kind = "nonsensical"`: a statement that nobody can agree with.

    The options are a scale without a middle, and every answer on the right side of it passes.

    Attributes:
        expected: the right side: the first or the second half of the options.
        after_trial: the trial that it follows, as pages count those of the test, from 1.
    """

    kind: Literal["nonsensical"]
    name: Name
    text: Text
    options: Options
    expected: tuple[Text, ...]
    after_trial: Count

    @model_validator(mode="after")
    def _has_two_sides(self) -> Self:
        middle = len(self.options) // 2
        sides = [set(self.options[:middle]), set(self.options[middle:])]
        problems = [
            f"options: {option!r} is on neither side; remove it"
            for option in self.options
            if any(word in option.casefold() for word in NEUTRAL)
        ]
        if len(self.options) % 2:
            problems.append("options: their number must be even, so that none is in the middle")
        elif set(self.expected) not in sides:
            problems.append("expected: must be the first or the second half of the options")
        if problems:
            raise ValueError("\n".join(f"{self.name}.{problem}" for problem in problems))
        return self

    def passed_by(self, answer: str) -> bool:
        """Whether an answer shows attention."""
        return answer in self.expected


AttentionCheck = Annotated[Instructed | Nonsensical, Field(discriminator="kind")]


def least_failed(minutes: int) -> int:
    """How many attention checks somebody has to fail before Prolific accepts a rejection."""
    return 2 if minutes >= LONG_MINUTES else 1
