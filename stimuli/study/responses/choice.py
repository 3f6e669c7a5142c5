"""One of several answers."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stimuli.study.offline import Text
from stimuli.study.responses.base import ClosedResponse, option_problems


class Choice(ClosedResponse):
    """`kind = "choice"`: options in any order.

    Attributes:
        options: two at least; or "classes", in trials alone: names of classes, among them the true
            one and the AI's.
        n: how many names are offered of all that occur in the stimuli.
    """

    kind: Literal["choice"] = "choice"
    options: tuple[Text, ...] | Literal["classes"] = ()  # type: ignore[assignment]
    n: Annotated[int, Field(ge=2)] = 4

    @model_validator(mode="after")
    def _has_options(self) -> Self:
        problems = [] if self.names_classes else option_problems(self.options)
        if problems:
            raise ValueError("\n".join(f"{self.name}.{problem}" for problem in problems))
        return self

    @property
    def names_classes(self) -> bool:
        """Where the file says so instead of listing options."""
        return self.options == "classes"


KIND = Choice
