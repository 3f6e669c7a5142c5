"""One of several answers that have an order, such as degrees of agreement."""

from typing import Literal

from stimuli.study.responses.base import ClosedResponse


class Scale(ClosedResponse):
    """`kind = "scale"`: options in their order, which pages show side by side.

    Scales that follow each other with the same options are the rows of one table.
    """

    kind: Literal["scale"] = "scale"

    @property
    def columns(self) -> tuple[str, ...]:
        """The options."""
        return self.options


KIND = Scale
